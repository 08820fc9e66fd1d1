/** The command line of ECMAScript's test-suite. */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { ensure, runtimeNames } from "../../runtimes/runtimes.mjs";
import { Checkout } from "./checkout.ts";
import { compare } from "./report.ts";
import { Programs, type Verdicts } from "./suite.ts";

const usage = `usage: pnpm test262 <checkout of test262> [folder or file below its test/]… [options]

  --node <binary | node20 | node26 | …>   run under another Node (names are installed on demand)
  --storey <n>                            the promise of that storey of the tower (may be repeated); default 1

What is run when nothing is named is built-ins/Promise. Exit code 1 when ours fails a test that the native promise
passes, 2 on bad usage.`;

const limitMs = 300_000;

const names: Readonly<Record<string, string>> = { 1: "FuturePromise" };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      node: { type: "string", default: process.execPath },
      storey: { type: "string", multiple: true, default: ["1"] },
      help: { type: "boolean", default: false },
    },
  });
  const [folder, ...parts] = positionals.filter((argument) => argument !== "--");
  if (values.help) return console.log(usage);
  if (folder === undefined) throw new Error(`Where is the test-suite?\n${usage}`);
  const storeys = values.storey.map(Number);
  if (!storeys.every((storey) => Number.isInteger(storey) && storey > 0 && storey % 2 === 1)) {
    throw new Error(`Promises are the odd storeys: 1, 3, 5, …; not ${values.storey.join(", ")}.`);
  }
  if (parts.length === 0) parts.push("built-ins/Promise");
  const checkout = new Checkout(folder);
  for (const part of parts) checkout.tests(part);

  const node = (runtimeNames as readonly string[]).includes(values.node)
    ? ensure([values.node])[values.node]!
    : values.node;
  const version = execFileSync(node, ["--version"], { encoding: "utf8", timeout: 10_000 }).trim().slice(1);
  const programs = await Programs.compile();
  try {
    const run = (promises: "native" | number) => programs.run({ folder, parts, node, promises, limitMs });
    const native = await run("native");
    const ours = new Map<string, Verdicts>();
    for (const storey of storeys) {
      ours.set(names[storey] ?? `the promise of storey ${storey}`, await run(storey));
    }
    const { lines, behind } = compare(native, ours, `the native promise of Node ${version}`);
    for (const line of lines) console.log(line);
    if (behind.length > 0) process.exitCode = 1;
  } finally {
    programs.remove();
  }
}

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
