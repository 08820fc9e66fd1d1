import { ownNames } from "@tsyncio/config/own-names.ts";
import { expect, test } from "vitest";

test("a function expression that esbuild renamed has its own name again, and nothing moves", () => {
  expect(ownNames("var wait = coroutine(function* wait2(a) {});")).toBe("var wait = coroutine(function* wait (a) {});");
  expect(ownNames("var a = coroutine(\n  function* timeout12() {}\n);")).toBe(
    "var a = coroutine(\n  function* timeout  () {}\n);",
  );
});

test("one that uses its name, and a declaration, keep what they have", () => {
  const recursive = "var visit = coroutine(function* visit2() { yield* visit2(); });";
  expect(ownNames(recursive)).toBe(recursive);
  expect(ownNames("function hold2() {}")).toBe("function hold2() {}");
});
