import { constants } from "@tsyncio/config/constants.ts";
import { expect, test } from "vitest";

test("what is declared and never assigned is a constant again, and its value stays in its place", () => {
  expect(constants("var limit = 50;")).toBe("const limit=50;");
  expect(constants("var limit = 50;").indexOf("50")).toBe("var limit = 50;".indexOf("50"));
  expect(constants("var Task = class extends Future {};")).toBe("const Task=class extends Future {};");
});

test("a property that is assigned leaves the name of its object a constant", () => {
  const code = "const step={}; function set() { step.value = 1; [step.one, { two: step.two }] = []; step.times++; }";
  expect(constants(code.replace("const step=", "var step = "))).toBe(code);
});

test.each([
  "var count = 0; function next() { count += 1; }",
  "var count = 0; function next() { return count++; }",
  "var found = null; function find() { [found] = [1]; }",
  "var key = 0; for (key in {}) {}",
  "var later;",
  "var one = 1, two = 2;",
  "function local() { var inside = 1; }",
])("what is assigned, not set, or not on its own stays a variable: %s", (code) => {
  expect(constants(code)).toBe(code);
});

test("an import that a function reads gets a constant of the module's own, on the same line", () => {
  expect(constants('import { registry } from "context";\nfunction loop() { return registry.loop; }')).toBe(
    'import { registry as registry$ } from "context"; const registry = registry$;\nfunction loop() { return registry.loop; }',
  );
  expect(constants('import { a as b, c } from "m";\nconst f = () => [b, c.d];')).toBe(
    'import { a as b$, c as c$ } from "m"; const b = b$, c = c$;\nconst f = () => [b, c.d];',
  );
});

test("an export that a function reads is exported as another name of it", () => {
  expect(constants("var step = {};\nfunction give() { return step; }\nexport { step, give };")).toBe(
    "const step={};\nfunction give() { return step; }\nconst step$ = step; export { step$ as step, give };",
  );
});

test.each([
  'import { call } from "m"; function f() { return call(); }',
  'import { Made } from "m"; function f(value) { return value instanceof Made || new Made(); }',
  'import { Base } from "m"; class Derived extends Base {}',
  'import { options } from "m"; function f(value) { return value.options ?? { options: 1 }; }',
  'import { passed } from "m"; export { passed };',
  'export { other } from "m";',
  'import * as all from "m"; function f() { return all; }',
])("what is only called, made, asked for or handed on is worth no other name: %s", (code) => {
  expect(constants(code)).toBe(code);
});

test("another name is one that the module does not have yet", () => {
  expect(constants('import { a } from "m";\nfunction a$(a$$) { return a; }')).toBe(
    'import { a as a$$$ } from "m"; const a = a$$$;\nfunction a$(a$$) { return a; }',
  );
});

test("what is exported is never assigned: others would not see it", () => {
  expect(() => constants("var current = 0;\nfunction set() { current = 1; }\nexport { current };")).toThrow(
    "current is exported and assigned",
  );
});
