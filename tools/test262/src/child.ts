/** Runs tests, and prints for each a line of JSON: its name and why it failed, or null. */
import { readFileSync } from "node:fs";
import { Checkout } from "./checkout.ts";
import { Realms } from "./realm.ts";
import { runTest } from "./run-test.ts";

const [folder, library, promises, ...parts] = process.argv.slice(2) as [string, string, string, ...string[]];
const checkout = new Checkout(folder);
const storey = promises === "native" ? null : Number(promises);
const realms = new Realms(
  storey === null ? { native: true } : { native: false, storey },
  readFileSync(library, "utf8"),
);

// Tests reject promises and leave them alone.
process.on("unhandledRejection", () => {});

for (const test of parts.flatMap((part) => checkout.tests(part))) {
  const problem = await runTest(checkout, test, realms);
  process.stdout.write(`${JSON.stringify([test, problem])}\n`);
}
process.exitCode = 0;
