import { expect, test } from "vitest";
import * as fastCheckExports from "./fast-check.ts";
import * as exported from "./index.ts";
import * as vitestExports from "./vitest.ts";

test("@tsyncio/testing exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "CancellationFailure",
    "DeadlockError",
    "Guard",
    "NondeterministicProgramError",
    "ReplayError",
    "ScheduleFailure",
    "VirtualTimeError",
    "cancelEverywhere",
    "explainDeadlocks",
    "explore",
    "runVirtual",
    "virtualHost",
  ]);
});

test("@tsyncio/testing/vitest exports these names", () => {
  expect(Object.keys(vitestExports).sort()).toEqual(["allowLeftovers"]);
});

test("@tsyncio/testing/fast-check exports these names", () => {
  expect(Object.keys(fastCheckExports).sort()).toEqual(["Schedule", "runUnder", "schedules"]);
});
