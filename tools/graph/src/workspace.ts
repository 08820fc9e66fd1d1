import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parse } from "yaml";
import { type Import, importsOf } from "./imports.ts";

/** What the rules read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface SourceFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** Tests may import more than what is published. */
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}

export interface Workspace {
  readonly group: "packages" | "apps" | "tools";
  /** The folder's name, which for a layer is its name in the graph. */
  readonly folder: string;
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly files: readonly SourceFile[];
}

export interface Repository {
  readonly manifest: Manifest;
  readonly workspaces: readonly Workspace[];
}

/** Reads every workspace of the repository, its manifest and what its files import. */
export function readRepository(root: string): Repository {
  const workspaces = (["packages", "apps", "tools"] as const).flatMap((group) =>
    foldersIn(join(root, group))
      .filter((directory) => existsSync(join(directory, "package.json")))
      .map((directory) => ({
        group,
        folder: basename(directory),
        path: relative(root, directory),
        manifest: readManifest(directory),
        files: typescriptFilesIn(directory).map((file) => readSourceFile(root, directory, file)),
      })),
  );
  return { manifest: readRootManifest(root), workspaces };
}

/** What the root uses of the workspace's own is declared for pnpm alone: npm refuses the protocol of it. */
function readRootManifest(root: string): Manifest {
  const manifest = readManifest(root);
  const file = join(root, "pnpm-workspace.yaml");
  if (!existsSync(file)) return manifest;
  const { packageExtensions } = parse(readFileSync(file, "utf8")) as {
    packageExtensions?: Record<string, Partial<Manifest>>;
  };
  const declared = packageExtensions?.[manifest.name]?.dependencies;
  return { ...manifest, devDependencies: { ...manifest.devDependencies, ...declared } };
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

function readSourceFile(root: string, workspace: string, file: string): SourceFile {
  const inWorkspace = relative(workspace, file);
  return {
    path: relative(root, file),
    isTest: !inWorkspace.startsWith("src/") || /\.test(-d)?\.ts$/.test(inWorkspace),
    imports: importsOf(file, readFileSync(file, "utf8")),
  };
}

const notSource = new Set(["node_modules", "dist"]);

function typescriptFilesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || notSource.has(entry.name)) return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return typescriptFilesIn(path);
    return /\.[cm]?tsx?$/.test(entry.name) ? [path] : [];
  });
}

function foldersIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
}
