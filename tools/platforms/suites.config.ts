import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { builtPackages } from "./src/built-packages.ts";
import { testFiles } from "./src/reach.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { packages, ofPublic, ofInternals } = testFiles(root);

const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Every package's suite in one run, under whatever runtime runs this. */
export default defineConfig({
  root,
  test: {
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        root,
        plugins: [builtPackages(packages)],
        test: {
          name: "built",
          include: ofPublic,
          env: { TSYNCIO_BUILT: "1" },
          // The runtime itself loads what is built, as it would for a user.
          server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
          ...limits,
        },
      },
      {
        root,
        resolve: { conditions: ["@tsyncio/source"] },
        ssr: { resolve: { conditions: ["@tsyncio/source"], externalConditions: ["@tsyncio/source"] } },
        test: { name: "sources", include: ofInternals, ...limits },
      },
    ],
  },
});
