import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { execute } from "./command.ts";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A published package: its folder below `packages/`, and its manifest. */
export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Copies what a release needs: manifests, documentation, sources and what is built; and makes it a repository with one
 * commit. A release changes versions and writes changelogs, which must never happen to the real one here.
 */
export async function copyRepository(root: string, destination: string): Promise<void> {
  mkdirSync(destination, { recursive: true });
  for (const file of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "LICENSE", "README.md", ".changeset"]) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(destination, file), { recursive: true });
  }
  for (const group of ["packages", "apps", "tools"]) {
    for (const name of readdirSync(join(root, group))) {
      const from = join(root, group, name);
      if (!lstatSync(from).isDirectory() || !existsSync(join(from, "package.json"))) continue;
      const wanted =
        group === "packages" ? ["package.json", "README.md", "CHANGELOG.md", "src", "dist"] : ["package.json"];
      for (const file of wanted) {
        if (existsSync(join(from, file)))
          cpSync(join(from, file), join(destination, group, name, file), { recursive: true });
      }
    }
  }
  const folders = workspaceFolders(destination);
  for (const { folder } of packagesIn(destination))
    prepareForPublishing(join(destination, "packages", folder), folders);
  // The tools that a release runs are those of the real repository.
  symlinkSync(join(root, "node_modules"), join(destination, "node_modules"));
  writeFileSync(join(destination, ".gitignore"), "node_modules\ndist\n");
  const git = (...args: string[]): Promise<string> =>
    execute(["git", "-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", ...args], {
      directory: destination,
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "As it is");
}

function prepareForPublishing(directory: string, folders: ReadonlyMap<string, string>): void {
  const manifest = readManifest(directory);
  // Provenance needs an identity that only the release workflow has.
  const publishConfig = { ...(manifest.publishConfig as object), provenance: false };
  writeFileSync(join(directory, "package.json"), `${JSON.stringify({ ...manifest, publishConfig }, undefined, 2)}\n`);
  // To turn "workspace:^" into a version pnpm looks the dependency up where it would be installed.
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const target = folders.get(name);
    if (target === undefined) continue;
    const link = join(directory, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}

/** The folder of each workspace, by its name. */
function workspaceFolders(root: string): Map<string, string> {
  const folders = ["packages", "apps", "tools"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return new Map(folders.map((folder) => [readManifest(folder).name, folder]));
}

/** The published packages of a repository. */
export function packagesIn(root: string): Package[] {
  return readdirSync(join(root, "packages"))
    .filter((folder) => existsSync(join(root, "packages", folder, "package.json")))
    .sort()
    .map((folder) => ({ folder, manifest: readManifest(join(root, "packages", folder)) }));
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** A package's name, and those of all it brings along, by the manifests. */
export function closureOf(name: string, packages: readonly Package[]): Set<string> {
  const found = new Set([name]);
  for (const member of found) {
    const manifest = packages.find((one) => one.manifest.name === member)?.manifest;
    for (const dependency of Object.keys(manifest?.dependencies ?? {})) found.add(dependency);
  }
  return found;
}
