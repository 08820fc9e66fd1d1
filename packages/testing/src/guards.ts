import { registry, watchCoroutines } from "@tsyncio/context/registry";
import type { Coroutine } from "@tsyncio/coroutine";
import { EventLoop } from "@tsyncio/loop";
import { allTasks, type Task } from "@tsyncio/task";
import { showError } from "./errors.ts";

/** What a test can leave behind. */
export type Leftover =
  /** Tasks that are not done, on a loop that is not closed. */
  | "tasks"
  /** Timers, on a loop that is not closed. */
  | "timers"
  /** Failures nobody retrieved, and errors of callbacks. */
  | "failures"
  /** Coroutines that were made and never awaited. */
  | "coroutines"
  /** Cancellations that were caught and not passed on. */
  | "cancellations";

/** All that the guards know. */
export const leftovers: readonly Leftover[] = ["tasks", "timers", "failures", "coroutines", "cancellations"];

/** Watches one test. `end()` tells what it left behind. */
export class Guard {
  readonly #loops = new Set<EventLoop>();
  readonly #before = new Set<object>();
  readonly #made: Coroutine<any>[] = [];
  readonly #swallowed: Task<any>[] = [];
  readonly #strayErrors: string[] = [];
  readonly #allowed = new Set<Leftover>();
  readonly #undo: (() => void)[] = [];
  readonly #errorsAreExpected: () => boolean;

  /** @param errorsAreExpected tells whether an error that goes to the console is looked for by the test. */
  constructor(errorsAreExpected: () => boolean = () => false) {
    this.#errorsAreExpected = errorsAreExpected;
    this.#watchLoops();
    this.#watchRegistry();
  }

  /** Lets the test leave such things behind. */
  allow(...leftovers: readonly Leftover[]): void {
    for (const leftover of leftovers) this.#allowed.add(leftover);
  }

  /** Ends the watch, and gives what was left behind, in words. */
  end(): string[] {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    const found: [Leftover, string][] = [];
    /** A task that has not begun will run its coroutine: then the task is what is left. */
    const taken = new Set<object | null>();
    for (const loop of this.#loops) {
      for (const task of allTasks(loop)) {
        taken.add(task.getCoro());
        if (!this.#before.has(task)) found.push(["tasks", `a task is left: ${task}`]);
      }
      for (const timer of loop._timers.handles) {
        if (!timer._cancelled && !this.#before.has(timer)) found.push(["timers", `a timer is left: ${timer}`]);
      }
      if (loop._failures.size > 0) found.push(["failures", `failures nobody retrieved: ${loop._failures.size}`]);
    }
    for (const error of this.#strayErrors) found.push(["failures", error]);
    for (const coroutine of this.#made) {
      if (coroutine.state === "created" && !taken.has(coroutine))
        found.push(["coroutines", `a coroutine was never awaited: ${coroutine}`]);
    }
    for (const task of this.#swallowed) {
      found.push([
        "cancellations",
        `a cancellation was swallowed by ${task.getName()}: let the CancelledError pass, or call uncancel()`,
      ]);
    }
    return found.filter(([leftover]) => !this.#allowed.has(leftover)).map(([, words]) => words);
  }

  /** A loop is known from the first thing that is scheduled on it, until it is closed. */
  #watchLoops(): void {
    const noteLoop = (loop: EventLoop) => {
      if (this.#loops.has(loop)) return;
      this.#loops.add(loop);
      for (const task of allTasks(loop)) this.#before.add(task);
      for (const timer of loop._timers.handles) this.#before.add(timer);
    };
    this.#undo.push(
      before("_schedule", noteLoop),
      before("_giveWay", noteLoop),
      before("_setTimer", noteLoop),
      before("close", (loop) => this.#loops.delete(loop)),
      before("defaultExceptionHandler", (_, context) => {
        if (this.#errorsAreExpected()) return;
        const { message, exception } = context as { message: string; exception?: unknown };
        this.#strayErrors.push(exception === undefined ? message : `${message}: ${showError(exception)}`);
      }),
    );
  }

  #watchRegistry(): void {
    const { coroutineMade, cancellationSwallowed } = registry;
    watchCoroutines((coroutine) => {
      this.#made.push(coroutine as Coroutine<any>);
      coroutineMade?.(coroutine);
    });
    registry.cancellationSwallowed = (task) => {
      this.#swallowed.push(task as Task<any>);
      cancellationSwallowed?.(task);
    };
    this.#undo.push(() => {
      watchCoroutines(coroutineMade);
      registry.cancellationSwallowed = cancellationSwallowed;
    });
  }
}

/** Calls `tell` before each call of a method of every loop, until the function it gives is called. */
function before(
  name: "_schedule" | "_giveWay" | "_setTimer" | "close" | "defaultExceptionHandler",
  tell: (loop: EventLoop, ...args: unknown[]) => void,
): () => void {
  const prototype = EventLoop.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = prototype[name]!;
  prototype[name] = function (this: EventLoop, ...args: unknown[]) {
    tell(this, ...args);
    return original.apply(this, args);
  };
  return () => {
    prototype[name] = original;
  };
}
