import { RuntimeError } from "@tsyncio/context";
import { createTask, gather, sleep, type Task, TimeoutError, wait, waitFor } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { Condition, Lock } from "./index.ts";

/** A task that waits for a notification and keeps the lock afterwards. */
function waiter(condition: Condition, name: string, log: string[]): Task<void> {
  return start(function* () {
    yield* condition.acquire();
    expect(yield* condition.wait()).toBe(true);
    log.push(name);
  });
}

describe("Condition", () => {
  it("prints whether it is locked and how many wait", () =>
    runVirtual(function* () {
      const condition = new Condition();
      expect(String(condition)).toBe("<Condition [unlocked]>");
      yield* condition.acquire();
      expect(String(condition)).toBe("<Condition [locked]>");
      condition.release();
      const task = waiter(condition, "a", []);
      yield* sleep(0);
      expect(String(condition)).toBe("<Condition [unlocked, waiters:1]>");
      expect(condition.nWaiting).toBe(1);
      expect(condition.statistics()).toEqual({ locked: false, waiting: 1 });
      yield* condition.acquire();
      condition.notify();
      expect(String(condition)).toBe("<Condition [locked, waiters:1]>");
      condition.release();
      yield* task;
      expect(condition.statistics()).toEqual({ locked: true, waiting: 0 });
    }));

  it("wakes as many as it is told, in the order they came, one after the other as the lock goes round", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const log: string[] = [];
      const tasks = ["a", "b", "c"].map((name) => waiter(condition, name, log));
      yield* sleep(0);
      expect(condition.locked()).toBe(false);
      yield* condition.acquire();
      condition.notify();
      yield* sleep(0);
      expect(log).toEqual([]);
      condition.release();
      yield* sleep(0);
      expect(log).toEqual(["a"]);
      expect(condition.locked()).toBe(true);
      condition.notify(2);
      yield* sleep(0);
      expect(log).toEqual(["a"]);
      condition.release();
      yield* sleep(0);
      expect(log).toEqual(["a", "b"]);
      condition.release();
      yield* sleep(0);
      expect(log).toEqual(["a", "b", "c"]);
      yield* gather(tasks);
    }));

  it("wakes everyone", () =>
    runVirtual(function* () {
      const condition = new Condition();
      let woken = 0;
      const tasks = Array.from({ length: 5 }, () =>
        createTask(
          condition.hold(function* () {
            yield* condition.wait();
            woken++;
          }),
        ),
      );
      yield* sleep(0);
      yield* condition.hold(function* () {
        condition.notifyAll();
      });
      yield* gather(tasks);
      expect(woken).toBe(5);
    }));

  it("is neither waited for nor notified by who does not have the lock", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const task = createTask(condition.wait());
      yield* wait([task]);
      expect(task.exception()).toEqual(new RuntimeError("cannot wait on un-acquired lock"));
      const refusal = new RuntimeError("cannot notify on un-acquired lock");
      expect(() => condition.notify()).toThrow(refusal);
      expect(() => condition.notifyAll()).toThrow(refusal);
      const never = createTask(condition.waitFor(() => false));
      yield* wait([never]);
      expect(never.exception()).toEqual(new RuntimeError("cannot wait on un-acquired lock"));
    }));

  it("has the lock again when a wait is cancelled", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const task = start(function* () {
        yield* condition.acquire();
        try {
          yield* condition.wait();
        } finally {
          expect(condition.locked()).toBe(true);
          condition.release();
        }
      });
      yield* sleep(0);
      task.cancel();
      yield* wait([task]);
      expect(task.cancelled()).toBe(true);
      expect(condition.statistics()).toEqual({ locked: false, waiting: 0 });
    }));

  it("waits for the lock before a cancellation is thrown", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const log: string[] = [];
      const task = waiter(condition, "a", log);
      yield* sleep(0);
      yield* condition.acquire();
      task.cancel();
      yield* sleep(0);
      yield* sleep(0);
      expect(task.done()).toBe(false);
      condition.release();
      yield* wait([task]);
      expect(task.cancelled()).toBe(true);
      expect(condition.locked()).toBe(true);
    }));

  it("throws the last cancellation when more come while it waits for the lock", () =>
    runVirtual(function* () {
      const condition = new Condition();
      let message: string | undefined;
      const task = start(function* () {
        yield* condition.acquire();
        try {
          yield* condition.wait();
        } catch (error) {
          message = (error as Error).message;
          expect(condition.locked()).toBe(true);
          throw error;
        }
      });
      yield* sleep(0);
      yield* condition.acquire();
      for (const reason of ["first", "second", "third"]) {
        task.cancel(reason);
        yield* sleep(0);
      }
      condition.release();
      yield* wait([task]);
      expect(message).toBe("third");
    }));

  it("lets a failure that is no cancellation through while it waits for the lock", () =>
    runVirtual(function* () {
      const condition = new Condition();
      yield* condition.acquire();
      const waiting = condition.wait();
      waiting.send(undefined);
      yield* condition.acquire();
      waiting.throw(new Error("first"));
      expect(() => waiting.throw(new Error("second"))).toThrow(new Error("second"));
      expect(condition.nWaiting).toBe(0);
    }));

  it("hands the notification on when the one notified is cancelled before it has the lock", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const log: string[] = [];
      const a = waiter(condition, "a", log);
      const b = waiter(condition, "b", log);
      yield* sleep(0);
      yield* condition.acquire();
      condition.notify();
      yield* sleep(0);
      a.cancel();
      condition.release();
      yield* wait([a]);
      expect(a.cancelled()).toBe(true);
      condition.release();
      yield* b;
      expect(log).toEqual(["b"]);
    }));

  it("hands the notification on when the one notified is cancelled in the same turn", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const log: string[] = [];
      const a = waiter(condition, "a", log);
      const b = waiter(condition, "b", log);
      yield* sleep(0);
      yield* condition.acquire();
      condition.notify();
      a.cancel();
      condition.release();
      yield* wait([a]);
      expect(a.cancelled()).toBe(true);
      condition.release();
      yield* b;
      expect(log).toEqual(["b"]);
    }));

  it("waits until a predicate gives something true, and gives that", () =>
    runVirtual(function* () {
      const condition = new Condition();
      let item: string | undefined;
      let asked = 0;
      const task = createTask(
        condition.hold(function* () {
          const got: string = yield* condition.waitFor(() => {
            asked++;
            return item ?? "";
          });
          return got;
        }),
      );
      for (const next of [undefined, undefined, "apple"]) {
        yield* sleep(0);
        yield* condition.hold(function* () {
          item = next;
          condition.notify();
        });
      }
      expect(yield* task).toBe("apple");
      expect(asked).toBe(4);
      expect(() => condition.waitFor(true as never)).toThrow(
        new TypeError("Condition.waitFor() expects a function, got true"),
      );
    }));

  it("is left in order by a wait that times out inside hold()", () =>
    runVirtual(function* () {
      const condition = new Condition();
      const timed = start(function* () {
        yield* condition.hold(function* () {
          let thrown: unknown;
          try {
            yield* waitFor(condition.wait(), 5);
          } catch (error) {
            thrown = error;
          }
          expect(thrown).toBeInstanceOf(TimeoutError);
          expect(condition.locked()).toBe(true);
        });
      });
      yield* timed;
      expect(condition.statistics()).toEqual({ locked: false, waiting: 0 });
    }));

  it("shares a lock", () =>
    runVirtual(function* () {
      const lock = new Lock();
      const [full, empty] = [new Condition(lock), new Condition(lock)];
      using _permit = yield* full.acquire();
      expect([lock.locked(), empty.locked()]).toEqual([true, true]);
      const task = createTask(empty.acquire());
      yield* sleep(0);
      expect(lock.nWaiting).toBe(1);
      full.release();
      yield* task;
    }));

  it("refuses what is no lock", () => {
    for (const wrong of [null, 1, {}]) {
      expect(() => new Condition(wrong as never)).toThrow(new TypeError(`Condition expects a Lock, got ${wrong}`));
    }
  });

  it("keeps to the loop it was first waited for on", () => {
    const condition = new Condition();
    const round = () =>
      runVirtual(function* () {
        const task = createTask(
          condition.hold(function* () {
            yield* condition.wait();
          }),
        );
        yield* sleep(0);
        task.cancel();
        yield* wait([task]);
        return task.cancelled() || task.exception();
      });
    expect(round()).toBe(true);
    expect(round()).toEqual(new RuntimeError("<Condition [locked]> is bound to a different event loop"));
    expect(condition.locked()).toBe(false);
  });
});
