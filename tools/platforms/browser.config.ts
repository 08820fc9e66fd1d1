import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { builtPackages } from "./src/built-packages.ts";
import { chromiumArguments, chromiumBinary } from "./src/chromium.ts";
import { runsInBrowsers, testFiles } from "./src/reach.ts";
import { sourcePackages } from "./src/source-packages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { packages, ofPublic, ofInternals } = testFiles(root, runsInBrowsers);

/** For each project its own: vitest writes into it. */
const browser = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { executablePath: chromiumBinary(), args: [...chromiumArguments] } }),
  instances: [{ browser: "chromium" as const }],
});
const shared = {
  root,
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } },
};
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Every package's suite in Chromium. */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        ...shared,
        plugins: [builtPackages(packages)],
        test: { name: "built", include: ofPublic, browser: browser(), ...limits },
      },
      {
        ...shared,
        plugins: [sourcePackages(packages)],
        resolve: { conditions: ["@tsyncio/source"] },
        test: { name: "sources", include: ofInternals, browser: browser(), ...limits },
      },
    ],
  },
});
