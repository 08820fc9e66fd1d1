import { expect, it } from "vitest";
import * as sync from "./index.ts";
import * as waiting from "./wait-queue.ts";

it("exports what it documents, and nothing else", () => {
  expect(Object.keys(sync).sort()).toEqual([
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Condition",
    "Event",
    "Lock",
    "Semaphore",
  ]);
  expect(Object.keys(waiting).sort()).toEqual(["Finished", "ImmediateCoroutine", "LoopBound", "WaitQueue", "Waiter"]);
});
