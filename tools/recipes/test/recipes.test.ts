import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const limitMs = 100_000;

/** Runs a program to its end, or ends it; gives how it ended and all that it wrote. */
function runNode(...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: here,
    encoding: "utf8",
    timeout: limitMs,
    killSignal: "SIGKILL",
    env: { ...process.env, CI: "1", NO_COLOR: "1", NODE_OPTIONS: "", VITEST: undefined, NODE_V8_COVERAGE: undefined },
  });
  return { status, output: `${stdout}${stderr}` };
}

function program(packageName: string, path: string): string {
  return join(dirname(require.resolve(`${packageName}/package.json`)), path);
}

const sources = ["--conditions=@tsyncio/source", "--import", "tsx"];

test("vitest", () => {
  const { status, output } = runNode(program("vitest", "vitest.mjs"), "run", "--root", "vitest");
  expect(output).toMatch(/Tests +4 passed \(4\)/);
  expect(status).toBe(0);
});

test("vitest: the guards fail a test for what it leaves behind", () => {
  const { status, output } = runNode(program("vitest", "vitest.mjs"), "run", "--root", "leaky");
  expect(output).toMatch(/Tests +5 failed \(5\)/);
  for (const words of [
    'a task is left: <Task pending name="forgotten"',
    "a timer is left: <TimerHandle",
    "Future exception was never retrieved: Error: nobody looks",
    "a coroutine was never awaited: <Coroutine created forgotten()>",
    "a cancellation was swallowed by Task-",
  ]) {
    expect(output).toContain(words);
  }
  expect(status).toBe(1);
});

test("jest", () => {
  const { status, output } = runNode(
    program("jest", "bin/jest.js"),
    "--config",
    "jest/jest.config.cjs",
    "--runInBand",
    "--no-cache",
  );
  expect(output).toMatch(/Tests: +2 passed, 2 total/);
  expect(status).toBe(0);
});

test("node:test", () => {
  const { status, output } = runNode(...sources, "--test", "node-test/retry.recipe.ts");
  expect(output).toMatch(/pass 2/);
  expect(output).toMatch(/fail 0/);
  expect(status).toBe(0);
});

test("Node does not end without a word when everybody waits", () => {
  const { status, output } = runNode(...sources, "node-test/deadlock.ts");
  expect(output).toContain("DeadlockError: nothing is ready, no timer is set, and 3 tasks wait");
  expect(output).toContain("They wait in a circle: a to b -> b to a -> a to b");
  expect(status).toBe(1);
});
