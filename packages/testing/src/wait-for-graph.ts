import { type Future, isFuture } from "@tsyncio/future";
import type { EventLoop } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Barrier, Condition, Event, Lock, Semaphore } from "@tsyncio/sync";
import { Waiter } from "@tsyncio/sync/wait-queue";
import { allTasks, type Task } from "@tsyncio/task";
import { holdersOf } from "./holders.ts";
import { siteOf } from "./site.ts";

/** Who waits for what, at one moment. */
export interface WaitForGraph {
  /** The tasks that are not done, oldest first. */
  readonly tasks: readonly WaitingTask[];
  /** Circles of tasks each of which waits for the next, the last for the first. */
  readonly cycles: readonly (readonly WaitingTask[])[];
}

/** A task of a deadlock, and what it waits for. */
export interface WaitingTask {
  readonly name: string;
  readonly task: Task<any>;
  /** Its coroutines, outermost first. */
  readonly coroutines: readonly string[];
  readonly awaits: Awaited;
  /** Where it was made, when the loop is in debug mode. */
  readonly madeAt: string | null;
}

/** What a task is suspended on. */
export interface Awaited {
  /** A task, a lock or queue or the like, several futures together, or a future by itself. */
  readonly kind: "task" | "resource" | "group" | "future" | "nothing";
  /** The task, the lock …; null for nothing. */
  readonly object: object | null;
  readonly description: string;
  /** The tasks that could end the waiting: the task itself, those who hold the lock, those a group is made of. */
  readonly waitsFor: readonly Task<any>[];
}

/** Who waits for what on a loop. */
export function waitForGraph(loop: EventLoop): WaitForGraph {
  const pending = [...allTasks(loop)];
  const names = new ObjectNames();
  const tasks = pending.map((task): WaitingTask => {
    return {
      name: task.getName(),
      task,
      coroutines: task._coroutines().map(({ name }) => name),
      awaits: awaitedBy(task, pending, names),
      madeAt: task._madeAt === undefined ? null : (siteOf(task._madeAt)?.text ?? null),
    };
  });
  return { tasks, cycles: cyclesOf(tasks) };
}

/** In a few words what a task is suspended on; null when it only gave way. */
export function whatIsAwaited(task: Task<any>, names: ObjectNames): string | null {
  const waited = task._waitingOn;
  if (!isFuture(waited)) return null;
  if (waited instanceof Waiter) return names.name(partOf(waited.resource));
  return isTask(waited) ? waited.getName() : "a future";
}

function awaitedBy(task: Task<any>, pending: readonly Task<any>[], names: ObjectNames): Awaited {
  const waited = task._waitingOn;
  if (!isFuture(waited)) {
    return { kind: "nothing", object: null, description: "nothing: it is ready to run", waitsFor: [] };
  }
  if (waited instanceof Waiter) return resource(waited, names);
  if (isTask(waited)) {
    return { kind: "task", object: waited, description: `the task ${waited.getName()}`, waitsFor: [waited] };
  }
  // A combinator notes who waits for each of its parts: itself, or the task that made it.
  const parts = pending.filter((other) => other.awaitedBy.has(waited) || other.awaitedBy.has(task));
  if (parts.length > 0) {
    const list = parts.map((part) => part.getName()).join(", ");
    return { kind: "group", object: waited, description: `${list} together`, waitsFor: parts };
  }
  return {
    kind: "future",
    object: waited,
    description: `${waited}, which nobody is about to settle`,
    waitsFor: [],
  };
}

function resource(waiter: Waiter, names: ObjectNames): Awaited {
  const object = partOf(waiter.resource);
  const name = names.name(object);
  const holders = holdersOf(object instanceof Condition ? object : waiter.resource) as Task<any>[];
  const list = holders.map((holder) => `${holder.getName()}${holder.done() ? ", which has ended" : ""}`);
  const held = list.length > 0 ? `held by ${list.join(", ")}` : null;
  return { kind: "resource", object, description: `${name}, ${explain(object, waiter, held)}`, waitsFor: holders };
}

/** The thing users know: a barrier waits by means of a condition, a queue's `join()` by means of an event. */
function partOf(object: object): object {
  return (object as { _partOf?: object | null })._partOf ?? object;
}

function explain(object: object, waiter: Waiter, held: string | null): string {
  if (object instanceof Lock) return held ?? (object.locked() ? "locked by nobody that is known" : "which is free");
  if (object instanceof Semaphore) return held ?? "whose permits nobody holds";
  if (object instanceof Condition) return "which nobody notifies";
  if (object instanceof Event) return "which nobody sets";
  if (object instanceof Barrier) return `at which ${object.nWaiting} of ${object.parties} have come`;
  if (object instanceof Queue) {
    const { putters, getters, unfinished } = object.statistics();
    if (waiter.resource !== object) return `for its items to be done: ${unfinished} of them not yet`;
    if (object.empty()) return `for an item: it is empty, and ${count(putters, "task puts", "tasks put")}`;
    return `for room: it is full, and ${count(getters, "task gets", "tasks get")}`;
  }
  return held ?? "which nobody gives";
}

function count(n: number, one: string, several: string): string {
  return n === 0 ? `no ${one}` : `${n} ${n === 1 ? one : several}`;
}

function isTask(future: Future<any>): future is Task<any> {
  return typeof (future as unknown as Partial<Task>).getCoro === "function";
}

/** Numbers things that print alike: `Lock 1`, `Lock 2`. */
export class ObjectNames {
  readonly #names = new Map<object, string>();
  readonly #counts = new Map<string, number>();

  name(object: object): string {
    let name = this.#names.get(object);
    if (name === undefined) {
      const kind = object.constructor.name;
      const number = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, number);
      name = `${kind} ${number} ${object}`;
      this.#names.set(object, name);
    }
    return name;
  }
}

/** The circles in the graph: each task is in one of them at most. */
function cyclesOf(tasks: readonly WaitingTask[]): WaitingTask[][] {
  const byTask = new Map(tasks.map((waiting) => [waiting.task, waiting]));
  const seen = new Set<WaitingTask>();
  const cycles: WaitingTask[][] = [];
  for (const start of tasks) {
    const path: WaitingTask[] = [];
    const iterators: Iterator<Task<any>>[] = [];
    let next: WaitingTask | undefined = start;
    for (;;) {
      if (next !== undefined) {
        const place = path.indexOf(next);
        if (place >= 0) cycles.push(path.slice(place));
        if (place === -1 && !seen.has(next)) {
          seen.add(next);
          path.push(next);
          iterators.push(next.awaits.waitsFor[Symbol.iterator]());
        }
      }
      const step = iterators.at(-1)?.next();
      if (step === undefined) break;
      if (step.done === true) {
        path.pop();
        iterators.pop();
        next = undefined;
      } else {
        next = byTask.get(step.value);
      }
    }
  }
  return cycles;
}

/** The graph in words. */
export function describeGraph({ tasks, cycles }: WaitForGraph): string {
  const lines = [
    `nothing is ready, no timer is set, and ${tasks.length === 1 ? "a task waits" : `${tasks.length} tasks wait`} for what can never come:`,
  ];
  for (const { name, coroutines, awaits, madeAt } of tasks) {
    lines.push(`  ${name}${madeAt === null ? "" : ` (made at ${madeAt})`}`);
    lines.push(`    in ${coroutines.map((coroutine) => `${coroutine}()`).join(" > ")}`);
    lines.push(`    waits for ${awaits.description}`);
  }
  for (const cycle of cycles) {
    const circle = [...cycle, cycle[0]!].map(({ name }) => name).join(" -> ");
    lines.push(`  They wait in a circle: ${circle}`);
  }
  return lines.join("\n");
}
