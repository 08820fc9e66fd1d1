import { defineConfig } from "vitest/config";

/** One configuration for every package, app and tool: packages are tested from their sources, alone. */
export default defineConfig({
  resolve: { conditions: ["@tsyncio/source"] },
  ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
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
