import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, type CommandResult, execute } from "./command.ts";
import { packagesIn } from "./copy.ts";

export type Bump = "patch" | "minor" | "major";

/** Writes a changeset into a copy of the repository, as `changeset` would after asking. */
export function addChangeset(copy: string, bumps: Readonly<Record<string, Bump>>, summary: string): void {
  const lines = Object.entries(bumps).map(([name, bump]) => `"${name}": ${bump}`);
  const name = `rehearsed-${readdirSync(join(copy, ".changeset")).length}.md`;
  writeFileSync(join(copy, ".changeset", name), `---\n${lines.join("\n")}\n---\n\n${summary}\n`);
}

/** Forgets the changesets that wait in a copy. */
export function removeChangesets(copy: string): void {
  for (const file of readdirSync(join(copy, ".changeset"))) {
    if (file.endsWith(".md") && file !== "README.md") rmSync(join(copy, ".changeset", file));
  }
}

/** `changeset version`: turns the waiting changesets into versions and changelogs. */
export async function bumpVersions(copy: string): Promise<void> {
  await execute([changeset(copy), "version"], { directory: copy, env: onPath(copy) });
}

/** `changeset publish`: publishes every package whose version the registry does not have. It may fail half-way. */
export function publish(copy: string, environment: Readonly<Record<string, string>>): Promise<CommandResult> {
  const env = { ...environment, ...onPath(copy) };
  return attempt([changeset(copy), "publish"], { directory: copy, env, limitSeconds: 180 });
}

/** The versions of the published packages of a repository, by name. */
export function versionsIn(root: string): Record<string, string> {
  return Object.fromEntries(packagesIn(root).map(({ manifest }) => [manifest.name, manifest.version]));
}

const changeset = (copy: string): string => join(copy, "node_modules/.bin/changeset");

const onPath = (copy: string): Record<string, string> => ({
  PATH: `${join(copy, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
});
