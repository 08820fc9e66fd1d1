import { expect, test } from "vitest";
import * as exported from "./index.ts";
import * as waitingExports from "./waiting.ts";

test("@tsyncio/future exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "CancelledError",
    "Future",
    "InvalidStateError",
    "futureAddToAwaitedBy",
    "futureDiscardFromAwaitedBy",
    "isFuture",
  ]);
});

test("@tsyncio/future/waiting exports these names", () => {
  expect(Object.keys(waitingExports).sort()).toEqual([
    "UnretrievedFailure",
    "addCombiner",
    "announceSteps",
    "awaiting",
    "combinersOf",
    "discardCombiner",
    "handedOn",
    "handsOn",
    "showResult",
    "stepBrand",
    "suspended",
    "toCancelledError",
  ]);
});
