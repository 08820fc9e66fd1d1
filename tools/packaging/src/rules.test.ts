import { expect, test } from "vitest";
import { packagingProblems, renamedClasses, renamedFunctions } from "./rules.ts";

const manifest = {
  name: "@x/good",
  version: "1.0.0",
  description: "Good.",
  keywords: ["good"],
  license: "MIT",
  homepage: "https://example.org",
  bugs: "https://example.org",
  repository: "https://example.org",
  engines: { node: ">=20" },
  sideEffects: false,
  exports: { ".": { import: { default: "./dist/index.js" } }, "./package.json": "./package.json" },
  files: ["dist"],
  publishConfig: { access: "public", provenance: true },
  dependencies: { "@x/other": "^1.0.0" },
};
const files = ["package.json", "README.md", "LICENSE", "dist/index.js"];

test("a complete package has no problem", () => {
  expect(packagingProblems(manifest, files)).toEqual([]);
});

test("what is missing or left over is named", () => {
  const { homepage: _, ...rest } = manifest;
  const broken = {
    ...rest,
    private: true,
    sideEffects: true,
    publishConfig: {},
    dependencies: { "@x/other": "workspace:^" },
    exports: { ".": "./dist/gone.js", "./internal": "./dist/index.js", "./*": "./dist/index.js" },
  };
  expect(packagingProblems(broken, ["package.json", "dist/index.js", "src/a.test.ts"])).toEqual([
    'package.json has no "homepage"',
    'package.json does not say "sideEffects": false',
    'package.json says "private": true',
    'publishConfig.access is not "public"',
    "publishConfig.provenance is not true",
    'the dependency @x/other still reads "workspace:^"',
    "README.md is not in the tarball",
    "LICENSE is not in the tarball",
    "the test src/a.test.ts is in the tarball",
    'exports "." leads to ./dist/gone.js, which is not there',
    'exports "./internal": internals are not reachable',
    'exports "./*": internals are not reachable',
  ]);
});

test("a set-up file may have side effects, the index may not", () => {
  expect(packagingProblems({ ...manifest, sideEffects: ["./dist/vitest.js"] }, files)).toEqual([]);
  expect(packagingProblems({ ...manifest, sideEffects: ["./dist/index.js"] }, files)).toEqual([
    'package.json does not say "sideEffects": false',
  ]);
});

test("a class that was built under another name is told", () => {
  expect(renamedClasses("dist/index.js", "var Task = class _Task extends Future {};\nclass Plain {}")).toEqual([
    "dist/index.js has a class named _Task: let its body not name the class",
  ]);
});

test("a function that was built under another name is told", () => {
  const sources = "export const wait = coroutine(function* wait() {});";
  expect(renamedFunctions("dist/index.js", "var wait = coroutine(function* wait () {});", sources)).toEqual([]);
  expect(renamedFunctions("dist/index.js", "var wait = coroutine(\n  function* wait2() {});", sources)).toEqual([
    "dist/index.js has a function named wait2, which no source has: something in it has its name",
  ]);
});
