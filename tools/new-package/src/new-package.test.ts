import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newPackage } from "./new-package.ts";

const repository = resolve(import.meta.dirname, "../../..");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tsyncio-new-package-"));
  for (const file of ["packages/queue/package.json", "tools/graph/src/layers.ts", "tools/examples/package.json"]) {
    cpSync(join(repository, file), join(root, file));
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a new package has everything a package has", () => {
  newPackage(root, "rate-limit");
  const folder = join(root, "packages/rate-limit");
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
    "README.md",
    "package.json",
    "src",
    "src/index.test.ts",
    "src/index.ts",
    "src/purpose.test.ts",
    "src/purpose.ts",
  ]);
  const text = readFileSync(join(folder, "package.json"), "utf8");
  expect(text).not.toContain("queue#readme");
  expect(JSON.parse(text)).toMatchObject({
    name: "@tsyncio/rate-limit",
    repository: { directory: "packages/rate-limit" },
    exports: { ".": { "@tsyncio/source": "./src/index.ts" }, "./package.json": "./package.json" },
    sideEffects: false,
    publishConfig: { access: "public", provenance: true },
  });
  expect(JSON.parse(text)).not.toHaveProperty("dependencies");
  expect(readFileSync(join(root, ".changeset/rate-limit-first-release.md"), "utf8")).toBe(
    '---\n"@tsyncio/rate-limit": minor\n---\n\nThe first release.\n',
  );
});

test("it stands in the package graph, and its example is found", () => {
  newPackage(root, "rate-limit");
  newPackage(root, "retry");
  const graph = readFileSync(join(root, "tools/graph/src/layers.ts"), "utf8");
  expect(graph).toMatch(/^ {2}"rate-limit": \[\],\n {2}retry: \[\],\n {2}testing: /m);
  const { dependencies } = JSON.parse(readFileSync(join(root, "tools/examples/package.json"), "utf8"));
  expect(Object.keys(dependencies)).toEqual(Object.keys(dependencies).sort());
  expect(dependencies).toMatchObject({ "@tsyncio/rate-limit": "workspace:^", "@tsyncio/retry": "workspace:^" });
});

test("a bad name, and one that is taken, are refused", () => {
  expect(() => newPackage(root, "Rate Limit")).toThrow(
    'a package\'s name is lower-case words joined by hyphens, not "Rate Limit"',
  );
  expect(() => newPackage(root, "queue")).toThrow("packages/queue is there already");
});
