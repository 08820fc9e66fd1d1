import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addChangeset, bumpVersions, removeChangesets, versionsIn } from "./changesets.ts";
import { copyRepository, readManifest } from "./copy.ts";

const repository = resolve(import.meta.dirname, "../../..");
let directory: string;
let copy: string;
let before: Record<string, string>;

/** Every package is released once, so that each version is 0.1.0 or later, as after the first release. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "tsyncio-changesets-"));
  copy = join(directory, "copy");
  await copyRepository(repository, copy);
  removeChangesets(copy);
  addChangeset(copy, Object.fromEntries(Object.keys(versionsIn(copy)).map((name) => [name, "minor"])), "First.");
  await bumpVersions(copy);
  before = versionsIn(copy);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The packages whose version is another than before, without their scope. */
function changed(): string[] {
  const after = versionsIn(copy);
  return Object.keys(after)
    .filter((name) => after[name] !== before[name])
    .map((name) => name.replace("@tsyncio/", ""))
    .sort();
}

test("a patch of one layer stays within its dependents' range, and bumps no other", async () => {
  addChangeset(copy, { "@tsyncio/loop": "patch" }, "Timers are mended.");
  await bumpVersions(copy);
  expect(changed()).toEqual(["loop"]);
});

test("a change that leaves the range bumps the dependents, and not the layers below", async () => {
  addChangeset(copy, { "@tsyncio/loop": "minor" }, "Timers are other.");
  await bumpVersions(copy);
  const above = ["coroutine", "future", "loop", "promise-interop", "queue", "sync", "task", "testing", "tsyncio"];
  expect(changed()).toEqual(above);
  expect(versionsIn(copy)["@tsyncio/loop"]).toBe(
    before["@tsyncio/loop"]!.replace(/\.(\d+)\.\d+$/, (_, n) => `.${+n + 1}.0`),
  );
});

test("a change at the top bumps nothing below it", async () => {
  addChangeset(copy, { "@tsyncio/queue": "minor" }, "Queues are other.");
  await bumpVersions(copy);
  expect(changed()).toEqual(["queue", "testing", "tsyncio"]);
});

test("the changelog tells the packages' users what the changeset said, and dependencies stay in the workspace", async () => {
  addChangeset(copy, { "@tsyncio/sync": "minor" }, "A lock may be asked who holds it.");
  await bumpVersions(copy);
  const changelog = join(copy, "packages/sync/CHANGELOG.md");
  expect(existsSync(changelog)).toBe(true);
  expect(readFileSync(changelog, "utf8")).toContain("A lock may be asked who holds it.");
  expect(readManifest(join(copy, "packages/queue")).dependencies).toMatchObject({ "@tsyncio/sync": "workspace:^" });
});
