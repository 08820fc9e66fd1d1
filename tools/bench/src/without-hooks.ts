import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** A text that stands so many times in a file of `packages/`, and does not without hooks. */
interface Removal {
  readonly file: string;
  readonly text: string;
  readonly times?: number;
}

/**
 * Everything that an operation does so that somebody may watch it: instruments, the tests' guards, the diagnosis of
 * deadlocks. What is done once for each lock or loop counts too where it leaves a field.
 */
const removals: readonly Removal[] = [
  { file: "coroutine/src/coroutine.ts", text: "    this._made();\n" },
  { file: "task/src/sleep.ts", text: "    this._made();\n", times: 2 },
  { file: "sync/src/wait-in-queue.ts", text: "    this._made();\n" },
  { file: "sync/src/permit.ts", text: "    permits.taken(from);\n" },
  { file: "sync/src/lock.ts", text: "    permits.returned(this);\n" },
  { file: "sync/src/semaphore.ts", text: "    permits.returned(this);\n" },
  { file: "sync/src/wait-queue.ts", text: "    this.resource = resource;\n" },
  { file: "loop/src/event-loop.ts", text: "  _instruments: Instrument[] | null = null;\n" },
  {
    file: "loop/src/event-loop.ts",
    text: '      if (this._instruments !== null) this._tell("idle", nextMs);\n',
  },
  {
    file: "loop/src/event-loop.ts",
    text: `    if (this._instruments !== null) {
      this._tell("idle", nextMs);
      if (this._ready.length > 0) return;
    }
`,
  },
  { file: "task/src/task.ts", text: "    registry.cancellationSwallowed?.(this);\n" },
];

/** How a hook looks where it is asked or called. */
const hook =
  /\b_instruments\s*[!=]==|\b_made\(\)|\bcancellationSwallowed\s*(\?\.|\(|[!=]==)|\bpermits\.(taken|returned)\(|\bregistry\.permits\b/;

/** Takes the hooks out of the sources below `folder`. */
export function removeHooks(folder: string): void {
  for (const { file, text, times = 1 } of removals) {
    const path = join(folder, "packages", file);
    const parts = readFileSync(path, "utf8").split(text);
    if (parts.length !== times + 1) {
      throw new Error(
        `packages/${file} has ${parts.length - 1} times, not ${times}: ${text.trim()}\nBring without-hooks.ts up to date.`,
      );
    }
    writeFileSync(path, parts.join(""));
  }
  const left = sourcesIn(folder).flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => hook.test(line) && !/^\s*\*/.test(line))
      .map((line) => `${path.slice(folder.length + 1)}: ${line.trim()}`),
  );
  if (left.length > 0) throw new Error(`without-hooks.ts does not know of these hooks:\n${left.join("\n")}`);
}

/** The sources that run when nobody watches. What tells watchers, and says who they are, is no part of an operation. */
function sourcesIn(folder: string): string[] {
  const packages = join(folder, "packages");
  return readdirSync(packages)
    .filter((name) => name !== "testing")
    .flatMap((name) => {
      const source = join(packages, name, "src");
      return readdirSync(source, { recursive: true, encoding: "utf8" }).map((file) => join(source, file));
    })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && basename(path) !== "permits.ts");
}

/** Calls `body` with a copy of a working tree's sources that has no hooks. */
export async function withoutHooks(tree: string, body: (copy: string) => Promise<void>): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), "tsyncio-without-hooks-"));
  try {
    cpSync(join(tree, "tsconfig.json"), join(copy, "tsconfig.json"));
    for (const name of readdirSync(join(tree, "packages"))) {
      for (const part of ["package.json", "src"]) {
        cpSync(join(tree, "packages", name, part), join(copy, "packages", name, part), { recursive: true });
      }
    }
    removeHooks(copy);
    await body(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
