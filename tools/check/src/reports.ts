import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

/** What the test runs of all workspaces came to. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** One line for each failed test, and for each workspace that left no usable report. */
  readonly failures: readonly string[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The folders of all workspaces that have a test script. */
export function testedWorkspaces(root: string): string[] {
  return ["packages", "apps", "tools"]
    .flatMap((group) => foldersIn(join(root, group)))
    .filter((folder) => {
      const manifest = join(folder, "package.json");
      if (!existsSync(manifest)) return false;
      const { scripts } = JSON.parse(readFileSync(manifest, "utf8")) as { scripts?: Record<string, string> };
      return scripts?.test?.includes("vitest") ?? false;
    });
}

/** Removes the reports of earlier runs, so that a count can only come from this one. */
export function removeReports(root: string): void {
  for (const workspace of testedWorkspaces(root)) rmSync(reportOf(workspace), { force: true });
}

/** Adds up the reports of all tested workspaces. A workspace without a report counts as one failure. */
export function countTests(root: string): TestCount {
  let passed = 0;
  const failures: string[] = [];
  for (const workspace of testedWorkspaces(root)) {
    const where = relative(root, workspace);
    const report = readReport(reportOf(workspace));
    if (report === undefined) {
      failures.push(`${where}: its tests left no report`);
      continue;
    }
    passed += report.numPassedTests;
    for (const file of report.testResults) {
      const failed = file.assertionResults.filter((test) => test.status === "failed");
      for (const test of failed) failures.push(`${where}: ${relative(workspace, file.name)}: ${test.fullName}`);
      // A file that could not be loaded has no tests, and fails all the same.
      if (file.status === "failed" && failed.length === 0) {
        failures.push(`${where}: ${relative(workspace, file.name)}: ${firstLine(file.message) || "the file failed"}`);
      }
    }
  }
  return { passed, failed: failures.length, failures };
}

function reportOf(workspace: string): string {
  return join(workspace, ".reports/vitest.json");
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return undefined;
  }
}

function foldersIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
}

function firstLine(text: string | undefined): string {
  return text?.split("\n", 1)[0] ?? "";
}
