import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive } from "../src/processes.ts";

// The fixture lives inside this folder, where it finds vitest, and outside of what this workspace tests itself.
const directory = join(import.meta.dirname, "../.reports/run-limit");
const runLimit = join(import.meta.dirname, "../../config/run-limit.ts");

beforeAll(() => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, "vitest.config.ts"),
    `import { defineConfig } from "vitest/config";
import { RunLimit } from ${JSON.stringify(runLimit)};
export default defineConfig({ test: { pool: "forks", include: ["*.test.ts"], reporters: [new RunLimit(3, "report.json")] } });`,
  );
  writeFileSync(
    join(directory, "hang.test.ts"),
    `import { writeFileSync } from "node:fs";
import { test } from "vitest";
test("hangs for ever", () => {
  writeFileSync("worker.pid", String(process.pid));
  for (;;);
});`,
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a test in an endless loop ends the run at its limit, its file is named and reported, and its worker is killed", async () => {
  const vitest = join(import.meta.dirname, "../../../node_modules/vitest/vitest.mjs");
  const run = spawnSync(process.execPath, [vitest, "run", "--root", directory], {
    cwd: directory,
    encoding: "utf8",
    timeout: 50_000,
    killSignal: "SIGKILL",
  });
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("the run did not finish within 3 s; still running:");
  expect(run.stderr).toContain("hang.test.ts");
  expect(JSON.parse(readFileSync(join(directory, "report.json"), "utf8"))).toMatchObject({
    numPassedTests: 0,
    testResults: [
      {
        name: join(directory, "hang.test.ts"),
        status: "failed",
        message: "the run did not finish within 3 s",
        assertionResults: [],
      },
    ],
  });
  const worker = Number(readFileSync(join(directory, "worker.pid"), "utf8"));
  await expect.poll(() => isAlive(worker), { timeout: 10_000, interval: 5 }).toBe(false);
});
