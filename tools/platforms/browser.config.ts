import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArguments, chromiumBinary } from "./src/chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const packages = readdirSync(join(root, "packages"));

/** Test files that need Node itself (files, processes) or a garbage collector on call: no browser has these. */
const onlyOnNode = readdirSync(join(root, "packages"), { recursive: true, encoding: "utf8" }).filter(
  (path) =>
    path.endsWith(".test.ts") &&
    !path.includes("node_modules") &&
    /from "node:|process\.|--expose-gc|blockingHost\(\)/.test(readFileSync(join(root, "packages", path), "utf8")),
);

/** Every package's suite in Chromium. */
export default defineConfig({
  root,
  resolve: {
    // Each entry of a package by name is its source, also for the package itself.
    alias: packages.flatMap((name) => {
      const { name: published, exports } = JSON.parse(
        readFileSync(join(root, "packages", name, "package.json"), "utf8"),
      ) as { name: string; exports: Record<string, { "@tsyncio/source"?: string }> };
      return Object.entries(exports).flatMap(([subpath, { "@tsyncio/source": source }]) =>
        source === undefined
          ? []
          : [{ find: new RegExp(`^${join(published, subpath)}$`), replacement: join(root, "packages", name, source) }],
      );
    }),
    conditions: ["@tsyncio/source"],
  },
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...onlyOnNode.map((path) => `packages/${path}`)],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromiumBinary(), args: [...chromiumArguments] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
