import { expect, test } from "vitest";
import * as exported from "./index.ts";
import * as jobExports from "./job.ts";

test("@tsyncio/loop exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "EventLoop",
    "Handle",
    "LoopClosedError",
    "TimerHandle",
    "blockingHost",
    "defaultHost",
    "getEventLoop",
    "getRunningLoop",
    "setEventLoop",
  ]);
});

test("@tsyncio/loop/job exports these names", () => {
  expect(Object.keys(jobExports).sort()).toEqual([]);
});
