import { expect, test } from "vitest";
import { metadataOf } from "./metadata.ts";

test("reads lists on one line", () => {
  const { includes, flags, negative } = metadataOf(`// A comment.
/*---
description: includes: [no.js]
includes: [compareArray.js, promiseHelper.js]
flags: [async,noStrict]
features: [Symbol]
---*/
flags: [onlyStrict]`);
  expect(includes).toEqual(["compareArray.js", "promiseHelper.js"]);
  expect([...flags]).toEqual(["async", "noStrict"]);
  expect(negative).toBe(null);
});

test("reads lists of one item a line, and what a test must end with", () => {
  const { includes, flags, negative } = metadataOf(`/*---
info: |
  flags: [raw]
includes:
  - compareArray.js
  - promiseHelper.js
flags: []
negative:
  phase: parse
  type: SyntaxError
---*/`);
  expect(includes).toEqual(["compareArray.js", "promiseHelper.js"]);
  expect([...flags]).toEqual([]);
  expect(negative).toBe("SyntaxError");
});

test("a test may say nothing of itself", () => {
  expect(metadataOf("1 + 1;")).toEqual({ includes: [], flags: new Set(), negative: null });
});
