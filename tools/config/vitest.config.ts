import { defineConfig } from "vitest/config";
import { RunLimit } from "./run-limit.ts";

const reportFile = ".reports/vitest.json";
/** No workspace's tests may take longer than this. */
const runLimitSeconds = 300;

/** One configuration for every package, app and tool: packages are tested from their sources, alone. */
export default defineConfig({
  resolve: { conditions: ["@tsyncio/source"] },
  ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: reportFile }], new RunLimit(runLimitSeconds, reportFile)],
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
