import { registry, watchCoroutines } from "@tsyncio/context/registry";
import type { Coroutine } from "@tsyncio/coroutine";
import { Queue } from "@tsyncio/queue";
import { Barrier, Condition, Event, Lock, Semaphore } from "@tsyncio/sync";
import { allTasks } from "@tsyncio/task";
import type { ScheduledLoop } from "../explore/scheduled-loop.ts";
import { ObjectNames } from "../wait-for-graph.ts";

/** Watches what a program uses, and tells at the end what it left behind. */
export class LeakWatch {
  readonly #loop: ScheduledLoop;
  readonly #things = new Set<object>();
  /** How many permits a semaphore had when it was first used. */
  readonly #permits = new Map<Semaphore, number>();
  readonly #coroutines: Coroutine<any>[] = [];

  constructor(loop: ScheduledLoop) {
    this.#loop = loop;
    loop.onTouch = (object) => this.#used(object);
  }

  /** Sees every coroutine that is made while `body` runs. */
  watching<T>(body: () => T): T {
    const outer = registry.coroutineMade;
    watchCoroutines((coroutine) => {
      this.#coroutines.push(coroutine as Coroutine<any>);
      outer?.(coroutine);
    });
    try {
      return body();
    } finally {
      watchCoroutines(outer);
    }
  }

  /** What is left, in words: nothing when all was given back. */
  leaks(): string[] {
    const names = new ObjectNames();
    const leaks: string[] = [];
    for (const task of allTasks(this.#loop)) {
      const stack = task.getStack().map(({ name }) => `${name}()`);
      leaks.push(`${this.#loop.nameOf(task)} is left running, in ${stack.join(" > ")}`);
    }
    // A task that is left running has timers and coroutines as a matter of course.
    const tasksLeft = leaks.length > 0;
    const timers = this.#loop._timers.pending;
    if (timers > 0 && !tasksLeft) leaks.push(`${timers} ${timers === 1 ? "timer is" : "timers are"} left`);
    for (const thing of this.#things) {
      const what = this.#leakOf(thing);
      if (what !== null) leaks.push(`${names.name(thing)} ${what}`);
    }
    for (const coroutine of this.#coroutines) {
      if (coroutine.state === "suspended" && !tasksLeft) {
        leaks.push(`${coroutine} was abandoned: its finally blocks did not run`);
      }
    }
    return leaks;
  }

  #used(object: object): void {
    if (this.#things.has(object) || !kinds.some((kind) => object instanceof kind)) return;
    this.#things.add(object);
    if (object instanceof Semaphore) this.#permits.set(object, object.statistics().value);
  }

  #leakOf(thing: object): string | null {
    if (thing instanceof Lock && thing.locked()) return "is left locked";
    if (thing instanceof Semaphore) {
      const before = this.#permits.get(thing)!;
      if (thing.statistics().value !== before)
        return `has ${thing.statistics().value} permits, not ${before} as in the beginning`;
    }
    if (thing instanceof Barrier) return thing._count > 0 ? "counts a task that is gone" : null;
    if (thing instanceof Queue) {
      const { getters, putters } = thing.statistics();
      return getters + putters > 0 ? "has a waiter that is gone" : null;
    }
    return (thing as Lock | Semaphore | Event | Condition).nWaiting > 0 ? "has a waiter that is gone" : null;
  }
}

const kinds = [Lock, Semaphore, Event, Condition, Barrier, Queue];
