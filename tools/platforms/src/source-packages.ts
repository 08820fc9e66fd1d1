import type { Plugin } from "vitest/config";
import type { TestedPackage } from "./reach.ts";

/** Each package by its name is its source, also for the package itself. */
export function sourcePackages(packages: readonly TestedPackage[]): Plugin {
  const byName = new Map(
    packages.flatMap(({ entries }) => entries.map(({ specifier, source }) => [specifier, source])),
  );
  return { name: "source-packages", enforce: "pre", resolveId: (specifier) => byName.get(specifier) ?? null };
}
