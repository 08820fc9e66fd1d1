import { existsSync, readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { constants } from "./constants.ts";
import { ownNames } from "./own-names.ts";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
/** Every sub-path a package exports is an entry of its build. */
const entries = Object.values(manifest.exports).flatMap((target) => {
  const source = (target as Record<string, string>)["@tsyncio/source"];
  return source !== undefined && existsSync(source) ? [source] : [];
});

export default defineConfig({
  entry: entries,
  format: ["esm", "cjs"],
  target: "es2022",
  dts: {
    compilerOptions: { customConditions: [] },
    // What can be disposed of says so in its type, and its users may not have asked for that library.
    banner: '/// <reference lib="esnext.disposable" />',
  },
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: true,
  plugins: [
    { name: "own-names", renderChunk: (code) => ({ code: ownNames(code) }) },
    { name: "constants", renderChunk: (code) => ({ code: constants(code) }) },
  ],
});
