import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { violations } from "./rules.ts";
import { readRepository } from "./workspace.ts";

const layers = { low: [], middle: ["low"], high: ["low", "middle"] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tsyncio-graph-"));
  manifest(".", { name: "root", devDependencies: { vitest: "1" } });
  manifest("packages/low", { name: "@x/low", exports: { ".": "./src/index.ts", "./inside": "./src/inside.ts" } });
  manifest("packages/middle", { name: "@x/middle", exports: { ".": "" }, dependencies: { "@x/low": "workspace:^" } });
  manifest("packages/high", {
    name: "@x/high",
    exports: { ".": "" },
    dependencies: { "@x/low": "workspace:^", "@x/middle": "workspace:^" },
  });
  write("packages/low/src/index.ts", "export const low = 1;");
  write("packages/low/src/inside.ts", "export const inside = 1;");
  write("packages/middle/src/index.ts", 'export { low } from "@x/low";\nimport "@x/low/inside";');
  write("packages/high/src/index.ts", 'import { low } from "@x/middle";\nexport const high = low;');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function manifest(folder: string, content: Record<string, unknown>): void {
  write(join(folder, "package.json"), JSON.stringify(content));
}

const check = (): string[] => violations(readRepository(root), layers);

test("a repository that keeps to the graph has no violation", () => {
  expect(check()).toEqual([]);
});

test("an import outside the graph, even of a type, in whatever form", () => {
  write(
    "packages/low/src/index.ts",
    `import type { A } from "@x/high";
export * from "@x/high";
const later = import("@x/high");
export type B = import("@x/high").B;
import old = require("@x/high");`,
  );
  expect(check()).toEqual([
    ...[1, 2, 3, 4, 5].map(
      (line) => `packages/low/src/index.ts:${line}: imports "@x/high": low may import no other package`,
    ),
    "@x/high: imports itself: @x/high → @x/middle → @x/low → @x/high: packages may not form a cycle, types included",
  ]);
});

test("an import outside the graph that is declared fails in the manifest too", () => {
  manifest("packages/middle", {
    name: "@x/middle",
    exports: { ".": "" },
    dependencies: { "@x/low": "workspace:^", "@x/high": "workspace:^" },
  });
  expect(check()[0]).toBe('packages/middle/package.json: declares "@x/high": middle may not depend on high');
});

test("a cycle of files, closed by types", () => {
  write("packages/low/src/a.ts", 'import { b } from "./b.ts";\nexport type A = typeof b;');
  write("packages/low/src/b.ts", 'import type { A } from "./a.ts";\nexport const b: A = 1;');
  expect(check()).toEqual([
    "packages/low/src/a.ts: imports itself: packages/low/src/a.ts → packages/low/src/b.ts → packages/low/src/a.ts: files may not form a cycle, types included",
  ]);
});

test("a relative import across packages", () => {
  write("packages/high/src/index.ts", 'import { low } from "../../low/src/index.ts";\nexport { low };');
  expect(check()).toEqual([
    'packages/high/src/index.ts:1: imports "../../low/src/index.ts": a relative import may not leave its own package; import the other by its name',
  ]);
});

test("an undeclared dependency, in a package, an app and a tool", () => {
  manifest("packages/high", { name: "@x/high", exports: { ".": "" }, dependencies: { "@x/low": "workspace:^" } });
  manifest("apps/demo", { name: "@x/demo", private: true });
  write("apps/demo/src/main.ts", 'import "@x/high";');
  manifest("tools/saw", { name: "@x/saw", private: true });
  write("tools/saw/src/main.ts", 'import "left-pad";');
  expect(check()).toEqual([
    'packages/high/src/index.ts:1: imports "@x/middle": @x/middle is not declared in packages/high/package.json',
    'apps/demo/src/main.ts:1: imports "@x/high": @x/high is not declared in apps/demo/package.json',
    'tools/saw/src/main.ts:1: imports "left-pad": left-pad is not declared in tools/saw/package.json',
  ]);
});

test("a third-party runtime dependency, declared or imported", () => {
  manifest("packages/low", { name: "@x/low", exports: { ".": "", "./inside": "" }, dependencies: { "left-pad": "1" } });
  write("packages/low/src/index.ts", 'import "left-pad";');
  expect(check()).toEqual([
    'packages/low/package.json: declares "left-pad": a package has no third-party runtime dependency',
    'packages/low/src/index.ts:1: imports "left-pad": a package has no third-party runtime dependency',
  ]);
});

test("an optional peer dependency is the user's own, and allowed", () => {
  manifest("packages/low", {
    name: "@x/low",
    exports: { ".": "", "./inside": "" },
    peerDependencies: { vitest: "4" },
    peerDependenciesMeta: { vitest: { optional: true } },
  });
  write("packages/low/src/index.ts", 'import "vitest";');
  expect(check()).toEqual([]);
});

test("the platform is for hosts alone", () => {
  write("packages/low/src/index.ts", 'import "node:fs";\nimport "timers";');
  expect(check()).toEqual([
    'packages/low/src/index.ts:1: imports "node:fs": only a host (packages/loop/src/hosts) may touch the platform',
    'packages/low/src/index.ts:2: imports "timers": only a host (packages/loop/src/hosts) may touch the platform',
  ]);
});

test("a sub-path that is not exported", () => {
  write("packages/middle/src/index.ts", 'import "@x/low/internal";');
  expect(check()).toEqual([
    'packages/middle/src/index.ts:1: imports "@x/low/internal": @x/low does not export "./internal"',
  ]);
});

test("a package that the graph does not know", () => {
  manifest("packages/stray", { name: "@x/stray" });
  expect(check()).toEqual(['packages/stray/package.json: declares "@x/stray": stray is not in the package graph']);
});

test("a declared cycle, for development included", () => {
  manifest("packages/low", {
    name: "@x/low",
    exports: { ".": "", "./inside": "" },
    devDependencies: { "@x/middle": "1" },
  });
  expect(check()).toEqual([
    "@x/low: depends on itself: @x/low → @x/middle → @x/low: workspaces may not declare a cycle, for development included; the root may declare what a test needs from above",
  ]);
});

test("a test may use what is declared for development, and what the root declares for all", () => {
  manifest(".", { name: "root", devDependencies: { vitest: "1", "@x/high": "1" } });
  write("packages/low/src/index.test.ts", 'import "vitest";\nimport "@x/high";\nimport "node:fs";\nimport "@x/low";');
  write("packages/low/src/other.test.ts", 'import "@x/middle";');
  expect(check()).toEqual([
    'packages/low/src/other.test.ts:1: imports "@x/middle": @x/middle is not declared in packages/low/package.json',
  ]);
});
