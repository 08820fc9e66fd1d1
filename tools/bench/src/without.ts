import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** A text that stands so many times in a file of `packages/`, and what stands there without the feature: nothing, mostly. */
interface Removal {
  readonly file: string;
  readonly text: string;
  readonly times?: number;
  readonly instead?: string;
}

/**
 * What nobody should pay for who does not use it, and where it is: all that an operation does for it. What is done once
 * for each lock or loop counts too where it leaves a field.
 */
const features = {
  /** Everything by which somebody may watch: instruments, the tests' guards, the diagnosis of deadlocks. */
  hooks: [
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
  ],
  /** A task, a handle and a timer have a context, and run in it. */
  contexts: [
    {
      file: "loop/src/event-loop.ts",
      text: `    if (job._context !== commonContext || registry.context !== commonContext) {
      this._runInContext(job);
      return;
    }
`,
    },
    {
      file: "loop/src/event-loop.ts",
      text: "    if (registry.context !== commonContext) job._context = leaveContext(commonContext);\n",
    },
    { file: "loop/src/event-loop.ts", text: "    const common = enterCommon();\n", times: 2 },
    { file: "loop/src/event-loop.ts", text: "      leaveCommon(common);\n", times: 2 },
    {
      file: "loop/src/event-loop.ts",
      text: "  if (options === undefined) return captureContext();\n",
      instead: "  if (options === undefined) return undefined as never;\n",
    },
    { file: "loop/src/handle.ts", text: "    this._context = context;\n" },
    {
      file: "future/src/future.ts",
      text: "options?.context ?? captureContext()",
      instead: "options?.context as Context",
    },
    { file: "task/src/task.ts", text: "      this._context = captureContext();\n" },
    {
      file: "task/src/task.ts",
      text: "    this._context = context === undefined ? captureContext() : checkContext(context);\n",
    },
    {
      file: "task/src/task.ts",
      text: `    const context = this._context;
    const enters = context !== commonContext || registry.context !== commonContext;
`,
    },
    {
      file: "task/src/task.ts",
      text: "    const outerContext = enters ? enterContext(context) : commonContext;\n",
    },
    {
      file: "task/src/task.ts",
      text: "      if (enters || registry.context !== commonContext) this._context = leaveContext(outerContext);\n",
    },
    { file: "task/src/sleep.ts", text: "future, captureContext()", instead: "future, undefined as never" },
    { file: "task/src/timeout.ts", text: "this, captureContext()", times: 2, instead: "this, undefined as never" },
  ],
  /** Slow callbacks are reported, and tasks know where they were made. */
  debug: [
    {
      file: "loop/src/event-loop.ts",
      text: `        if (this.debug) this._runTimed(job);
        else this._runJob(job);
`,
      instead: "        this._runJob(job);\n",
    },
    { file: "task/src/task.ts", text: "    if (loop.debug) noteSite(this);\n" },
  ],
  /** A future knows what waits for it through a combinator, and a coroutine its name and the leaf it is suspended in. */
  graph: [
    {
      file: "future/src/future.ts",
      text: "  _combinedBy: Future<any> | Set<Future<any>> | null = null;\n",
      instead: "  declare _combinedBy: Future<any> | Set<Future<any>> | null;\n",
    },
    { file: "task/src/gather.ts", text: "          if (waiter !== null) addCombiner(future, waiter);\n" },
    {
      file: "task/src/gather.ts",
      text: "    if (this._waiter !== null) discardCombiner(child, this._waiter);\n",
    },
    { file: "task/src/task-group.ts", text: "    futureAddToAwaitedBy(task, this._parent);\n" },
    { file: "task/src/task-group.ts", text: "    futureDiscardFromAwaitedBy(task, this._parent);\n" },
    { file: "coroutine/src/coroutine.ts", text: "    this.name = name;\n" },
    { file: "coroutine/src/coroutine.ts", text: "    bottom._caller = null;\n" },
    { file: "coroutine/src/coroutine.ts", text: "    bottom._caller = step._state === suspended ? step : null;\n" },
    { file: "loop/src/event-loop.ts", text: "_ready.pushWith(job, step)", instead: "_ready.push(job)" },
  ],
} satisfies Record<string, readonly Removal[]>;

export type Feature = keyof typeof features;
export const featureNames = Object.keys(features) as Feature[];

/** How a hook looks where it is asked or called. */
const hook =
  /\b_instruments\s*[!=]==|\b_made\(\)|\bcancellationSwallowed\s*(\?\.|\(|[!=]==)|\bpermits\.(taken|returned)\(|\bregistry\.permits\b/;

/** Takes a feature out of the sources below `folder`. */
export function remove(feature: Feature, folder: string): void {
  for (const { file, text, times = 1, instead = "" } of features[feature] as readonly Removal[]) {
    const path = join(folder, "packages", file);
    const parts = readFileSync(path, "utf8").split(text);
    if (parts.length !== times + 1) {
      throw new Error(
        `packages/${file} has ${parts.length - 1} times, not ${times}: ${text.trim()}\nBring without.ts up to date.`,
      );
    }
    writeFileSync(path, parts.join(instead));
  }
  if (feature === "hooks") checkNoHookIsLeft(folder);
}

function checkNoHookIsLeft(folder: string): void {
  const left = sourcesIn(folder).flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => hook.test(line) && !/^\s*\*/.test(line))
      .map((line) => `${path.slice(folder.length + 1)}: ${line.trim()}`),
  );
  if (left.length > 0) throw new Error(`without.ts does not know of these hooks:\n${left.join("\n")}`);
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

/** Calls `body` with a copy of a working tree's sources that has not this feature. */
export async function without(feature: Feature, tree: string, body: (copy: string) => Promise<void>): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), `tsyncio-without-${feature}-`));
  try {
    cpSync(join(tree, "tsconfig.json"), join(copy, "tsconfig.json"));
    for (const name of readdirSync(join(tree, "packages"))) {
      for (const part of ["package.json", "src"]) {
        cpSync(join(tree, "packages", name, part), join(copy, "packages", name, part), { recursive: true });
      }
    }
    remove(feature, copy);
    await body(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
