/**
 * The runtimes by name. `ensure(names)` installs those that are missing (each is a package of this folder's own workspace,
 * pinned by its own lockfile) and gives their binaries. From the shell: `node tools/runtimes/runtimes.mjs node24 deno`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

const binaries = {
  node20: "node/bin/node",
  node22: "node/bin/node",
  node24: "node/bin/node",
  node26: "node/bin/node",
  deno: "deno/deno",
  bun: "bun/bin/bun.exe",
};

export const runtimeNames = Object.keys(binaries);

/** Where the runtime's binary is once it is installed. */
export function binaryOf(name) {
  const binary = binaries[name];
  if (binary === undefined) throw new Error(`No runtime is called "${name}"; there are ${runtimeNames.join(", ")}.`);
  return join(here, name, "node_modules", binary);
}

/** Installs what is missing of `names`; returns a record of name to binary. */
export function ensure(names) {
  const missing = names.filter((name) => !existsSync(binaryOf(name)));
  if (missing.length > 0) {
    const pnpm = join(here, "../../node_modules/.bin/pnpm");
    const filters = missing.map((name) => `--filter=@tsyncio/runtime-${name}`);
    const { status } = spawnSync(pnpm, [...filters, "install", "--frozen-lockfile"], {
      cwd: here,
      stdio: ["ignore", process.stderr, process.stderr],
      timeout: 300_000,
    });
    const absent = missing.filter((name) => !existsSync(binaryOf(name)));
    if (status !== 0 || absent.length > 0)
      throw new Error(`Installing ${missing.join(", ")} failed (pnpm ended with ${status}).`);
  }
  return Object.fromEntries(names.map((name) => [name, binaryOf(name)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.length > 2 ? process.argv.slice(2) : runtimeNames;
  for (const [name, binary] of Object.entries(ensure(names))) console.log(`${name}\t${binary}`);
}
