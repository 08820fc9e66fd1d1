import { Coroutine } from "@tsyncio/coroutine";
import { checkpoint, Leaf } from "@tsyncio/coroutine/protocol";
import { Future } from "@tsyncio/future";
import { currentTask, type Task } from "@tsyncio/task";
import { siteOf } from "./site.ts";

/** One coroutine of a task, and where in it the task is suspended. */
export interface PlacedFrame {
  readonly name: string;
  /** `file:line:column`; null in the packages' own code. */
  readonly site: string | null;
}

/** The kinds of coroutines without a generator, such as `sleep()`. */
const frameless: object[] = [];
for (let kind: object = Leaf.prototype; kind !== Coroutine.prototype; kind = Object.getPrototypeOf(kind)) {
  frameless.push(kind);
}

function isFrameless(awaitable: object): boolean {
  return frameless.some((kind) => Object.prototype.isPrototypeOf.call(kind, awaitable));
}

/** Where each coroutine was awaited, by whoever awaits it. */
let calls: WeakMap<object, string | null> | null = null;
/** Where each task last awaited anything. */
let awaits: WeakMap<object, string | null> | null = null;

/**
 * Notes the place in the source of every `yield*` while `body` runs. An iterator is made at each, within the coroutine
 * that awaits, so the call stack of that moment shows the place; this is slow, and is done only to explain.
 */
export function withSites<T>(body: () => T): T {
  const outer = { calls, awaits };
  calls = new WeakMap();
  awaits = new WeakMap();
  const undo = [Future.prototype, Coroutine.prototype, ...frameless, checkpoint].map(watch);
  try {
    return body();
  } finally {
    for (const restore of undo) restore();
    ({ calls, awaits } = outer);
  }
}

/** The chain of coroutines of a task, outermost first, each with its place while `withSites` watches. */
export function chainOf(task: Task<any>): PlacedFrame[] {
  const frames = task._coroutines();
  return frames.map(({ name }, index) => {
    const callee = frames[index + 1];
    return { name, site: (callee === undefined ? awaits?.get(task) : calls?.get(callee)) ?? null };
  });
}

/** The innermost place of a chain that is in the user's own code. */
export function placeOf(chain: readonly PlacedFrame[]): string | null {
  return chain.findLast(({ site }) => site !== null)?.site ?? null;
}

function watch(awaitable: object): () => void {
  const original = Object.getOwnPropertyDescriptor(awaitable, Symbol.iterator);
  // It may be left to the class it extends.
  if (original === undefined) return () => {};
  const iterator = original.value as () => Iterator<unknown>;
  Object.defineProperty(awaitable, Symbol.iterator, {
    ...original,
    value(this: object) {
      const site = placeNow();
      if (this instanceof Coroutine) calls?.set(this, site);
      const task = currentTask();
      // What has no frame of its own is the end of the chain: its place is where it was awaited, in the frame before.
      if (task !== null) awaits?.set(task, isFrameless(this) ? null : site);
      return iterator.call(this);
    },
  });
  return () => Object.defineProperty(awaitable, Symbol.iterator, original);
}

/** The place in the running coroutine: below it on the call stack is what drives it, which has a place of its own. */
function placeNow(): string | null {
  const lines = (new Error("here").stack ?? "").split("\n");
  const driver = lines.findIndex((line) => /\bat resume \(|^resume@/.test(line));
  return siteOf((driver === -1 ? lines : lines.slice(0, driver)).join("\n"))?.text ?? null;
}
