import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Every package's suite in one run, under whatever runtime runs this. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: ["@tsyncio/source"] },
  ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
