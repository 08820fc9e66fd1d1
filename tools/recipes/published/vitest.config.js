import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.recipe.js"], setupFiles: ["@tsyncio/testing/vitest"] } });
