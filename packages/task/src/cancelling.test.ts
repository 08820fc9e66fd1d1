import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import type { ExceptionContext } from "@tsyncio/loop";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { sleep } from "./sleep.ts";
import type { Task } from "./task.ts";

const napping = coroutine(function* napping(delayMs: number, result: string) {
  yield* sleep(delayMs);
  return result;
});

describe("cancelling", () => {
  test("throws CancelledError at the await, in the next turn; clean-up may await", () => {
    virtually(function* (loop) {
      const order: unknown[] = [];
      const task = createTask(
        coroutine(function* body() {
          try {
            yield* sleep(1_000);
          } catch (error) {
            order.push(String(error));
            throw error;
          } finally {
            yield* sleep(5);
            order.push(loop.time());
          }
        })(),
      );
      yield* sleep(1);
      expect(task.cancel("enough")).toBe(true);
      expect([task.cancelling(), task.done()]).toEqual([1, false]);
      expect(
        yield* thrownBy(function* () {
          yield* task;
        }),
      ).toBe("CancelledError: enough");
      expect(order).toEqual(["CancelledError: enough", 6]);
      expect([task.cancelled(), task.cancel()]).toEqual([true, false]);
      expect(loop._timers.pending).toBe(0);
    });
  });

  test("before it begins means that it never does", () => {
    virtually(function* () {
      let ran = false;
      const task = createTask(
        (function* () {
          ran = true;
        })(),
      );
      task.cancel();
      yield* sleep(0);
      expect([ran, task.cancelled()]).toEqual([false, true]);
    });
  });

  test("may be declined, and counted out again", () => {
    virtually(function* () {
      const task = createTask(
        coroutine(function* body() {
          try {
            yield* sleep(10);
          } catch (error) {
            if (!(error instanceof CancelledError)) throw error;
          }
          yield* sleep(10);
          return currentTask()!.uncancel();
        })(),
      );
      yield* sleep(1);
      task.cancel();
      expect(yield* task).toBe(0);
      expect(task.uncancel()).toBe(0);
    });
  });

  test("taken back before it is thrown is not thrown", () => {
    virtually(function* () {
      const task = createTask(napping(1, "went on"));
      task.cancel();
      task.cancel();
      expect([task.uncancel(), task.cancelling(), task.uncancel(), task.uncancel()]).toEqual([1, 1, 0, 0]);
      expect(yield* task).toBe("went on");
    });
  });

  test("in its very last step ends it as cancelled", () => {
    virtually(function* () {
      const task: Task<string> = createTask(
        coroutine(function* body() {
          yield* sleep(0);
          task.cancel("by itself");
          return "result";
        })(),
      );
      expect(
        yield* thrownBy(function* () {
          yield* task;
        }),
      ).toBe("CancelledError: by itself");
    });
  });

  test("by itself, before an await, throws at that await", () => {
    virtually(function* () {
      const task: Task<string> = createTask(
        coroutine(function* body() {
          task.cancel("by itself");
          try {
            yield* sleep(1_000);
            return "slept";
          } catch (error) {
            return String(error);
          }
        })(),
      );
      expect(yield* task).toBe("CancelledError: by itself");
    });
  });

  test("by itself, before it awaits another task, cancels that one at once", () => {
    virtually(function* () {
      const future = new Future<void>();
      let nested: Task<void> | undefined;
      const task: Task<void> = createTask(
        coroutine(function* body() {
          nested = createTask(
            coroutine(function* nested() {
              yield* future;
            })(),
          );
          yield* sleep(0);
          task.cancel();
          yield* nested;
        })(),
      );
      expect(yield* thrownBy(() => task)).toBe("CancelledError");
      expect([task.cancelled(), nested!.cancelled(), future.cancelled()]).toEqual([true, true, true]);
    });
  });

  test("of the future it awaits ends the task the same way, also when both are cancelled", () => {
    virtually(function* () {
      for (const both of [false, true]) {
        const future = new Future<void>();
        const task = createTask(
          coroutine(function* waiting() {
            yield* future;
          })(),
        );
        yield* sleep(0);
        future.cancel("the future");
        if (both) task.cancel("the task");
        // A task that has a cancellation coming gets that one, and its message is the first.
        expect(yield* thrownBy(() => task)).toBe("CancelledError: the future");
        expect([task.cancelled(), task.cancelling()]).toEqual([true, both ? 1 : 0]);
      }
    });
  });

  test("by a deadline of one's own, counted out in a finally, leaves the code after the block alone", () => {
    virtually(function* (loop) {
      const request = coroutine(function* request(sleepMs: number, timeoutMs: number) {
        const task = currentTask()!;
        let timedOut = false;
        const timer = loop.callLater(timeoutMs, () => {
          timedOut = true;
          task.cancel();
        });
        try {
          yield* sleep(sleepMs);
        } catch (error) {
          if (!(timedOut && task.uncancel() === 0 && error instanceof CancelledError)) throw error;
        } finally {
          timer.cancel();
        }
        yield* sleep(0);
        return timedOut;
      });
      for (const [sleepMs, timeoutMs] of [
        [10, 1],
        [0, 10],
      ] as const) {
        const task = createTask(request(sleepMs, timeoutMs));
        expect(yield* task).toBe(timeoutMs < sleepMs);
        expect(task.cancelling()).toBe(0);
      }
    });
  });

  test("cancels the future it awaits; a done one cannot be cancelled any more", () => {
    virtually(function* () {
      const future = new Future<string>();
      const waiting = coroutine(function* waiting() {
        return yield* future;
      });
      const task = createTask(waiting());
      yield* sleep(0);
      task.cancel("message");
      expect(future.cancelled()).toBe(true);
      yield* sleep(0);
      expect(task.cancelled()).toBe(true);

      const done = new Future<string>();
      const late = createTask(
        (function* () {
          return yield* done;
        })(),
      );
      yield* sleep(0);
      done.setResult("too late");
      late.cancel("all the same");
      expect(
        yield* thrownBy(function* () {
          yield* late;
        }),
      ).toBe("CancelledError: all the same");
    });
  });

  test("goes down a chain of 10,000 tasks that await each other, and up again", () => {
    virtually(function* () {
      const future = new Future<void>();
      const waiting = coroutine(function* waiting(on: Future<void>) {
        yield* on;
      });
      let outermost: Future<void> = future;
      const tasks: Task<void>[] = [];
      for (let i = 0; i < 10_000; i++) {
        const task: Task<void> = createTask(waiting(outermost));
        tasks.push(task);
        outermost = task;
        yield* sleep(0);
      }
      expect(tasks.at(-1)!.getStack().length).toBe(10_000);
      tasks.at(-1)!.cancel("from the top");
      expect(future.cancelled()).toBe(true);
      expect(
        yield* thrownBy(function* () {
          yield* outermost;
        }),
      ).toBe("CancelledError: from the top");
      expect(tasks.every((task) => task.cancelled())).toBe(true);
    });
  });

  test("with an error of one's own passes on its cause", () => {
    virtually(function* () {
      const task = createTask(napping(10, ""));
      yield* sleep(0);
      const error = new CancelledError("aborted", { cause: "the reason" });
      task.cancel(error);
      try {
        yield* task;
        expect.unreachable();
      } catch (thrown) {
        expect(thrown).toBe(error);
      }
    });
  });

  test("that a catch swallows is reported in debug mode", () => {
    const strays: ExceptionContext[] = [];
    virtually(function* (loop) {
      loop.debug = true;
      const careless = createTask(
        coroutine(function* careless() {
          try {
            yield* sleep(10);
          } catch {}
          return "went on";
        })(),
      );
      yield* sleep(0);
      careless.cancel();
      yield* careless;
      expect(careless._madeAt).toContain("cancelling.test.ts");
    }, strays);
    expect(strays.map(({ message }) => message)).toEqual([
      "a task was cancelled and went on to return a value: a catch may have swallowed its CancelledError; let it pass, or call uncancel()",
    ]);
  });
});
