import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { newPackage } from "./new-package.ts";

const usage = `Usage: pnpm new-package <name>
Makes packages/<name>, published as @tsyncio/<name>, and installs it.`;

const root = resolve(import.meta.dirname, "../../..");
const names = process.argv.slice(2).filter((argument) => argument !== "--");
const [name] = names;
if (name === undefined || names.length !== 1 || name.startsWith("-")) {
  console.error(usage);
  process.exit(name === "--help" ? 0 : 2);
}
try {
  newPackage(root, name);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
const run = (program: string, ...args: string[]): void => {
  execFileSync(join(root, "node_modules/.bin", program), args, { cwd: root, stdio: "inherit" });
};
run("pnpm", "install", "--no-frozen-lockfile");
run("biome", "check", "--write", `packages/${name}`, "tools/examples/package.json", "tools/graph/src/layers.ts");
console.log(
  `packages/${name} is there. Say in tools/graph/src/layers.ts what it may import, and draw it in README.md.`,
);
