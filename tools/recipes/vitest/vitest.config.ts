import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Only within this repository, where packages are used from their sources.
  resolve: { conditions: ["@tsyncio/source"] },
  ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
  test: {
    include: ["*.recipe.ts"],
    // Where the package is installed as published, "@tsyncio/testing/vitest" itself may stand here.
    setupFiles: [fileURLToPath(new URL("./set-up.ts", import.meta.url))],
  },
});
