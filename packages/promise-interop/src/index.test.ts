import { expect, test } from "vitest";
import * as exported from "./index.ts";

test("the package exports these", () => {
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
