import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const source = fileURLToPath(new URL(".", import.meta.url));

/** The programs that are measured, compiled: they import the built packages, as a user would. */
export const programs = fileURLToPath(new URL("../dist/", import.meta.url));

function pnpm(folder: string, ...args: string[]): void {
  const { status } = spawnSync(join(root, "node_modules/.bin/pnpm"), args, {
    cwd: folder,
    stdio: ["ignore", process.stderr, process.stderr],
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`pnpm ${args.join(" ")} failed (it ended with ${status}).`);
}

/** Builds the packages of a working tree. */
export function buildPackages(folder = root): void {
  pnpm(folder, "exec", "turbo", "run", "build", "--filter=./packages/*", "--output-logs=errors-only");
}

/** Compiles the measuring programs into a folder from where `tsyncio` is found. */
export async function compilePrograms(into = programs): Promise<void> {
  await build({
    entryPoints: [join(source, "child.ts")],
    outdir: into,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  copyFileSync(join(source, "contenders/cpython.py"), join(into, "cpython.py"));
}

/** A second working tree with another state of the packages, built; `remove` takes it away again. */
export async function checkOut(reference: string, folder: string): Promise<{ programs: string; remove: () => void }> {
  const git = (...args: string[]) => {
    const { status, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr.trim()}`);
  };
  git("worktree", "add", "--detach", folder, reference);
  const remove = () => git("worktree", "remove", "--force", folder);
  try {
    pnpm(folder, "install", "--frozen-lockfile", "--prefer-offline");
    buildPackages(folder);
    // Inside the umbrella package, where its own name leads to its own build.
    const into = join(folder, "packages/tsyncio/dist/bench");
    mkdirSync(into, { recursive: true });
    await compilePrograms(into);
    return { programs: into, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
