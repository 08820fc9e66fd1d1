/** The benchmarks' command line. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensure, runtimeNames } from "../../runtimes/runtimes.mjs";
import {
  buildPackages,
  compilePrograms,
  compileState,
  programs,
  reducedStates,
  root,
  type StatePrograms,
} from "./build.ts";
import { type Case, caseNamed, cases } from "./cases.ts";
import { chart } from "./chart.ts";
import { compareStates, line } from "./compare.ts";
import { type Contender, contenderNamed } from "./contenders.ts";
import { countLine, countStates, requireValgrind, uncountable } from "./instructions.ts";
import { measureLoad } from "./load.ts";
import {
  commandOf,
  comparing,
  cpython,
  type Effort,
  entrants,
  measureAll,
  output,
  quick,
  thorough,
} from "./measure.ts";
import { profileOf, type Share, shareTable } from "./profile.ts";
import {
  barTable,
  baseline,
  between,
  casesNotReached,
  costTable,
  document,
  loadTable,
  ours,
  type Report,
  shortTable,
} from "./report.ts";

const usage = `usage: pnpm bench [case…] [options]

  --node <binary | node20 | node24 | …>   measure under another Node (names are installed on demand)
  --only <contender>                      measure only these (may be repeated); "tsyncio" and "native" are always there
  --against <git reference | folder>      compare the packages' sources with another state of them; with
                                          ${reducedStates.join(", ")}: with what they are without that
  --of <git reference | folder>           with --against: compare this state, not the working tree
  --instructions                          with --against: count instructions, by valgrind, and not processor time: tells
                                          what is less than 1 %; three rounds, each under other conditions
  --rounds <n>                            how often each contender is measured (3; 15 with --against; 1 with --quick)
  --profile                               where the time of the named cases goes, by function; with --only <contender> that
                                          one's time
  --quick                                 one round, small sizes: a glance, not a result
  --write                                 write docs/benchmarks.md, its figures and chart, and the README's table
  --source                                measure the sources, not what is built of them: quick to begin
  --list                                  list the cases

The cases: ${cases.map((task) => task.name).join(" ")}`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      node: { type: "string" },
      only: { type: "string", multiple: true },
      against: { type: "string" },
      of: { type: "string" },
      instructions: { type: "boolean", default: false },
      rounds: { type: "string" },
      profile: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      source: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.list) return console.log(cases.map((task) => `${task.name.padEnd(20)}${task.title}`).join("\n"));
  const fromSource = values.source || values.against !== undefined;
  if (values.write && (fromSource || positionals.length > 0)) {
    throw new Error("--write takes the measurement of all cases as they are built: name no cases, and no --source.");
  }
  const tasks = positionals.length === 0 ? cases : positionals.map(caseNamed);
  const named = values.node ?? process.execPath;
  const node = (runtimeNames as readonly string[]).includes(named) ? ensure([named])[named]! : named;
  const effort = effortOf(values);

  if (values.instructions) {
    if (values.against === undefined) throw new Error("--instructions compares with another state: add --against.");
    const reason = tasks.map(uncountable).find((reason) => reason !== null);
    if (reason !== undefined) throw new Error(reason);
    requireValgrind();
  }
  if (values.against !== undefined) {
    return withStates(values.of ?? root, values.against, (now, before) =>
      values.instructions
        ? countStates(tasks, node, now, before, effort.rounds, console.error, (counted) =>
            console.log(countLine(counted)),
          )
        : compare(tasks, node, now, before, values.against!, effort),
    );
  }
  if (!values.source) buildPackages();
  await compilePrograms(programs, values.source ? root : undefined);
  if (values.profile) return profile(tasks, contenderNamed(values.only?.[0] ?? ours), node, effort);

  const python = await cpython(programs);
  if (python === null) console.error("There is no python3 here: CPython's asyncio does not take part.");
  const wanted = values.only && new Set([...values.only, ours, baseline]);
  const all = [...(await entrants(node, programs)), ...(python === null ? [] : [python])].filter(
    (one) => wanted?.has(one.name) ?? true,
  );
  const { results, failures } = await measureAll(tasks, all, effort, baseline, (line) => console.error(line));
  const measured: Report = {
    node: (await output([node, "--version"], 10_000)).trim().slice(1),
    platform: `${platform()} ${arch()}, ${cpus().length} processors`,
    versions: versions(python?.version),
    rounds: effort.rounds,
    results,
    loads: positionals.length === 0 ? await measureLoad(node, effort.rounds) : [],
    failures,
  };
  const report = values.write ? { ...measured, profiles: await profiles(measured, node, effort) } : measured;
  console.log(`\nNode ${report.node}\n\n${costTable(report)}`);
  if (report.loads.length > 0) console.log(`\n${loadTable(report)}\n\n${barTable(report)}`);
  for (const failure of failures) console.error(`did not finish: ${failure}`);
  mkdirSync(join(root, "tools/bench/.reports"), { recursive: true });
  writeFileSync(join(root, "tools/bench/.reports/last.json"), `${JSON.stringify(report, null, 2)}\n`);
  if (values.write) await write(report);
  if (failures.some((failure) => failure.startsWith(`${ours},`))) process.exitCode = 1;
}

function effortOf(values: { quick: boolean; instructions: boolean; against?: string; rounds?: string }): Effort {
  const { quick: isQuick, instructions, against, rounds } = values;
  const effort = isQuick ? quick : against === undefined || instructions ? thorough : comparing;
  if (rounds === undefined) return effort;
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds is how often each is measured, not "${rounds}".`);
  return { ...effort, rounds: Number(rounds) };
}

/** Prints where the time of each case goes. */
async function profile(tasks: readonly Case[], contender: Contender, node: string, effort: Effort): Promise<void> {
  for (const task of tasks) {
    const all = await profileOf(task, { command: commandOf(contender, node, programs) }, effort);
    console.log(`${task.name}, ${contender}: ${task.title}\n\n${shareTable(all)}\n`);
  }
}

/** Where our time goes in the cases that do not reach their bars. */
async function profiles(report: Report, node: string, effort: Effort): Promise<Record<string, Share[]>> {
  const found: Record<string, Share[]> = {};
  for (const name of casesNotReached(report)) {
    found[name] = (await profileOf(caseNamed(name), { command: commandOf(ours, node, programs) }, effort)).slice(0, 12);
  }
  return found;
}

/** Compares two states of the sources, and prints a line for each case. */
function compare(tasks: readonly Case[], node: string, now: string, before: string, name: string, effort: Effort) {
  const [mine, theirs] = [now, before].map((programs) => ({ command: commandOf(ours, node, programs) }));
  return compareStates(tasks, mine!, theirs!, effort, (compared) => console.log(line(compared, name)));
}

/** Compiles the measuring programs with two states of the sources, and gives their folders to `body`. */
async function withStates(now: string, before: string, body: (now: string, before: string) => Promise<void>) {
  const states: StatePrograms[] = [];
  const compiled = async (state: string) => {
    const compiled = await compileState(state);
    states.push(compiled);
    return compiled.programs;
  };
  try {
    await body(await compiled(now), await compiled(before));
  } finally {
    for (const state of states) state.remove();
  }
}

/** The versions of what takes part. */
function versions(python: string | undefined): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(root, "tools/bench/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const libraries = ["effect", "effection", "bluebird", "core-js-pure", "p-limit", "async-mutex"];
  return {
    ...Object.fromEntries(libraries.map((name) => [name, dependencies[name]!])),
    ...(python === undefined ? {} : { "CPython asyncio": python }),
  };
}

/** Writes the figures, then the page and the README's table from all figures there are. */
async function write(report: Report): Promise<void> {
  const folder = join(root, "docs/benchmarks");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `node-${report.node.split(".")[0]}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const reports = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Report)
    .sort((a, b) => b.results.length - a.results.length);
  writeFileSync(join(folder, "chart.svg"), await chart(reports[0]!));
  writeFileSync(join(root, "docs/benchmarks.md"), document(reports));
  const readme = join(root, "README.md");
  writeFileSync(readme, between(readFileSync(readme, "utf8"), shortTable(reports[0]!)));
  spawnSync(join(root, "node_modules/.bin/biome"), ["format", "--write", folder], {
    cwd: root,
    stdio: "ignore",
    timeout: 60_000,
  });
}

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
