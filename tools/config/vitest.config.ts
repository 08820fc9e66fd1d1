import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { RunLimit } from "./run-limit.ts";

const reportFile = ".reports/vitest.json";
/** No workspace's tests may take longer than this. */
const runLimitSeconds = 900;

/**
 * The layers from task upwards use the guards of our own testing package: a test fails for what it leaves behind. The
 * tests of tasks make coroutines nobody awaits, and swallow cancellations, on purpose.
 */
const guarded: Record<string, readonly string[]> = {
  task: ["tasks", "timers", "failures"],
  sync: ["tasks", "timers", "failures", "coroutines", "cancellations"],
  queue: ["tasks", "timers", "failures", "coroutines", "cancellations"],
  testing: ["tasks", "timers", "failures", "coroutines", "cancellations"],
};
const guards = fileURLToPath(new URL("../../packages/testing/src/vitest.ts", import.meta.url));
const guardsHere = basename(dirname(process.cwd())) === "packages" ? guarded[basename(process.cwd())] : undefined;

/** One configuration for every package, app and tool: packages are tested from their sources, alone. */
export default defineConfig({
  resolve: { conditions: ["@tsyncio/source"] },
  ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: reportFile }], new RunLimit(runLimitSeconds, reportFile)],
    ...(guardsHere === undefined ? {} : { setupFiles: [guards], provide: { tsyncioGuards: guardsHere } }),
    typecheck: { enabled: false },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/**/*.test-d.ts"],
      reporter: ["text", "json-summary"],
      reportsDirectory: ".reports/coverage",
    },
  },
});
