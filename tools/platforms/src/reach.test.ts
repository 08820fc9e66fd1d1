import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { builtInsteadOf, isOfPublic, testedPackage } from "./reach.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsyncio-reach-"));
  write(
    "package.json",
    JSON.stringify({
      name: "@x/lock",
      exports: {
        ".": { "@tsyncio/source": "./src/index.ts", import: { default: "./dist/index.js" } },
        "./waiting": { "@tsyncio/source": "./src/waiting.ts", import: { default: "./dist/waiting.js" } },
        "./package.json": "./package.json",
      },
    }),
  );
  write("src/waiting.ts", "export class Waiters {}");
  write(
    "src/index.ts",
    'export { type Held, Lock, release as free } from "./lock.ts";\nexport { Event } from "./event.ts";',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): string {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
  return join(folder, file);
}

test.each([
  ["an entry", 'import { Lock } from "./index.ts";', true],
  ["all of an entry", 'import * as waiting from "./waiting.ts";', true],
  ["what users get of a module", 'import { type Held, Lock } from "./lock.ts";', true],
  ["types of any module", 'import type { Inside } from "./inside.ts";', true],
  ["other packages", 'import { Future } from "@x/future";', true],
  ["what is exported under another name", 'import { release } from "./lock.ts";', false],
  ["what is a type outside", 'import { Held } from "./lock.ts";', false],
  ["all of a module", 'import * as lock from "./lock.ts";', false],
  ["a module for its effect", 'import "./lock.ts";', false],
  ["a module that is no export's", 'import { Inside } from "./inside.ts";', false],
  ["a module anew", 'const { Lock } = await import("./lock.ts");', false],
  ["what imports internals itself", 'import { start } from "../test/start.ts";', false],
])("a test that imports %s", (_what, text, expected) => {
  write("test/start.ts", 'import { Inside } from "../src/inside.ts";\nexport const start = Inside;');
  expect(isOfPublic(write("src/lock.test.ts", text), testedPackage(folder))).toBe(expected);
});

test("instead of a source there is what users get of it, from what is built", () => {
  const tested = testedPackage(folder);
  expect(tested.entries.map(({ specifier }) => specifier)).toEqual(["@x/lock", "@x/lock/waiting"]);
  expect(builtInsteadOf(join(folder, "src/lock.ts"), tested)).toBe(
    `export { Lock } from ${JSON.stringify(join(folder, "dist/index.js"))};`,
  );
});
