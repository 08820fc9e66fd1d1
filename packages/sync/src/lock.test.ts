import { RuntimeError } from "@tsyncio/context";
import { registry, watchCoroutines, watchPermits } from "@tsyncio/context/registry";
import { InvalidStateError } from "@tsyncio/future";
import { createTask, gather, sleep, type Task, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { Lock, Semaphore } from "./index.ts";

/** A task that takes the lock, notes its name, and keeps the lock. */
function taker(lock: Lock, name: string, log: string[]): Task<void> {
  return start(function* () {
    yield* lock.acquire();
    log.push(name);
  });
}

describe("Lock", () => {
  it("prints whether it is locked and how many wait", () =>
    runVirtual(function* () {
      const lock = new Lock();
      expect(String(lock)).toBe("<Lock [unlocked]>");
      yield* lock.acquire();
      expect(String(lock)).toBe("<Lock [locked]>");
      const task = createTask(lock.acquire());
      yield* sleep(0);
      expect(String(lock)).toBe("<Lock [locked, waiters:1]>");
      expect(lock.nWaiting).toBe(1);
      expect(lock.statistics()).toEqual({ locked: true, waiting: 1 });
      lock.release();
      yield* task;
      expect(lock.statistics()).toEqual({ locked: true, waiting: 0 });
    }));

  it("is made and taken without a loop as long as nobody waits", () => {
    const lock = new Lock();
    const step = lock.acquire()[Symbol.iterator]().next();
    expect(step.done).toBe(true);
    expect(lock.locked()).toBe(true);
    lock.release();
    expect(lock.locked()).toBe(false);
  });

  it("does nothing before acquire() is awaited", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const coroutine = lock.acquire();
      expect(lock.locked()).toBe(false);
      yield* coroutine;
      expect(lock.locked()).toBe(true);
    }));

  it("does not suspend when it is free", () =>
    runVirtual(function* () {
      const lock = new Lock();
      let others = 0;
      const task = start(function* () {
        others++;
      });
      yield* lock.acquire();
      expect(others).toBe(0);
      yield* task;
    }));

  it("is given in the order of asking", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const tasks = ["a", "b", "c"].map((name) => taker(lock, name, log));
      yield* sleep(0);
      expect(log).toEqual([]);
      for (const expected of [["a"], ["a", "b"], ["a", "b", "c"]]) {
        lock.release();
        expect(lock.locked()).toBe(false);
        yield* sleep(0);
        expect(log).toEqual(expected);
        expect(lock.locked()).toBe(true);
      }
      yield* gather(tasks);
    }));

  it("passes by who was cancelled while waiting", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const [a, b, c] = ["a", "b", "c"].map((name) => taker(lock, name, log));
      yield* sleep(0);
      b!.cancel();
      expect(lock.nWaiting).toBe(3);
      yield* wait([b!]);
      expect(b!.cancelled()).toBe(true);
      expect(lock.nWaiting).toBe(2);
      lock.release();
      yield* a!;
      lock.release();
      yield* c!;
      expect(log).toEqual(["a", "c"]);
    }));

  it("goes to the next when the one it was given to is cancelled before it runs", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const a = taker(lock, "a", log);
      const b = taker(lock, "b", log);
      yield* sleep(0);
      lock.release();
      a.cancel();
      yield* wait([a]);
      expect(a.cancelled()).toBe(true);
      yield* b;
      expect(log).toEqual(["b"]);
      expect(lock.locked()).toBe(true);
    }));

  it("goes to the next when the first is cancelled and the lock released in the same turn", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const a = taker(lock, "a", log);
      const b = taker(lock, "b", log);
      yield* sleep(0);
      a.cancel();
      lock.release();
      yield* b;
      expect(a.cancelled()).toBe(true);
      expect(log).toEqual(["b"]);
    }));

  it("stays with its owner when a waiter is cancelled", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const a = taker(lock, "a", log);
      const b = taker(lock, "b", log);
      yield* sleep(0);
      a.cancel();
      yield* wait([a]);
      expect(a.cancelled()).toBe(true);
      expect(log).toEqual([]);
      expect(lock.locked()).toBe(true);
      lock.release();
      yield* b;
    }));

  it("lets nobody in front of one who was woken", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const a = taker(lock, "a", log);
      yield* sleep(0);
      lock.release();
      const b = taker(lock, "b", log);
      const cancelled = taker(lock, "cancelled", log);
      yield* sleep(0);
      cancelled.cancel();
      yield* a;
      expect(log).toEqual(["a"]);
      lock.release();
      yield* b;
      expect(log).toEqual(["a", "b"]);
    }));

  it("is taken at once when everyone in front was cancelled", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const a = taker(lock, "a", log);
      yield* sleep(0);
      a.cancel();
      lock.release();
      yield* lock.acquire();
      expect(lock.statistics()).toEqual({ locked: true, waiting: 1 });
      yield* wait([a]);
      expect(a.cancelled()).toBe(true);
      expect(lock.statistics()).toEqual({ locked: true, waiting: 0 });
    }));

  it("is not released when nobody has it", () => {
    const lock = new Lock();
    expect(() => lock.release()).toThrow(new RuntimeError("Lock is not acquired."));
  });

  it("is released without anyone waiting", () =>
    runVirtual(function* () {
      const lock = new Lock();
      yield* lock.acquire();
      lock.release();
      expect(lock.locked()).toBe(false);
    }));

  it("gives a permit that goes back once", () =>
    runVirtual(function* () {
      const lock = new Lock();
      {
        using permit = yield* lock.acquire();
        expect(String(permit)).toBe("<Permit of <Lock [locked]>>");
        expect(permit.released).toBe(false);
        expect(lock.locked()).toBe(true);
      }
      expect(lock.locked()).toBe(false);
      const first = yield* lock.acquire();
      first.release();
      expect(String(first)).toBe("<Permit released>");
      const second = yield* lock.acquire();
      first.release();
      first[Symbol.dispose]();
      expect(first.released).toBe(true);
      expect(lock.locked()).toBe(true);
      second.release();
      expect(lock.locked()).toBe(false);
    }));

  it("gives a permit that goes back when the task that waited for the lock fails", () =>
    runVirtual(function* () {
      const lock = new Lock();
      yield* lock.acquire();
      const task = start(function* () {
        using _permit = yield* lock.acquire();
        throw new Error("failed");
      });
      yield* sleep(0);
      lock.release();
      yield* sleep(0);
      expect(task.exception()).toEqual(new Error("failed"));
      expect(lock.locked()).toBe(false);
    }));

  it("holds while a body runs, and gives what the body gives", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const result: number = yield* lock.hold(function* () {
        expect(lock.locked()).toBe(true);
        yield* sleep(1);
        return 42;
      });
      expect(result).toBe(42);
      expect(lock.locked()).toBe(false);
      const error = new Error("failed");
      const failing = createTask(
        lock.hold(function* () {
          throw error;
        }),
      );
      yield* sleep(0);
      expect(failing.exception()).toBe(error);
      expect(lock.locked()).toBe(false);
    }));

  it("is released when a body is cancelled", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const task = createTask(lock.hold(() => sleep(1000)));
      yield* sleep(0);
      expect(lock.locked()).toBe(true);
      task.cancel();
      yield* wait([task]);
      expect(task.cancelled()).toBe(true);
      expect(lock.locked()).toBe(false);
    }));

  it("refuses a body that is none", () =>
    runVirtual(function* () {
      const lock = new Lock();
      expect(() => lock.hold(42 as never)).toThrow(
        new TypeError("hold() expects a body such as function* () {…}, got 42"),
      );
    }));

  it("refuses a body that gives nothing to wait for, and is released", () =>
    runVirtual(function* () {
      const lock = new Lock();
      for (const [given, shown] of [
        [undefined, "undefined"],
        [null, "null"],
        [7, "7"],
        ["text", '"text"'],
        [{}, "{}"],
      ]) {
        const task = createTask(lock.hold(() => given as never));
        yield* wait([task]);
        expect(task.exception()).toEqual(
          new TypeError(`the body of hold() must give a coroutine or a future, it gave ${shown}`),
        );
        expect(lock.locked()).toBe(false);
      }
    }));

  it("is acquired once by each acquire()", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const acquiring = lock.acquire();
      yield* acquiring;
      lock.release();
      expect(acquiring.state).toBe("closed");
      expect(() => acquiring[Symbol.iterator]().next()).toThrow(RuntimeError);
      expect(lock.locked()).toBe(false);
    }));

  it("tells who watches of permits that are taken and given back", () =>
    runVirtual(function* () {
      const [lock, semaphore] = [new Lock(), new Semaphore(2)];
      const log: [string, object][] = [];
      const watcher = registry.permits;
      watchPermits({
        taken: (resource) => log.push(["taken", resource]),
        returned: (resource) => log.push(["returned", resource]),
      });
      yield* lock.acquire();
      using _permit = yield* semaphore.acquire();
      lock.release();
      semaphore.release();
      watchPermits(watcher);
      expect(log).toEqual([
        ["taken", lock],
        ["taken", semaphore],
        ["returned", lock],
        ["returned", semaphore],
      ]);
    }));

  it("tells who watches of coroutines that are made", () => {
    const before = registry.coroutineMade;
    const made: object[] = [];
    watchCoroutines((coroutine) => made.push(coroutine));
    const acquiring = new Lock().acquire();
    watchCoroutines(null);
    new Lock().acquire();
    watchCoroutines(before);
    expect(made.map(String)).toEqual([String(acquiring)]);
  });

  it("wakes the next when a waiting acquire() is closed", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const log: string[] = [];
      yield* lock.acquire();
      const acquiring = lock.acquire();
      acquiring.send(undefined);
      const b = taker(lock, "b", log);
      yield* sleep(0);
      lock.release();
      expect(lock.nWaiting).toBe(2);
      acquiring.close();
      yield* b;
      expect(log).toEqual(["b"]);
    }));

  it("fails at the wait when it is driven on before it was woken, and leaves the queue", () =>
    runVirtual(function* () {
      const lock = new Lock();
      yield* lock.acquire();
      const acquiring = lock.acquire();
      acquiring.send();
      expect(lock.nWaiting).toBe(1);
      expect(() => acquiring.send()).toThrow(new InvalidStateError("Result is not set."));
      expect(acquiring.state).toBe("closed");
      expect(lock.nWaiting).toBe(0);
      expect(acquiring.name).toBe("acquire");
    }));

  it("keeps to the loop it was first waited for on", () => {
    const lock = new Lock();
    runVirtual(function* () {
      yield* lock.acquire();
      const task = createTask(lock.acquire());
      yield* sleep(0);
      task.cancel();
      yield* wait([task]);
      expect(task.cancelled()).toBe(true);
    });
    runVirtual(function* () {
      const task = createTask(lock.acquire());
      yield* sleep(0);
      expect(task.exception()).toEqual(new RuntimeError("<Lock [locked]> is bound to a different event loop"));
      lock.release();
      yield* lock.acquire();
    });
  });

  it("cannot be waited for outside every loop", () => {
    const lock = new Lock();
    lock.acquire().send();
    expect(() => lock.acquire().send(undefined)).toThrow(new RuntimeError("no running event loop"));
  });

  it("loses and doubles nothing when half of 100,000 waiters are cancelled in random order", () =>
    runVirtual(function* () {
      const count = 100_000;
      const lock = new Lock();
      let inside = 0;
      let entered = 0;
      let seed = 20_26;
      const random = (below: number) => {
        seed = (seed * 48271) % 2147483647;
        return seed % below;
      };
      yield* lock.acquire();
      const tasks = Array.from({ length: count }, () =>
        start(function* () {
          using _permit = yield* lock.acquire();
          entered++;
          inside++;
          if (inside !== 1) throw new Error("two tasks have the lock");
          if (entered % 16 === 0) yield* sleep(0);
          inside--;
        }),
      );
      yield* sleep(0);
      expect(lock.nWaiting).toBe(count);
      const order = tasks.map((_, index) => index);
      for (let i = count - 1; i > 0; i--) {
        const j = random(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      // A part at once; the rest while the lock goes round, some of them just when it was given to them.
      const half = count / 2;
      for (const index of order.slice(0, half / 2)) tasks[index]!.cancel();
      lock.release();
      for (let i = half / 2; i < half; i++) {
        tasks[order[i]!]!.cancel();
        if (i % 64 === 0) yield* sleep(0);
      }
      yield* gather(tasks, { returnExceptions: true });
      const cancelled = tasks.filter((task) => task.cancelled()).length;
      expect(cancelled).toBeGreaterThan(half / 2);
      expect(entered).toBe(count - cancelled);
      expect(lock.statistics()).toEqual({ locked: false, waiting: 0 });
    }));
});
