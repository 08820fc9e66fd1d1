import { expect, test } from "vitest";
import * as exported from "./index.ts";

test("@tsyncio/promise-interop exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "FuturePromise",
    "PromiseFuture",
    "abortSignalOf",
    "cancelOnAbort",
    "fromPromise",
    "futureFromPromise",
    "promiseFromFuture",
    "toPromise",
  ]);
});
