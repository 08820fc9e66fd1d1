import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { cyclesOf } from "./cycles.ts";
import type { Import } from "./imports.ts";
import type { Manifest, Repository, SourceFile, Workspace } from "./workspace.ts";

/** The layers and what each may import, by folder name. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** Everything in the repository that breaks a rule of the package graph: file, import and rule, one line each. */
export function violations(repository: Repository, layers: Layers): string[] {
  const byName = new Map(repository.workspaces.map((workspace) => [workspace.manifest.name, workspace]));
  const found: string[] = [];

  for (const workspace of repository.workspaces) {
    if (workspace.group === "packages") found.push(...manifestViolations(workspace, layers, byName));
    for (const file of workspace.files) {
      for (const imported of file.imports) {
        const broken = importViolation(imported, file, workspace, { repository, layers, byName });
        if (broken !== undefined)
          found.push(`${file.path}:${imported.line}: imports "${imported.specifier}": ${broken}`);
      }
    }
    for (const cycle of cyclesOf(fileGraph(workspace))) {
      found.push(`${cycle[0]}: imports itself: ${cycle.join(" → ")}: files may not form a cycle, types included`);
    }
  }
  for (const cycle of cyclesOf(packageGraph(repository, byName))) {
    found.push(`${cycle[0]}: imports itself: ${cycle.join(" → ")}: packages may not form a cycle, types included`);
  }
  for (const cycle of cyclesOf(declaredGraph(repository, byName))) {
    found.push(
      `${cycle[0]}: depends on itself: ${cycle.join(" → ")}: workspaces may not declare a cycle, for development included; the root may declare what a test needs from above`,
    );
  }
  return found;
}

interface Surroundings {
  readonly repository: Repository;
  readonly layers: Layers;
  readonly byName: ReadonlyMap<string, Workspace>;
}

/** The rule that an import breaks, in words; undefined when it breaks none. */
function importViolation(
  { specifier }: Import,
  file: SourceFile,
  workspace: Workspace,
  { repository, layers, byName }: Surroundings,
): string | undefined {
  const isLayer = workspace.group === "packages";

  if (specifier.startsWith(".")) {
    const target = normalize(join(dirname(file.path), specifier));
    const inside = target.startsWith(`${workspace.path}/`);
    // A tool may be used by path where it has no package of its own to import; a package never is.
    if (inside || (!isLayer && target.startsWith("tools/"))) return undefined;
    return "a relative import may not leave its own package; import the other by its name";
  }

  if (isBuiltin(specifier)) {
    if (!isLayer || file.isTest || file.path.startsWith("packages/loop/src/hosts/")) return undefined;
    return "only a host (packages/loop/src/hosts) may touch the platform";
  }

  const name = packageNameOf(specifier);
  const target = byName.get(name);
  if (isLayer && !file.isTest && name !== workspace.manifest.name) {
    const allowed = layers[workspace.folder] ?? [];
    if (target === undefined) {
      if (isOptionalPeer(workspace.manifest, name)) return undefined;
      return "a package has no third-party runtime dependency";
    }
    if (!allowed.includes(target.folder) || target.group !== "packages") {
      return `${workspace.folder} may import ${allowed.length === 0 ? "no other package" : `only ${allowed.join(", ")}`}`;
    }
  }
  if (!isDeclared(name, file, workspace.manifest, repository.manifest)) {
    return `${name} is not declared in ${workspace.path}/package.json`;
  }
  if (target?.manifest.exports !== undefined) {
    const subpath = specifier === name ? "." : `.${specifier.slice(name.length)}`;
    if (!(subpath in target.manifest.exports)) return `${name} does not export "${subpath}"`;
  }
  return undefined;
}

/** The published dependencies of a package may only be layers below it. */
function manifestViolations(
  { folder, path, manifest }: Workspace,
  layers: Layers,
  byName: ReadonlyMap<string, Workspace>,
): string[] {
  const file = `${path}/package.json`;
  if (layers[folder] === undefined)
    return [`${file}: declares "${manifest.name}": ${folder} is not in the package graph`];
  const published = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  return Object.keys(published).flatMap((name) => {
    const target = byName.get(name);
    if (target !== undefined) {
      if (layers[folder]!.includes(target.folder)) return [];
      return [`${file}: declares "${name}": ${folder} may not depend on ${target.folder}`];
    }
    if (isOptionalPeer(manifest, name)) return [];
    return [`${file}: declares "${name}": a package has no third-party runtime dependency`];
  });
}

/** What is published needs its dependencies declared as such; everything else may be needed for development only. */
function isDeclared(name: string, file: SourceFile, own: Manifest, root: Manifest): boolean {
  if (name === own.name) return true;
  const published = { ...own.dependencies, ...own.peerDependencies, ...own.optionalDependencies };
  if (name in published) return true;
  if (!file.isTest && own.exports !== undefined && !isPrivate(own)) return false;
  return name in { ...own.devDependencies, ...root.devDependencies, ...root.dependencies };
}

function isPrivate(manifest: Manifest): boolean {
  return (manifest as { private?: boolean }).private === true;
}

/** An integration with a tool that the user has, such as a test runner, and that is never installed for them. */
function isOptionalPeer(manifest: Manifest, name: string): boolean {
  return name in (manifest.peerDependencies ?? {}) && manifest.peerDependenciesMeta?.[name]?.optional === true;
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** "@scope/name/sub/path" → "@scope/name"; "name/sub" → "name". */
function packageNameOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Which file imports which of the same workspace. */
function fileGraph(workspace: Workspace): Map<string, string[]> {
  const paths = new Set(workspace.files.map((file) => file.path));
  const edges = workspace.files.map(({ path, imports }): [string, string[]] => [
    path,
    imports
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }) => normalize(join(dirname(path), specifier)))
      .filter((target) => paths.has(target)),
  ]);
  return new Map(edges);
}

/** Which workspace imports which, tests aside: those may use what stands above their own layer. */
function packageGraph(repository: Repository, byName: ReadonlyMap<string, Workspace>): Map<string, string[]> {
  const edges = repository.workspaces.map(({ manifest, files }): [string, string[]] => {
    const imported = files.filter((file) => !file.isTest).flatMap((file) => file.imports);
    const names = new Set(imported.map(({ specifier }) => packageNameOf(specifier)));
    return [manifest.name, [...names].filter((name) => name !== manifest.name && byName.has(name))];
  });
  return new Map(edges);
}

/** Which workspace declares which, for development too: a cycle there leaves no order to build and test in. */
function declaredGraph(repository: Repository, byName: ReadonlyMap<string, Workspace>): Map<string, string[]> {
  const edges = repository.workspaces.map(({ manifest }): [string, string[]] => [
    manifest.name,
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => byName.has(name)),
  ]);
  return new Map(edges);
}
