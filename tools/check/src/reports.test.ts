import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countTests, removeReports, testedWorkspaces } from "./reports.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tsyncio-reports-"));
  write("packages/one/package.json", { scripts: { test: "vitest run" } });
  write("tools/two/package.json", { scripts: { test: "vitest run" } });
  write("tools/silent/package.json", {});
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content: unknown): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(content));
}

test("the workspaces with a test script are those that must report", () => {
  expect(testedWorkspaces(root)).toEqual([join(root, "packages/one"), join(root, "tools/two")]);
});

test("passed and failed tests are added up, and failures are named", () => {
  write("packages/one/.reports/vitest.json", { numPassedTests: 5, testResults: [] });
  write("tools/two/.reports/vitest.json", {
    numPassedTests: 1,
    testResults: [
      {
        name: join(root, "tools/two/src/a.test.ts"),
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "good" },
          { status: "failed", fullName: "bad" },
        ],
      },
      {
        name: join(root, "tools/two/src/b.test.ts"),
        status: "failed",
        message: "no such import\nat …",
        assertionResults: [],
      },
    ],
  });
  expect(countTests(root)).toEqual({
    passed: 6,
    failed: 2,
    failures: ["tools/two: src/a.test.ts: bad", "tools/two: src/b.test.ts: no such import"],
  });
});

test("a workspace without a readable report is one failure", () => {
  write("packages/one/.reports/vitest.json", { numPassedTests: 5, testResults: [] });
  expect(countTests(root)).toEqual({ passed: 5, failed: 1, failures: ["tools/two: its tests left no report"] });
});

test("removing reports leaves nothing an earlier run could be counted by", () => {
  write("packages/one/.reports/vitest.json", { numPassedTests: 5, testResults: [] });
  removeReports(root);
  expect(existsSync(join(root, "packages/one/.reports/vitest.json"))).toBe(false);
});
