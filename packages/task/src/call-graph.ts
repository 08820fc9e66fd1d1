import { RuntimeError } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";
import type { Coroutine } from "@tsyncio/coroutine";
import { type Future, isFuture } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import type { EventLoop } from "@tsyncio/loop";
import { currentTask } from "./current-task.ts";
import { Task } from "./task.ts";

/**
 * One coroutine in a call stack. Its name is all there is to tell: JavaScript shows no place in the source of a generator
 * that is suspended, nor of its function. (A raw generator has no name either; it is shown as `generator`.) A plain
 * function that a running coroutine has called is not listed: engines show it in the text of an Error's stack alone, each
 * in its own way.
 *
 * asyncio counterpart: `asyncio.FrameCallGraphEntry`, which has a frame.
 */
export interface FrameCallGraphEntry {
  readonly coroutine: Coroutine<any>;
}

/** A future, what runs in it, and who waits for it. asyncio counterpart: `asyncio.FutureCallGraph`. */
export interface FutureCallGraph {
  readonly future: Future<any>;
  /** The coroutines of a task, innermost first; none for a future that is no task. */
  readonly callStack: readonly FrameCallGraphEntry[];
  readonly awaitedBy: readonly FutureCallGraph[];
}

/**
 * The settings of `captureCallGraph()`. There is no `depth`: in asyncio it skips plain functions on top of the running
 * task's stack, and here there are none.
 */
export interface CallGraphOptions {
  /**
   * How many coroutines of each stack to keep: so many of the outermost, or when negative, of the innermost. With 0 the
   * stacks are empty. Default: all.
   */
  readonly limit?: number;
}

/** The settings of `printCallGraph()`. */
export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Takes the text. Default: `console.log`. */
  readonly print?: (text: string) => void;
}

/**
 * Who waits for `future`, directly or through gather, wait, shield or a task group, and who waits for those, up to the
 * tasks nobody waits for. Without an argument, for the running task; null when there is none. Does not suspend.
 *
 * @throws RuntimeError when there is neither a future nor a running loop; TypeError when it is not a future.
 * asyncio counterpart: `asyncio.capture_call_graph`.
 */
export function captureCallGraph(future?: Future<any> | null, options: CallGraphOptions = {}): FutureCallGraph | null {
  const { limit } = options;
  if (limit !== undefined && !Number.isInteger(limit)) {
    throw new TypeError(`a call graph's limit must be an integer, got ${showResult(limit)}`);
  }
  if (future === undefined || future === null) {
    const loop = registry.runningLoop as EventLoop | null;
    if (loop === null) {
      throw new RuntimeError("captureCallGraph() outside a running event loop needs a future to start from");
    }
    future = currentTask(loop);
    if (future === null) return null;
  }
  if (!isFuture(future)) throw new TypeError(`captureCallGraph() expects a future, got ${showResult(future)}`);
  return build(future, limit);
}

/**
 * The call graph as text, one line for each task, future and coroutine; empty when there is none. Does not suspend.
 *
 * @throws what `captureCallGraph()` throws.
 * asyncio counterpart: `asyncio.format_call_graph`.
 */
export function formatCallGraph(future?: Future<any> | null, options?: CallGraphOptions): string {
  const graph = captureCallGraph(future, options);
  if (graph === null) return "";
  const lines: string[] = [];
  // Not a recursion: chains of tasks may be very long.
  const left: { graph: FutureCallGraph; indent: string }[] = [{ graph, indent: "" }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { indent } = next;
    const { future: shown, callStack, awaitedBy } = next.graph;
    const id = `id=0x${idOf(shown).toString(16)}`;
    lines.push(
      `${indent}* ${shown instanceof Task ? `Task(name=${quoted(shown.getName())}, ${id})` : `Future(${id})`}`,
    );
    if (callStack.length > 0) lines.push(`${indent}  + Call stack:`);
    for (const { coroutine } of callStack) lines.push(`${indent}  |   async ${coroutine.name}()`);
    if (awaitedBy.length > 0) lines.push(`${indent}  + Awaited by:`);
    for (const waiter of [...awaitedBy].reverse()) left.push({ graph: waiter, indent: `${indent}    ` });
  }
  return lines.join("\n");
}

/**
 * Prints the call graph. Does not suspend.
 *
 * @throws what `captureCallGraph()` throws.
 * asyncio counterpart: `asyncio.print_call_graph`.
 */
export function printCallGraph(future?: Future<any> | null, options: PrintCallGraphOptions = {}): void {
  const { print = console.log } = options;
  print(formatCallGraph(future, options));
}

interface Building {
  readonly graph: FutureCallGraph & { readonly awaitedBy: FutureCallGraph[] };
  readonly waiters: Iterator<Future<any>>;
}

/**
 * Depth first, with a stack of its own: chains may be very long. A future reached by several ways has one graph; a
 * circle of tasks that wait for each other is cut where it closes.
 */
function build(root: Future<any>, limit: number | undefined): FutureCallGraph {
  const finished = new Map<Future<any>, FutureCallGraph>();
  const path = new Set<Future<any>>();
  const stack: Building[] = [];
  const enter = (future: Future<any>): FutureCallGraph => {
    const graph = { future, callStack: callStackOf(future, limit, future === root), awaitedBy: [] };
    path.add(future);
    stack.push({ graph, waiters: future.awaitedBy[Symbol.iterator]() });
    return graph;
  };
  const result = enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { done, value: waiter } = top.waiters.next();
    if (done) {
      stack.pop();
      path.delete(top.graph.future);
      finished.set(top.graph.future, top.graph);
    } else if (!path.has(waiter)) {
      top.graph.awaitedBy.push(finished.get(waiter) ?? enter(waiter));
    }
  }
  return result;
}

function callStackOf(future: Future<any>, limit: number | undefined, isRoot: boolean): FrameCallGraphEntry[] {
  if (!(future instanceof Task) || limit === 0) return [];
  const bottom = future.getCoro();
  if (bottom === null) return [];
  let coroutines = future._coroutines();
  // What runs is seen whole only when the current task asks for itself: as in asyncio, it is else the bottom alone. (It
  // may be a waiter that was not told yet, or have started an eager task, which asks.)
  const running = coroutines.at(-1)!.state === "running";
  if (running && !(isRoot && currentTask(future.getLoop()) === future)) coroutines = [bottom];
  if (limit !== undefined) coroutines = limit > 0 ? coroutines.slice(0, limit) : coroutines.slice(limit);
  return coroutines.reverse().map((coroutine) => ({ coroutine }));
}

const escapes: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t", "\\": "\\", "'": "'" };

/** A name as Python prints it, on one line whatever is in it. */
function quoted(name: string): string {
  const quote = name.includes("'") && !name.includes('"') ? '"' : "'";
  const shown = name.replace(/[\\'\p{C}\p{Z}]/gu, (character) => {
    if (character === " " || (character === "'" && quote === '"')) return character;
    const code = character.codePointAt(0)!;
    const digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    return `\\${escapes[character] ?? { 2: "x", 4: "u", 8: "U" }[digits] + code.toString(16).padStart(digits, "0")}`;
  });
  return quote + shown + quote;
}

const ids = new WeakMap<Future<any>, number>();
let lastId = 0;

function idOf(future: Future<any>): number {
  let id = ids.get(future);
  if (id === undefined) ids.set(future, (id = ++lastId));
  return id;
}
