import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { addChangeset, bumpVersions, publish, versionsIn } from "./changesets.ts";
import { closureOf, copyRepository, type Package, packagesIn } from "./copy.ts";
import { type PackageManager, Project, tryOut } from "./project.ts";
import { Registry } from "./registry.ts";

const usage = `Usage: pnpm release:rehearse [--keep]
Publishes every package to a registry on this machine, and tries each out in an empty project: with npm, and with pnpm.
  --keep  leave the folder with everything in it, and say where it is`;

const options = process.argv.slice(2).filter((argument) => argument !== "--");
if (options.some((option) => option !== "--keep")) {
  console.error(usage);
  process.exit(options.includes("--help") ? 0 : 2);
}
const root = resolve(import.meta.dirname, "../../..");
const directory = mkdtempSync(join(tmpdir(), "tsyncio-release-"));
const copy = join(directory, "copy");
const registry = new Registry(join(directory, "registry"));

function stop(): void {
  registry.stop();
  if (options.includes("--keep")) console.log(`everything is in ${directory}`);
  else rmSync(directory, { recursive: true, force: true });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop();
    process.exit(1);
  });
}

const started = Date.now();
function say(text: string): void {
  console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

/** The packages whose present version the registry has. */
async function published(packages: readonly Package[]): Promise<string[]> {
  const names: string[] = [];
  for (const { manifest } of packages) {
    if ((await registry.versions(manifest.name)).includes(manifest.version)) names.push(manifest.name);
  }
  return names;
}

async function rehearse(): Promise<void> {
  for (const { folder } of packagesIn(root)) {
    if (!existsSync(join(root, "packages", folder, "dist")))
      throw new Error(`packages/${folder} is not built; run pnpm build`);
  }
  await copyRepository(root, copy);
  await bumpVersions(copy);
  const packages = packagesIn(copy);
  say(`versions: ${packages.map(({ manifest }) => `${manifest.name} ${manifest.version}`).join(", ")}`);

  await publishInTwoGoes(packages);
  await tryEveryPackage(packages);
  await loadTwoCopies();
}

/** The first go fails half-way, for a package in the middle of the graph; the second publishes what is missing. */
async function publishInTwoGoes(packages: readonly Package[]): Promise<void> {
  await registry.start(["@tsyncio/coroutine", "@tsyncio/queue"]);
  const first = await publish(copy, registry.environment);
  const halfWay = await published(packages);
  if (first.exitCode === 0) throw new Error(`publishing should have failed half-way\n${first.output}`);
  if (halfWay.length === 0 || halfWay.length === packages.length) {
    throw new Error(`half-way ${halfWay.length} of ${packages.length} packages are published\n${first.output}`);
  }
  say(`publishing failed half-way, with ${halfWay.length} of ${packages.length} published`);

  registry.stop();
  await registry.start();
  const second = await publish(copy, registry.environment);
  const all = await published(packages);
  if (second.exitCode !== 0 || all.length !== packages.length) {
    throw new Error(`publishing again left ${packages.length - all.length} packages out\n${second.output}`);
  }
  const third = await publish(copy, registry.environment);
  if (third.exitCode !== 0) throw new Error(`publishing what is published already failed\n${third.output}`);
  say(`publishing again published the rest; once more found nothing to do`);
}

async function tryEveryPackage(packages: readonly Package[]): Promise<void> {
  const managers: readonly PackageManager[] = ["npm", "pnpm"];
  const trials = packages.flatMap(({ folder, manifest }) =>
    managers.map((manager) => async () => {
      const project = new Project(join(directory, "projects", manager, folder), manager, environment());
      const readme = readFileSync(join(copy, "packages", folder, "README.md"), "utf8");
      await tryOut(project, manifest.name, closureOf(manifest.name, packages), readme);
      say(`${manifest.name} with ${manager}: what came along, ESM, CommonJS, types, example`);
    }),
  );
  // Two at once: a project spends half of its time waiting for the registry.
  const worker = async (): Promise<void> => {
    for (let trial = trials.shift(); trial !== undefined; trial = trials.shift()) await trial();
  };
  await Promise.all([worker(), worker()]);
}

/** Copies of the same version, as ESM and CommonJS; then an older and a newer version. */
async function loadTwoCopies(): Promise<void> {
  const program = join(import.meta.dirname, "../programs/two-copies.mjs");
  const project = new Project(join(directory, "projects/two-copies"), "npm", environment());
  project.copyIn(program, "two-copies.mjs");
  const older = versionsIn(copy).tsyncio!;
  await project.install(`older@npm:tsyncio@${older}`);
  await project.node("two-copies.mjs", "import:older", "require:older");
  say("ESM and CommonJS in one process work together");

  addChangeset(copy, Object.fromEntries(Object.keys(versionsIn(copy)).map((name) => [name, "minor"])), "The next.");
  await bumpVersions(copy);
  const newer = versionsIn(copy).tsyncio!;
  const publishing = await publish(copy, registry.environment);
  if (publishing.exitCode !== 0) throw new Error(`publishing the next version failed\n${publishing.output}`);
  await project.install(`newer@npm:tsyncio@${newer}`);
  await project.node("two-copies.mjs", "import:older", "import:newer");
  await project.node("two-copies.mjs", "import:newer", "require:older");
  say(`versions ${older} and ${newer} in one process work together`);
}

/** The user's environment: this registry, and pnpm on the path. */
function environment(): Record<string, string> {
  return { ...registry.environment, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}` };
}

let exitCode = 0;
try {
  await rehearse();
  say("the release would work");
} catch (error) {
  console.error((error as Error).message);
  exitCode = 1;
} finally {
  stop();
}
process.exit(exitCode);
