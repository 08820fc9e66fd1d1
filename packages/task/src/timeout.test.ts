import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop, getRunningLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { TimeoutError } from "./errors.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./task-group.ts";
import { type Timeout, timeout, timeoutAt } from "./timeout.ts";

describe("the deadline", () => {
  test("passes: the body is cancelled, and TimeoutError thrown in its place", () =>
    virtually(function* (loop) {
      let kept: Timeout | undefined;
      let cleanedUp = false;
      let caught: unknown;
      try {
        yield* timeout(10, function* (scope) {
          kept = scope;
          try {
            yield* sleep(1000);
          } finally {
            cleanedUp = true;
          }
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(TimeoutError);
      expect(String(caught)).toBe("TimeoutError: timed out after 10 ms");
      expect((caught as Error).cause).toBeInstanceOf(CancelledError);
      expect(cleanedUp).toBe(true);
      expect(kept?.expired()).toBe(true);
      expect(loop.time()).toBe(10);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("does not pass: the body's result is given, and no timer is left", () =>
    virtually(function* (loop) {
      let kept: Timeout | undefined;
      const result = yield* timeout(10, function* (scope) {
        kept = scope;
        return yield* sleep(5, "result");
      });
      expect(result).toBe("result");
      expect(kept?.expired()).toBe(false);
      yield* sleep(100);
      expect(loop.time()).toBe(105);
    }));

  test("may be given as a time of the loop's clock", () =>
    virtually(function* (loop) {
      const deadline = loop.time() + 7;
      expect(
        yield* thrownBy(() =>
          timeoutAt(deadline, function* (scope) {
            expect(scope.when()).toBe(deadline);
            yield* sleep(1000);
          }),
        ),
      ).toBe("TimeoutError: timed out at 7 ms of the loop's clock");
      expect(loop.time()).toBe(7);
    }));

  test("may be absent: null or Infinity", () =>
    virtually(function* (loop) {
      for (const run of [timeout, timeoutAt]) {
        for (const none of [null, Number.POSITIVE_INFINITY]) {
          const result = yield* run(none, function* (scope) {
            expect(scope.when()).toBe(none);
            yield* sleep(10);
            return "went on";
          });
          expect(result).toBe("went on");
        }
      }
      expect(loop.time()).toBe(40);
    }));

  test("that has passed before the body begins lets it run to its first suspension", () =>
    virtually(function* (loop) {
      for (const delayMs of [0, -5]) {
        const log: string[] = [];
        const error = yield* thrownBy(() =>
          timeout(delayMs, function* () {
            log.push("began");
            yield* sleep(1000);
            log.push("went on");
          }),
        );
        expect(error).toBe(`TimeoutError: timed out after ${delayMs} ms`);
        expect(log).toEqual(["began"]);
      }
      expect(loop.time()).toBe(0);
    }));

  test("zero, and a body that only gives way: it is cancelled in the turn it gave way to", () =>
    virtually(function* () {
      expect(yield* thrownBy(() => timeout(0, () => sleep(0)))).toBe("TimeoutError: timed out after 0 ms");
      // A body that does not suspend is faster than any deadline.
      expect(
        yield* timeout(0, function* () {
          return "quick";
        }),
      ).toBe("quick");
    }));

  test("passes in the turn in which the awaited future gets its result: it is too late, as in asyncio", () =>
    virtually(function* (loop) {
      const future = new Future<string>();
      loop.callLater(10, () => future.setResult("in time"));
      const error = yield* thrownBy(() => timeout(10, () => future));
      expect(error).toBe("TimeoutError: timed out after 10 ms");
      expect(future.result()).toBe("in time");
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("passes, but the body answers its cancellation: the body's word counts", () =>
    virtually(function* () {
      let kept: Timeout | undefined;
      const result = yield* timeout(10, function* (scope) {
        kept = scope;
        try {
          return yield* sleep(1000, "slept");
        } catch {
          return "answered";
        }
      });
      expect(result).toBe("answered");
      expect(kept?.expired()).toBe(true);
      expect(currentTask()?.cancelling()).toBe(0);
      expect(
        yield* thrownBy(() =>
          timeout(10, function* () {
            try {
              yield* sleep(1000);
            } finally {
              // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws is the point
              throw new RangeError("from the clean-up");
            }
          }),
        ),
      ).toBe("RangeError: from the clean-up");
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("leaves the body's own errors alone", () =>
    virtually(function* () {
      expect(
        yield* thrownBy(() =>
          timeout(10, function* () {
            yield* sleep(1);
            throw new RangeError("own");
          }),
        ),
      ).toBe("RangeError: own");
      expect(
        yield* thrownBy(() =>
          timeout(10, () => {
            throw new RangeError("at once");
          }),
        ),
      ).toBe("RangeError: at once");
    }));
});

describe("nested", () => {
  test("the inner one passes first", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      yield* timeout(100, function* (outer) {
        log.push(
          String(
            yield* thrownBy(() =>
              timeout(10, function* () {
                yield* sleep(1000);
              }),
            ),
          ),
        );
        expect(outer.expired()).toBe(false);
      });
      expect(log).toEqual(["TimeoutError: timed out after 10 ms"]);
      expect(loop.time()).toBe(10);
    }));

  test("the outer one passes first: the inner one sees a cancellation, not a timeout", () =>
    virtually(function* () {
      const log: unknown[] = [];
      const error = yield* thrownBy(() =>
        timeout(10, function* () {
          try {
            yield* timeout(100, () => sleep(1000));
          } catch (inner) {
            log.push(inner instanceof CancelledError);
            throw inner;
          }
        }),
      );
      expect(error).toBe("TimeoutError: timed out after 10 ms");
      expect(log).toEqual([true]);
    }));

  test("both pass at once: the outermost of those that expired converts the cancellation", () =>
    virtually(function* () {
      const scopes: Timeout[] = [];
      let inner: unknown;
      const outer = yield* thrownBy(() =>
        timeout(10, function* (scope) {
          scopes.push(scope);
          try {
            yield* timeout(10, function* (scope) {
              scopes.push(scope);
              yield* sleep(1000);
            });
          } catch (error) {
            inner = error;
            throw error;
          }
        }),
      );
      expect(scopes.map((scope) => scope.expired())).toEqual([true, true]);
      expect(inner).toBeInstanceOf(CancelledError);
      expect(outer).toBe("TimeoutError: timed out after 10 ms");
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("a timeout within the clean-up of one that passed", () =>
    virtually(function* (loop) {
      const log: unknown[] = [];
      const error = yield* thrownBy(() =>
        timeout(10, function* () {
          try {
            yield* sleep(1000);
          } finally {
            log.push(yield* thrownBy(() => timeout(20, () => sleep(1000))));
          }
        }),
      );
      expect(log).toEqual(["TimeoutError: timed out after 20 ms"]);
      expect(error).toBe("TimeoutError: timed out after 10 ms");
      expect(loop.time()).toBe(30);
    }));
});

describe("a cancellation from elsewhere", () => {
  test("goes through, and the timer goes with it", () =>
    virtually(function* (loop) {
      const task = createTask(timeout(100, () => sleep(1000)));
      yield* sleep(10);
      task.cancel("stop");
      expect(yield* thrownBy(() => task)).toBe("CancelledError: stop");
      yield* sleep(500);
      expect(loop.time()).toBe(510);
    }));

  test("of its own task", () =>
    virtually(function* () {
      const error = yield* thrownBy(() =>
        timeout(100, function* (scope) {
          currentTask()!.cancel("mine");
          yield* sleep(0);
          expect(scope.expired()).toBe(false);
        }),
      );
      expect(error).toBe("CancelledError: mine");
      expect(currentTask()?.uncancel()).toBe(0);
    }));

  test("that comes in the same turn as the deadline wins, and stays", () =>
    virtually(function* () {
      let kept: Timeout | undefined;
      const task = createTask(
        timeout(10, function* (scope) {
          kept = scope;
          yield* sleep(1000);
        }),
      );
      getRunningLoop().callLater(10, () => task.cancel("outside"));
      yield* sleep(20);
      expect(task.cancelled()).toBe(true);
      expect(kept?.expired()).toBe(true);
      expect(task.cancelling()).toBe(1);
    }));

  test("that was there before does not hide the deadline", () =>
    virtually(function* () {
      const task = currentTask()!;
      task.cancel();
      expect(yield* thrownBy(() => sleep(0))).toBe("CancelledError");
      expect(task.cancelling()).toBe(1);
      expect(yield* thrownBy(() => timeout(10, () => sleep(1000)))).toBe("TimeoutError: timed out after 10 ms");
      expect(task.cancelling()).toBe(1);
      task.uncancel();
    }));

  test("within the clean-up after the deadline is not swallowed", () =>
    virtually(function* () {
      const task = createTask(
        timeout(10, function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(100);
          }
        }),
      );
      yield* sleep(20);
      task.cancel();
      yield* sleep(0);
      yield* sleep(0);
      expect(task.cancelled()).toBe(true);
      expect(task.cancelling()).toBe(1);
    }));
});

describe("reschedule", () => {
  test("later, earlier, never, and to the past", () =>
    virtually(function* (loop) {
      const later = yield* thrownBy(() =>
        timeout(10, function* (scope) {
          scope.reschedule(loop.time() + 50);
          expect(scope.when()).toBe(50);
          yield* sleep(1000);
        }),
      );
      expect([later, loop.time()]).toEqual(["TimeoutError: timed out at 50 ms of the loop's clock", 50]);
      yield* thrownBy(() =>
        timeout(100, function* (scope) {
          scope.reschedule(loop.time() + 5);
          yield* sleep(1000);
        }),
      );
      expect(loop.time()).toBe(55);
      yield* timeout(10, function* (scope) {
        scope.reschedule(null);
        expect(scope.when()).toBeNull();
        yield* sleep(45);
      });
      expect(loop.time()).toBe(100);
      const past = yield* thrownBy(() =>
        timeout(null, function* (scope) {
          scope.reschedule(1);
          yield* sleep(1000);
        }),
      );
      expect([past, loop.time()]).toEqual(["TimeoutError: timed out at 1 ms of the loop's clock", 100]);
    }));

  test("is refused once the deadline has passed, and once the body is over", () =>
    virtually(function* (loop) {
      let expired: Timeout | undefined;
      yield* thrownBy(() =>
        timeout(10, function* (scope) {
          expired = scope;
          try {
            yield* sleep(1000);
          } finally {
            expect(() => scope.reschedule(loop.time() + 1)).toThrow(
              "cannot reschedule a timeout that is expiring: <Timeout expiring>",
            );
          }
        }),
      );
      expect(() => expired!.reschedule(null)).toThrow("cannot reschedule a timeout that is expired: <Timeout expired>");
      let finished: Timeout | undefined;
      yield* timeout(10, function* (scope) {
        finished = scope;
        expect(String(scope)).toBe(`<Timeout active when=${loop.time() + 10}>`);
      });
      expect(() => finished!.reschedule(null)).toThrow(
        "cannot reschedule a timeout that is finished: <Timeout finished>",
      );
    }));
});

describe("misuse", () => {
  test("a delay that is no number of milliseconds", () =>
    virtually(function* () {
      const body = () => sleep(0);
      expect(yield* thrownBy(() => timeout("5" as never, body))).toBe(
        'TypeError: timeout() expects delayMs in milliseconds, or null for no limit, got "5"',
      );
      expect(yield* thrownBy(() => timeout(undefined as never, body))).toBe(
        "TypeError: timeout() expects delayMs in milliseconds, or null for no limit, got undefined",
      );
      expect(yield* thrownBy(() => timeoutAt(Number.NaN, body))).toBe(
        "RangeError: timeoutAt() expects whenMs in milliseconds, got NaN",
      );
    }));

  test("a body that is no generator function", () =>
    virtually(function* () {
      const coro = sleep(5);
      coro.close();
      expect(yield* thrownBy(() => timeout(5, coro as never))).toMatch(
        /^TypeError: timeout\(\) expects a body such as function\* \(scope\) \{…\}, got <Coroutine /,
      );
      expect(yield* thrownBy(() => timeoutAt(5, async () => {}))).toBe(
        "TypeError: timeoutAt() cannot cancel an async function: write its body as function* (scope) {…}, with yield* for await",
      );
      expect(yield* thrownBy(() => timeout(5, (() => 3) as never))).toBe(
        "TypeError: what the body of timeout() gives must be a coroutine, a future or a promise, got 3",
      );
    }));

  test("outside a task", () => {
    const loop = new EventLoop({ host: testHost() });
    const errors: unknown[] = [];
    loop.callSoon(() => {
      try {
        timeout(5, () => sleep(5)).send();
      } catch (error) {
        errors.push(String(error));
      }
      loop.stop();
    });
    loop.runForever();
    loop.close();
    expect(errors).toEqual(["RuntimeError: a timeout works by cancelling a task: use it inside one"]);
  });
});

test("a body may be a coroutine function, or give a promise or a future", () =>
  virtually(function* () {
    const body = coroutine(function* body(scope: Timeout) {
      yield* sleep(1);
      return scope.when();
    });
    expect(yield* timeout(10, body)).toBe(10);
    const future = new Future<string>();
    future.setResult("future");
    expect(yield* timeout(10, () => future)).toBe("future");
  }));

test("a coroutine that is closed within a timeout takes its timer along", () =>
  virtually(function* (loop) {
    const coroutine = timeout(50, () => sleep(1000));
    coroutine.send();
    coroutine.close();
    yield* sleep(1);
    expect(loop._timers.pending).toBe(0);
  }));

test("around a task group that fails while the deadline passes", () =>
  virtually(function* () {
    const error = yield* thrownBy(() =>
      timeout(10, () =>
        taskGroup(function* (group) {
          group.createTask(
            (function* () {
              try {
                yield* sleep(1000);
              } finally {
                // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws is the point
                throw new RangeError("in the clean-up");
              }
            })(),
          );
        }),
      ),
    );
    expect(error).toBe("ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)");
    expect(currentTask()?.cancelling()).toBe(0);
  }));
