/**
 * Runs the Promises/A+ suite over one class, in a process of its own: `run.ts <name of the class>`. Prints how many
 * tests passed, and what failed, as JSON.
 */
import suite from "promises-aplus-tests";
import { promises } from "../tower.ts";

// The suite rejects promises it handles much later.
process.on("unhandledRejection", () => {});

const PromiseClass = promises[process.argv[2]!]!;
const result = { passed: 0, failed: [] as string[] };

interface Runner {
  on(event: "pass" | "fail", listener: (test: { fullTitle(): string }, error: Error) => void): void;
}

class Count {
  constructor(runner: Runner) {
    runner.on("pass", () => void result.passed++);
    runner.on("fail", (test, error) => void result.failed.push(`${test.fullTitle()}: ${error.message}`));
  }
}

const adapter = {
  resolved: (value: unknown) => PromiseClass.resolve(value),
  rejected: (reason: unknown) => PromiseClass.reject(reason),
  deferred: () => PromiseClass.withResolvers(),
};

// Its own limit of 200 ms for each test is short for a machine that is busy.
suite(adapter, { reporter: Count, timeout: 10_000 }, () => {
  process.stdout.write(JSON.stringify(result));
  process.exit(0);
});
