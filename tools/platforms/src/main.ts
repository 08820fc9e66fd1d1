/** Proves the packages on every platform, and writes the table of what was found. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { ensure, type RuntimeName, runtimeNames } from "../../runtimes/runtimes.mjs";
import { chromiumBinary } from "./chromium.ts";
import { outcomeOf } from "./outcome.ts";
import { inChromium } from "./page.ts";
import type { Findings } from "./program.ts";
import { runsInBrowsers, testFiles } from "./reach.ts";
import { cell, type Row, type Tally, table } from "./table.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const here = join(root, "tools/platforms");
const reports = join(here, ".reports");
const all = [...runtimeNames, "chromium"] as const;

const usage = `usage: pnpm platforms [platform…] [--ci] [--write] [--no-build]

  platforms: ${all.join(" ")} (default: all)
  --ci        node20, node24 and chromium: what the checks run
  --write     write docs/platforms.md
  --no-build  trust that the packages are built`;

function command(name: RuntimeName, binary: string, ...args: string[]): [string, ...string[]] {
  if (name === "deno") return [binary, "run", "-A", ...args];
  if (name === "bun") return [binary, "--bun", ...args];
  return [binary, ...args];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Of what vitest's JSON reporter wrote: what came of these files. A file that was not run is a failure. */
function tallyOf({ testResults }: Report, files: readonly string[]): Tally {
  const failed: string[] = [];
  let passed = 0;
  const results = new Map(testResults.map((result) => [result.name, result]));
  for (const file of files) {
    const { assertionResults = [], message = "" } = results.get(file) ?? {};
    if (assertionResults.length === 0) failed.push(`${relative(root, file)}: ${message.split("\n")[0] || "not run"}`);
    for (const { status, fullName } of assertionResults) {
      if (status === "passed") passed++;
      else failed.push(`${relative(root, file)}: ${fullName} (${status})`);
    }
  }
  return { passed, failed };
}

interface Suites {
  readonly suites: Tally;
  readonly internals: Tally;
}

/** Runs the packages' suites: those that reach no further than users do on what is built, the others on the sources. */
async function runSuites(name: string, command: readonly string[], limitSeconds: number): Promise<Suites> {
  const file = join(reports, `suites-${name}.json`);
  rmSync(file, { force: true });
  const vitest = ["run", "--config", join(here, name === "chromium" ? "browser.config.ts" : "suites.config.ts")];
  const reporter = ["--reporter=json", `--outputFile=${file}`];
  const line = [...command, ...vitest, ...reporter] as [string, ...string[]];
  const { code, late, stderr, stdout } = await outcomeOf(line, { cwd: root, limitSeconds });
  const why = late
    ? `did not end within ${limitSeconds} s`
    : `ended with ${code}: ${(stderr || stdout).trim().slice(-500)}`;
  if (!existsSync(file)) return { suites: { passed: 0, failed: [why] }, internals: { passed: 0, failed: [why] } };
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  const { ofPublic, ofInternals } = testFiles(root, name === "chromium" ? runsInBrowsers : undefined);
  const suites = tallyOf(report, ofPublic);
  // Something that no test owns, an error nobody caught for instance, must not pass.
  const unowned =
    late || (code !== 0 && report.testResults.every(({ assertionResults }) => assertionResults.length > 0));
  const internals = tallyOf(report, ofInternals);
  const named = suites.failed.length + internals.failed.length > 0;
  return { suites: unowned && !named ? { ...suites, failed: [why] } : suites, internals };
}

const vitest = join(root, "node_modules/vitest/vitest.mjs");

async function onRuntime(name: RuntimeName, program: string): Promise<Row> {
  const binary = ensure([name])[name];
  const version = spawnSync(binary, ["--version"], { encoding: "utf8", timeout: 20_000 }).stdout.match(
    /\d+\.\d+\.\d+/,
  )?.[0];
  const suites = await runSuites(name, command(name, binary, vitest), 600);
  const typescript = name === "deno" || name === "bun" ? [] : ["--import", "tsx"];
  const tour = await outcomeOf(command(name, binary, ...typescript, join(root, "apps/tour/src/main.ts")), {
    cwd: here,
    limitSeconds: 120,
  });
  const found = await outcomeOf(command(name, binary, program), { cwd: here, limitSeconds: 120 });
  const failed = (why: string): Tally => ({ passed: 0, failed: [why] });
  const why = found.late ? "did not end" : found.stderr.trim().slice(-500) || `ended with ${found.code}`;
  const findings: Findings | null = found.code === 0 ? (JSON.parse(found.stdout) as Findings) : null;
  return {
    platform: name,
    version: version ?? "?",
    ...suites,
    tour:
      tour.code === 0
        ? { passed: 1, failed: [] }
        : failed(`ended with ${tour.code}: ${tour.stderr.trim().slice(-500)}`),
    traces: findings?.traces ?? failed(why),
    host: findings?.proofs ?? failed(why),
    worker: findings?.worker ?? failed(why),
    background: null,
  };
}

async function onChromium(program: string): Promise<Row> {
  const { version, findings, background } = await inChromium(program);
  return {
    platform: "chromium",
    version,
    ...(await runSuites("chromium", [process.execPath, vitest], 400)),
    tour: null,
    traces: findings.traces,
    host: findings.proofs,
    worker: findings.worker ?? null,
    background,
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ci: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  for (const name of positionals) {
    if (!(all as readonly string[]).includes(name)) throw new Error(`There is no platform "${name}".\n${usage}`);
  }
  const chosen = values.ci ? ["node20", "node24", "chromium"] : positionals.length > 0 ? positionals : all;
  // Before anything else is done: without it all the rest would be in vain.
  if (chosen.includes("chromium")) chromiumBinary();
  // turbo looks for pnpm there.
  process.env.PATH = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  mkdirSync(reports, { recursive: true });
  if (!values["no-build"]) {
    const turbo = join(root, "node_modules/.bin/turbo");
    const { code, stdout, stderr } = await outcomeOf(
      [turbo, "run", "build", "--filter=./packages/*", "--output-logs=errors-only"],
      { cwd: root, limitSeconds: 600 },
    );
    if (code !== 0) throw new Error(`The packages could not be built.\n${stdout}${stderr}`);
  }
  const program = join(here, "dist/program.mjs");
  await build({
    entryPoints: [join(here, "src/program.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    logLevel: "error",
  });
  const rows: Row[] = [];
  for (const name of chosen) {
    console.error(`… ${name}`);
    const row = name === "chromium" ? await onChromium(program) : await onRuntime(name as RuntimeName, program);
    rows.push(row);
    console.error(
      `  ${[row.suites, row.internals, row.tour, row.traces, row.host, row.worker, row.background].map(cell).join(" | ")}`,
    );
  }
  console.log(table(rows));
  const failures = rows.flatMap((row) =>
    (["suites", "internals", "tour", "traces", "host", "worker", "background"] as const).flatMap((what) =>
      (row[what]?.failed ?? []).map((failure) => `${row.platform}, ${what}: ${failure}`),
    ),
  );
  for (const failure of failures) console.log(`failed: ${failure}`);
  if (values.write) writeFileSync(join(root, "docs/platforms.md"), document(rows, failures));
  if (failures.length > 0) process.exitCode = 1;
}

function document(rows: readonly Row[], failures: readonly string[]): string {
  return `${[
    "# Platforms",
    "This page is written by `pnpm platforms --write`. The figures are how many passed, of how many.",
    table(rows),
    "**Suites** are the built packages' own tests, run by vitest under that runtime, which itself loads what is built. **Internals** are the tests of modules that no user can reach, and of what a module does when it is loaded: they run on the sources. In Chromium both lack the files that need Node's modules, a module loaded a second time or a thread that may block. The **tour** runs on the built packages. **Traces** are programs replayed on the built packages, their output compared with the one CPython 3.14 gave for them; each runs in two styles. **Host** is what the default host promises: that the platform's timers, messages, I/O, promises and (in a page) rendering go on while tasks never leave the loop idle, that sleeps are in order and never early, that a loop wakes for what the platform publishes, and that a loop may block only where a thread may. **Worker** is the same in a worker of the platform, **background** in a tab behind another: hidden all the time, with timers that fire once a second and no frame drawn.",
    "Older versions of Node lack `Promise.try` and `Promise.withResolvers`, so there the tests that compare ours with the platform's own are fewer. Bun takes no notice of \"use strict\" in a function of a CommonJS file: two of the 872 tests of Promises/A+ cannot pass there, with its own promise neither, and the suite says so. Three tests must fail for Bun's own promise, which departs from the specification there; ours passes them.",
    ...(failures.length === 0
      ? []
      : ["## What failed", failures.map((failure) => `- ${failure.split("\n")[0]}`).join("\n")]),
  ].join("\n\n")}\n`;
}

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
