import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isAlive } from "./processes.ts";
import { runStage, type Stage, tailOf } from "./stage.ts";

const directory = mkdtempSync(join(tmpdir(), "tsyncio-check-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A stage that runs a piece of JavaScript in a Node of its own. */
function stageOf(source: string, limitSeconds = 60): Stage {
  return { name: "it", command: [process.execPath, "-e", source], limitSeconds };
}

const logFile = join(directory, "it.log");
const surroundings = { directory, logFile };

test("a stage that exits with 0 passes, and its output is in the log", async () => {
  const result = await runStage(stageOf("console.log('out'); console.error('err')"), surroundings);
  expect(result).toMatchObject({ name: "it", passed: true, reason: "" });
  expect(tailOf(logFile, 10).split("\n").sort()).toEqual(["err", "out"]);
});

test("a stage that exits with another code fails and says which", async () => {
  const result = await runStage(stageOf("process.exit(3)"), surroundings);
  expect(result).toMatchObject({ passed: false, reason: "ended with exit code 3" });
});

test("a stage whose command does not exist fails", async () => {
  const result = await runStage({ name: "it", command: ["/no/such/program"], limitSeconds: 60 }, surroundings);
  expect(result).toMatchObject({ passed: false, reason: "could not be started: spawn /no/such/program ENOENT" });
});

test("a stage in an endless loop that ignores signals is killed at its limit", async () => {
  const result = await runStage(stageOf("process.on('SIGTERM', () => {}); for (;;);", 0.5), surroundings);
  expect(result).toMatchObject({ passed: false, reason: "did not finish within 0.5 s" });
});

test("an interrupted stage is killed and fails", async () => {
  const interrupted = new AbortController();
  interrupted.abort();
  const result = await runStage(stageOf("for (;;);"), { ...surroundings, signal: interrupted.signal });
  expect(result).toMatchObject({ passed: false, reason: "was interrupted" });
});

/** Starts a process that holds stdout open and never ends, prints its id, and exits. */
const leavingOrphan = (detached: boolean): string => `
  const { spawn } = require("node:child_process");
  const orphan = spawn(process.execPath, ["-e", "for (;;);"], { detached: ${detached}, stdio: "inherit" });
  console.log(orphan.pid);
  orphan.unref();
  process.exit(0);`;

test("what a stage leaves behind is killed, in its process group and outside of it", async () => {
  for (const detached of [false, true]) {
    const result = await runStage(stageOf(leavingOrphan(detached)), surroundings);
    expect(result).toMatchObject({ passed: true });
    const orphan = Number(tailOf(logFile, 1));
    expect(orphan).toBeGreaterThan(0);
    await expect.poll(() => isAlive(orphan), { timeout: 10_000, interval: 5 }).toBe(false);
  }
});
