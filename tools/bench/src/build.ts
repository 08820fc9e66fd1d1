import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { constants } from "@tsyncio/config/constants.ts";
import { build, type Plugin } from "esbuild";
import { type Feature, featureNames, without } from "./without.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const source = fileURLToPath(new URL(".", import.meta.url));

/** The programs that are measured, compiled: they import the built packages, as a user would. */
export const programs = fileURLToPath(new URL("../dist/", import.meta.url));

/** Builds the packages. */
export function buildPackages(): void {
  const tools = join(root, "node_modules/.bin");
  const { status } = spawnSync(
    join(tools, "turbo"),
    ["run", "build", "--filter=./packages/*", "--output-logs=errors-only"],
    {
      cwd: root,
      stdio: ["ignore", process.stderr, process.stderr],
      // turbo looks for pnpm there.
      env: { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ""}` },
      timeout: 600_000,
    },
  );
  if (status !== 0) throw new Error(`The packages could not be built (turbo ended with ${status}).`);
}

/** Compiles the measuring programs. Without `tree` they import the built packages; with it they contain that working tree's sources. */
export async function compilePrograms(into = programs, tree?: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ["child.ts", "counted.ts"].map((name) => join(source, name)),
    outdir: into,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    packages: "external",
    plugins: tree === undefined ? [] : [sourcesOf(tree)],
    logLevel: "error",
    write: false,
  });
  mkdirSync(into, { recursive: true });
  // Like the packages' own build: esbuild makes variables of the constants that users write.
  for (const { path, text } of outputFiles) writeFileSync(path, constants(text));
  copyFileSync(join(source, "contenders/cpython.py"), join(into, "cpython.py"));
}

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly "@tsyncio/source": string }>>;
}

/** Finds `@tsyncio/name/sub-path` among a working tree's sources, where the package's own exports say. */
const sourcesOf = (tree: string): Plugin => ({
  name: "sources",
  setup(building) {
    building.onResolve({ filter: /^@tsyncio\// }, ({ path }) => {
      const [, name, subPath] = path.split("/");
      const folder = join(tree, "packages", name!);
      const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
      const entry = exports[subPath === undefined ? "." : `./${subPath}`];
      if (entry === undefined) throw new Error(`${path} is not among the exports of packages/${name}/package.json.`);
      return { path: join(folder, entry["@tsyncio/source"]) };
    });
  },
});

/** The measuring programs with some state of the packages; `remove` takes them away again. */
export interface StatePrograms {
  readonly programs: string;
  remove(): void;
}

/** The names of states of the sources: those of the working tree without one feature. */
export const reducedStates: readonly `no-${Feature}`[] = featureNames.map((feature) => `no-${feature}` as const);

/** Compiles them with the sources of a git reference, or of a folder with such sources, or of one of `reducedStates`. */
export async function compileState(state: string): Promise<StatePrograms> {
  mkdirSync(programs, { recursive: true });
  const into = mkdtempSync(join(programs, "state-"));
  const result = { programs: into, remove: () => rmSync(into, { recursive: true, force: true }) };
  try {
    const missing = featureNames.find((feature) => state === `no-${feature}`);
    if (missing !== undefined) await without(missing, root, (tree) => compilePrograms(into, tree));
    else if (existsSync(join(state, "packages"))) await compilePrograms(into, resolve(state));
    else await withWorktree(state, (tree) => compilePrograms(into, tree));
  } catch (error) {
    result.remove();
    throw error;
  }
  return result;
}

async function withWorktree(reference: string, body: (tree: string) => Promise<void>): Promise<void> {
  const git = (...args: string[]) => {
    const { status, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr.trim()}`);
  };
  const tree = join(mkdtempSync(join(tmpdir(), "tsyncio-bench-")), "tree");
  try {
    git("worktree", "add", "--detach", tree, reference);
    await body(tree);
  } finally {
    if (existsSync(tree)) git("worktree", "remove", "--force", tree);
    rmSync(dirname(tree), { recursive: true, force: true });
  }
}
