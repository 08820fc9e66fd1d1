import { afterAll, beforeAll, expect, it } from "vitest";
import { Comparison, programs } from "./compare.ts";
import { type Coverage, coverage, showCoverage } from "./coverage.ts";
import { operations } from "./language/operations.ts";
import { profiles } from "./language/profiles.ts";

let comparison: Comparison;
let reached: Coverage;
beforeAll(async () => {
  comparison = await Comparison.start();
  const names = Object.keys(profiles);
  reached = await coverage(comparison, programs(10_001, names.length * 60, names));
}, 240_000);
afterAll(() => comparison.stop());

it("every operation is carried out by some program", () => {
  // What writes no line of its own is seen by what is inside it.
  const silent = new Set(["repeat", "if done", "raise", "return", "condition hold and notify"]);
  const missing = [...operations.keys()].filter((name) => !reached.has(name) && !silent.has(name));
  expect(missing).toEqual([]);
});

it.each([
  ["await future", ["", "CancelledError", "Boom"]],
  ["await task", ["", "CancelledError", "Boom", "RuntimeError"]],
  ["call coroutine", ["", "CancelledError", "Boom"]],
  ["sleep", ["", "CancelledError"]],
  ["gather", ["", "CancelledError", "Boom"]],
  ["wait", ["", "CancelledError", "ValueError"]],
  ["wait for", ["", "CancelledError", "TimeoutError", "Boom"]],
  ["as completed", ["", "TimeoutError", "Boom"]],
  ["as completed futures", ["", "TimeoutError", "Boom"]],
  ["reset variable", ["", "ValueError", "RuntimeError"]],
  ["run in context", ["", "RuntimeError"]],
  ["shield", ["", "CancelledError", "Boom"]],
  ["timeout", ["TimeoutError"]],
  ["reschedule", ["", "RuntimeError"]],
  ["task group", ["ExceptionGroup"]],
  ["group task", ["", "RuntimeError"]],
  ["lock acquire", ["", "CancelledError"]],
  ["lock acquire within", ["", "CancelledError", "TimeoutError"]],
  ["lock release", ["", "RuntimeError"]],
  ["event wait", ["", "CancelledError"]],
  ["condition wait", ["", "CancelledError", "RuntimeError"]],
  ["condition wait within", ["", "TimeoutError"]],
  ["semaphore acquire", ["", "CancelledError"]],
  ["semaphore release", ["", "ValueError"]],
  ["barrier wait", ["", "CancelledError", "BrokenBarrierError"]],
  ["queue get", ["", "CancelledError", "QueueShutDown"]],
  ["queue put", ["", "CancelledError", "QueueShutDown"]],
  ["queue get_nowait", ["", "QueueEmpty"]],
  ["queue put_nowait", ["", "QueueFull"]],
  ["queue join", ["", "CancelledError"]],
  ["queue task_done", ["", "ValueError"]],
])("%s ends in each of these ways: %j", (name, ways) => {
  const found = reached.get(name);
  expect(ways.filter((way) => !found?.has(way))).toEqual([]);
});

it("is shown as a table", () => {
  expect(showCoverage(reached)).toMatch(/^queue get_nowait +(QueueEmpty|value) \d+/m);
});
