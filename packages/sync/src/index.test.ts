import { expect, test } from "vitest";
import * as exported from "./index.ts";
import * as waitQueueExports from "./waiting.ts";

test("@tsyncio/sync exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Condition",
    "Event",
    "Lock",
    "Semaphore",
  ]);
});

test("@tsyncio/sync/wait-queue exports these names", () => {
  expect(Object.keys(waitQueueExports).sort()).toEqual(["LoopBound", "WaitInQueue", "WaitQueue", "Waiter", "mustWait"]);
});
