import { expect, test } from "vitest";
import { lostSources, packagingProblems, renamedClasses, renamedFunctions } from "./rules.ts";

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
  exports: {
    ".": {
      import: { types: "./dist/index.d.ts", default: "./dist/index.js" },
      require: { types: "./dist/index.d.cts", default: "./dist/index.cjs" },
    },
    "./package.json": "./package.json",
  },
  files: ["dist", "CHANGELOG.md"],
  publishConfig: { access: "public", provenance: true },
  dependencies: { "@x/other": "^1.0.0" },
};
const built = ["dist/index.js", "dist/index.d.ts", "dist/index.cjs", "dist/index.d.cts"];
const files = ["package.json", "README.md", "LICENSE", ...built];

test("a complete package has no problem", () => {
  expect(packagingProblems(manifest, files)).toEqual([]);
});

test("what is missing or left over is named", () => {
  const { homepage: _, ...rest } = manifest;
  const broken = {
    ...rest,
    private: true,
    sideEffects: true,
    license: "UNLICENSED",
    engines: { node: ">=18" },
    files: ["dist"],
    publishConfig: {},
    dependencies: { "@x/other": "workspace:^" },
    exports: { ".": "./dist/gone.js", "./internal": manifest.exports["."], "./*": manifest.exports["."] },
  };
  expect(packagingProblems(broken, ["package.json", ...built, "src/a.test.ts"])).toEqual([
    'package.json has no "homepage"',
    'package.json does not say "sideEffects": false',
    'package.json says "private": true',
    'package.json says "license": "UNLICENSED"',
    'package.json does not say "engines": { "node": ">=20" }',
    "CHANGELOG.md is not in files",
    'publishConfig.access is not "public"',
    "publishConfig.provenance is not true",
    'the dependency @x/other still reads "workspace:^"',
    "README.md is not in the tarball",
    "LICENSE is not in the tarball",
    "the test src/a.test.ts is in the tarball",
    'exports "." leads to ./dist/gone.js, which is not there',
    'exports "." has not both types and code for import',
    'exports "." has not both types and code for require',
    'exports "./internal": internals are not reachable',
    'exports "./*": internals are not reachable',
  ]);
});

test("the set-up file for vitest may have side effects, and no other", () => {
  const declaring = (...sideEffects: string[]) => packagingProblems({ ...manifest, sideEffects }, files);
  expect(declaring("./dist/vitest.js", "./dist/vitest.cjs")).toEqual([]);
  expect(declaring("./dist/index.js")).toEqual(['package.json does not say "sideEffects": false']);
});

test("a source map that leads out of the tarball is told", () => {
  const map = JSON.stringify({ sources: ["../src/lock.ts", "../../loop/src/loop.ts"] });
  expect(lostSources("dist/index.js.map", map, ["src/lock.ts"])).toEqual([
    "dist/index.js.map leads to ../loop/src/loop.ts, which is not in the tarball",
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
