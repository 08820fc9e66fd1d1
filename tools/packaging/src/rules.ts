import { posix } from "node:path";

/** What the rules read of a published `package.json`. */
export interface PublishedManifest {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Fields without which a package page is bare, or a bundler and a package manager have to guess. */
const requiredFields = [
  "version",
  "description",
  "keywords",
  "license",
  "homepage",
  "bugs",
  "repository",
  "engines",
  "exports",
  "files",
];

/** What our own rules have against a packed package: its manifest and the paths of its files. */
export function packagingProblems(manifest: PublishedManifest, files: readonly string[]): string[] {
  const problems = requiredFields
    .filter((field) => !(field in manifest))
    .map((field) => `package.json has no "${field}"`);
  if (!isFreeOfSideEffects(manifest.sideEffects)) problems.push('package.json does not say "sideEffects": false');
  if (manifest.private === true) problems.push('package.json says "private": true');
  if (manifest.license !== "MIT") problems.push(`package.json says "license": ${JSON.stringify(manifest.license)}`);
  const { node } = (manifest.engines ?? {}) as { node?: string };
  if (node !== ">=20") problems.push('package.json does not say "engines": { "node": ">=20" }');
  // `changeset version` writes it; npm does not take it along by itself.
  if (!(manifest.files as string[] | undefined)?.includes("CHANGELOG.md"))
    problems.push("CHANGELOG.md is not in files");
  const { access, provenance } = (manifest.publishConfig ?? {}) as { access?: string; provenance?: boolean };
  if (access !== "public") problems.push('publishConfig.access is not "public"');
  if (provenance !== true) problems.push("publishConfig.provenance is not true");

  for (const [name, range] of Object.entries((manifest.dependencies ?? {}) as Record<string, string>)) {
    if (range.startsWith("workspace:")) problems.push(`the dependency ${name} still reads "${range}"`);
  }
  for (const wanted of ["README.md", "LICENSE"]) {
    if (!files.includes(wanted)) problems.push(`${wanted} is not in the tarball`);
  }
  for (const file of files) {
    if (/\.test(-d)?\.ts$/.test(file)) problems.push(`the test ${file} is in the tarball`);
  }
  problems.push(...entryProblems(manifest.exports, files));
  return problems;
}

/** The files that may have effects: the set-up file for vitest, which is imported for nothing else. */
const setUpFiles = ["./src/vitest.ts", "./dist/vitest.js", "./dist/vitest.cjs"];

function isFreeOfSideEffects(declared: unknown): boolean {
  if (Array.isArray(declared)) return declared.every((file) => setUpFiles.includes(file));
  return declared === false;
}

/** Every target of every export must be in the tarball, and none may lead to what is internal. */
function entryProblems(exported: unknown, files: readonly string[]): string[] {
  const problems: string[] = [];
  const visit = (target: unknown, path: string): void => {
    if (typeof target === "string") {
      if (!files.includes(target.replace(/^\.\//, "")))
        problems.push(`exports ${path} leads to ${target}, which is not there`);
    } else if (typeof target === "object" && target !== null) {
      for (const [condition, next] of Object.entries(target)) visit(next, `${path} ${condition}`);
    }
  };
  for (const [subpath, target] of Object.entries((exported ?? {}) as Record<string, unknown>)) {
    if (subpath.includes("internal") || subpath.includes("*"))
      problems.push(`exports "${subpath}": internals are not reachable`);
    visit(target, `"${subpath}"`);
    if (subpath === "./package.json") continue;
    for (const kind of ["import", "require"]) {
      const { types, default: code } = ((target as Record<string, unknown>)[kind] ?? {}) as Record<string, unknown>;
      if (types === undefined || code === undefined)
        problems.push(`exports "${subpath}" has not both types and code for ${kind}`);
    }
  }
  return problems;
}

/** The sources that a source map leads to must be in the tarball. */
export function lostSources(file: string, map: string, files: readonly string[]): string[] {
  const { sources } = JSON.parse(map) as { sources: string[] };
  return sources
    .map((source) => posix.join(posix.dirname(file), source))
    .filter((source) => !files.includes(source))
    .map((source) => `${file} leads to ${source}, which is not in the tarball`);
}

/** A class that names itself in its own body is built as `class _Task`, and objects show their class's name. */
export function renamedClasses(file: string, code: string): string[] {
  return [...code.matchAll(/\bclass (_[A-Z]\w*)/g)].map(
    ([, name]) => `${file} has a class named ${name}: let its body not name the class`,
  );
}

/** A function expression whose name is in none of the sources: users see the names of coroutines. */
export function renamedFunctions(file: string, code: string, sources: string): string[] {
  return [...code.matchAll(/\(\s*function\*? ([A-Za-z_$][\w$]*)/g)]
    .filter(([, name]) => !new RegExp(`function\\*? ${name!.replaceAll("$", "\\$")}\\b`).test(sources))
    .map(([, name]) => `${file} has a function named ${name}, which no source has: something in it has its name`);
}
