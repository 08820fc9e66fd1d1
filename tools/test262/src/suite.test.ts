import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";
import { compare } from "./report.ts";
import { Programs } from "./suite.ts";

/** A test-suite in the shape of ECMAScript's. */
const files = {
  "harness/assert.js": `function assert(truth, message) { if (truth !== true) throw new Test262Error(message); }`,
  "harness/sta.js": `function Test262Error(message) { this.message = message; }`,
  "harness/doneprintHandle.js": `
    function $DONE(error) {
      if (error) print("Test262:AsyncTestFailure:" + error.name + ": " + error.message);
      else print("Test262:AsyncTestComplete");
    }`,
  "harness/three.js": "var three = 3;",
  "test/pass/realm.js": `
    assert(Object.getPrototypeOf(Promise) === Function.prototype, "of another realm");
    try { Promise(); } catch (error) { assert(error instanceof TypeError, "an error of another realm"); }
    var other = $262.createRealm().global;
    assert(other.Promise !== Promise && other.Promise.name === "Promise", "the other realm has none");
    assert($262.evalScript("Promise") === Promise, "not evaluated here");`,
  "test/pass/async.js": `/*---
includes: [three.js]
flags: [async]
---*/
    Promise.resolve(three).then(function (value) { assert(value === 3, "it is three"); }).then($DONE, $DONE);`,
  "test/pass/strict.js": `/*---
flags: [onlyStrict]
---*/
    assert((function () { return this; })() === undefined, "sloppy");`,
  "test/pass/sloppy.js": `/*---
flags: [noStrict]
---*/
    assert((function () { return this; })() === $262.global, "strict");`,
  "test/pass/negative.js": `/*---
negative:
  phase: parse
  type: SyntaxError
---*/
    1 = ;`,
  "test/pass/raw.js": `/*---
flags: [raw]
---*/
    if (typeof assert !== "undefined") throw new Error("it was given the harness");`,
  "test/pass/_FIXTURE.js": `throw new Error("this is no test");`,
  "test/fail/both.js": `assert((function () { return this; })() !== undefined, "strict mode");`,
  "test/fail/rejected.js": `/*---
flags: [async]
---*/
    Promise.reject(new RangeError("too much")).then(undefined, $DONE);`,
  "test/fail/twice.js": `/*---
flags: [async]
---*/
    Promise.resolve().then(function () { $DONE(); $DONE(); });`,
  "test/fail/at-once.js": `/*---
flags: [async]
---*/
    $DONE(new Error("at once"));`,
  "test/fail/negative.js": `/*---
negative:
  phase: runtime
  type: RangeError
---*/
    null.property;`,
  "test/fail/nothing.js": `/*---
negative:
  phase: runtime
  type: RangeError
---*/`,
  "test/fail/module.js": `/*---
flags: [module]
---*/`,
  "test/ours/keyed.js": `/*---
flags: [async]
---*/
    if (!Promise.allKeyed || /native/.test(Promise.allKeyed)) throw new Test262Error("not there");
    Promise.allKeyed({ a: Promise.resolve(1) }).then(function (o) { assert(o.a === 1, "a"); }).then($DONE, $DONE);`,
};

const folder = mkdtempSync(join(tmpdir(), "tsyncio-test262-"));
let programs: Programs;

beforeAll(async () => {
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  programs = await Programs.compile();
}, 60_000);

afterAll(() => {
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

const run = (promises: "native" | number, ...parts: string[]) =>
  programs.run({ folder, parts, node: process.execPath, promises, limitMs: 60_000 });

for (const promises of ["native", 1, 3] as const) {
  test(`runs tests as they ask, with promises: ${promises}`, { timeout: 90_000 }, async () => {
    expect(Object.fromEntries(await run(promises, "pass", "fail"))).toEqual({
      "pass/async.js": null,
      "pass/negative.js": null,
      "pass/raw.js": null,
      "pass/realm.js": null,
      "pass/sloppy.js": null,
      "pass/strict.js": null,
      "fail/both.js": "strict: Test262Error: strict mode",
      "fail/at-once.js": "sloppy: Error: at once",
      "fail/module.js": "it is a module, which is not supported here",
      "fail/negative.js": expect.stringMatching(/^sloppy: RangeError was expected, got TypeError: /),
      "fail/nothing.js": "sloppy: RangeError was expected, and nothing was thrown",
      "fail/rejected.js": "sloppy: RangeError: too much",
      "fail/twice.js": "sloppy: it said a second time that it is through: Test262:AsyncTestComplete",
    });
  });
}

test("compares with the platform's own", { timeout: 90_000 }, async () => {
  const [native, ours] = [await run("native", "ours", "pass"), await run(1, "ours", "pass")];
  expect(compare(native, new Map([["FuturePromise", ours]]), "native")).toEqual({
    lines: [
      "native: 6 of 7 tests pass",
      "FuturePromise: 7 of 7 tests pass",
      "native fails ours/keyed.js: sloppy: Test262Error: not there",
    ],
    behind: [],
  });
  expect(compare(ours, new Map([["native", native]]), "FuturePromise").behind).toEqual(["ours/keyed.js"]);
});

test("a test-suite has tests and a harness, and what is asked for is in it", () => {
  expect(() => new Checkout(join(folder, "test"))).toThrow("there is no test/ in it.");
  expect(() => new Checkout(folder).tests("built-ins/Promise")).toThrow(
    "There is no built-ins/Promise in the test-suite.",
  );
  expect(new Checkout(folder).tests("pass/async.js")).toEqual(["pass/async.js"]);
});
