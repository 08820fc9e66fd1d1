import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vitest/config";
import { builtInsteadOf, type TestedPackage } from "./reach.ts";

const prefix = "\0built:";

/**
 * Gives tests the built packages: for each package by its name, and for what a test imports of its own package's
 * sources.
 */
export function builtPackages(packages: readonly TestedPackage[]): Plugin {
  const byName = new Map(packages.flatMap(({ entries }) => entries.map(({ specifier, built }) => [specifier, built])));
  const bySource = new Map(packages.flatMap(({ entries }) => entries.map(({ source, built }) => [source, built])));
  const packageOf = (module: string): TestedPackage | undefined =>
    packages.find(({ folder }) => module.startsWith(join(folder, "src/")));
  return {
    name: "built-packages",
    enforce: "pre",
    resolveId(specifier, importer) {
      const named = byName.get(specifier);
      if (named !== undefined) return named;
      if (!specifier.startsWith(".") || importer === undefined) return null;
      const module = resolve(dirname(importer), specifier);
      const entry = bySource.get(module);
      if (entry !== undefined) return entry;
      const tested = packageOf(module);
      if (tested === undefined || !tested.public.has(module)) {
        if (tested !== undefined) throw new Error(`${importer} imports ${specifier}, which is internal`);
        return null;
      }
      return prefix + module;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const module = id.slice(prefix.length);
      return builtInsteadOf(module, packageOf(module)!);
    },
  };
}
