import { expect, test } from "vitest";
import * as exported from "./index.ts";
import * as registryExports from "./registry.ts";

test("@tsyncio/context exports these names", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "Context",
    "ContextVar",
    "LookupError",
    "RuntimeError",
    "Token",
    "copyContext",
  ]);
});

test("@tsyncio/context/registry exports these names", () => {
  expect(Object.keys(registryExports).sort()).toEqual([
    "captureContext",
    "commonContext",
    "currentContext",
    "enterCommon",
    "enterContext",
    "leaveCommon",
    "leaveContext",
    "registry",
    "watchCoroutines",
    "watchPermits",
  ]);
});
