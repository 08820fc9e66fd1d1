import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Coroutine, coroutine, fromAsync } from "@tsyncio/coroutine";
import type { Suspension } from "@tsyncio/future";
import { parserOf } from "./document/parse.ts";

export type Kind = "file" | "folder" | null;

/** What a path leads to; null for nothing. */
export const kindOf = fromAsync(async function kindOf(_signal, path: string): Promise<Kind> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return null;
  }
});

export const readText = fromAsync(async function readText(signal, path: string): Promise<string> {
  return readFile(path, { encoding: "utf8", signal });
});

const entriesOf = fromAsync(async function entriesOf(_signal, path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true });
});

/** Folders of what is not one's own, or was made by a program. */
const foreign = new Set(["node_modules", "dist", "coverage", "vendor"]);

/**
 * Hands each Markdown and HTML file below a folder to `found`, by name; hidden folders are left out. How fast it goes
 * is decided by `found`, which may suspend.
 */
export const walkFolder = coroutine(function* walkFolder(
  folder: string,
  isExcluded: (path: string) => boolean,
  found: (path: string) => Coroutine<void>,
): Generator<Suspension, void, unknown> {
  const entries = yield* entriesOf(folder);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isExcluded(path)) continue;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !foreign.has(entry.name)) yield* walkFolder(path, isExcluded, found);
    } else if (parserOf(entry.name) !== null) {
      yield* found(path);
    }
  }
});
