import { expect, test } from "vitest";
import * as exported from "./index.ts";
import * as protocolExports from "./protocol.ts";

test("@tsyncio/coroutine exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "Coroutine",
    "CoroutineRunningError",
    "GeneratorExit",
    "coroutine",
    "fromAsync",
    "fromAsyncIterable",
    "fromCallback",
    "fromNodeCallback",
    "isCoroutine",
  ]);
});

test("@tsyncio/coroutine/protocol exports these names", () => {
  expect(Object.keys(protocolExports).sort()).toEqual([
    "Frameless",
    "GeneratorCoroutine",
    "Leaf",
    "badYield",
    "checkpoint",
    "created",
    "delegateTo",
    "failure",
    "isGenerator",
    "isResumable",
    "remedy",
    "resume",
    "stackOf",
    "takeError",
    "throwInto",
    "toCoroutine",
  ]);
});
