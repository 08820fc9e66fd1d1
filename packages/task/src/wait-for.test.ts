import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { TimeoutError } from "./errors.ts";
import { run } from "./run.ts";
import { shield } from "./shield.ts";
import { sleep } from "./sleep.ts";
import { waitFor } from "./wait-for.ts";

/** Sleeps, and puts off its cancellation by sleeping again, so many times. */
const stubborn = coroutine(function* stubborn(refusals: number, pauseMs: number) {
  for (let refused = 0; ; refused++) {
    try {
      yield* sleep(1000);
      return "slept";
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      if (refused >= refusals) throw error;
      currentTask()!.uncancel();
      yield* sleep(pauseMs);
    }
  }
});

describe("waitFor", () => {
  test("gives the result that comes in time", () =>
    virtually(function* () {
      expect(yield* waitFor(sleep(5, "coroutine"), 10)).toBe("coroutine");
      expect(yield* waitFor(createTask(sleep(5, "task")), 10)).toBe("task");
      const future = new Future<string>();
      future.setResult("future");
      expect(yield* waitFor(future, 10)).toBe("future");
      expect(
        yield* waitFor(
          (function* () {
            yield* sleep(1);
            return "generator";
          })(),
          10,
        ),
      ).toBe("generator");
    }));

  test("throws the error that comes in time", () =>
    virtually(function* () {
      const failing = coroutine(function* failing() {
        yield* sleep(1);
        throw new RangeError("own");
      });
      expect(yield* thrownBy(() => waitFor(failing(), 10))).toBe("RangeError: own");
      expect(yield* thrownBy(() => waitFor(failing(), null))).toBe("RangeError: own");
    }));

  test("cancels what is late, and waits until it has cleaned up", () =>
    virtually(function* (loop) {
      const log: string[] = [];
      const late = coroutine(function* late() {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(20);
          log.push("cleaned up");
        }
      });
      let caught: unknown;
      try {
        yield* waitFor(late(), 10);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(TimeoutError);
      expect(String(caught)).toBe("TimeoutError: timed out after 10 ms");
      expect((caught as Error).cause).toBeInstanceOf(CancelledError);
      expect(log).toEqual(["cleaned up"]);
      expect(loop.time()).toBe(30);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("waits without limit for a null timeout, in the same task", () =>
    virtually(function* (loop) {
      const task = currentTask();
      const result = yield* waitFor(
        (function* () {
          expect(currentTask()).toBe(task);
          return yield* sleep(10_000, "late");
        })(),
        null,
      );
      expect(result).toBe("late");
      expect(loop.time()).toBe(10_000);
    }));

  test("a late result is given, not lost", () =>
    virtually(function* () {
      const answering = coroutine(function* answering() {
        try {
          yield* sleep(1000);
        } catch {
          currentTask()!.uncancel();
          yield* sleep(5);
        }
        return "late";
      });
      expect(yield* waitFor(createTask(answering()), 10)).toBe("late");
    }));

  test("a late error takes the place of the TimeoutError", () =>
    virtually(function* () {
      const failing = coroutine(function* failing() {
        try {
          yield* sleep(1000);
        } catch {
          throw new RangeError("late");
        }
      });
      expect(yield* thrownBy(() => waitFor(createTask(failing()), 10))).toBe("RangeError: late");
      expect(yield* thrownBy(() => waitFor(createTask(failing()), 0))).toBe("TimeoutError: timed out after 0 ms");
    }));

  test("a task that puts off its cancellation is cancelled once, and waited for", () =>
    virtually(function* (loop) {
      const task = createTask(stubborn(1, 100));
      expect(yield* waitFor(task, 10)).toBe("slept");
      expect(loop.time()).toBe(1110);
    }));

  test("a cancellation of the waiter goes to what it waits for, and is not hidden", () =>
    virtually(function* () {
      const inner = createTask(sleep(1000));
      const waiter = createTask(waitFor(inner, 100));
      yield* sleep(10);
      waiter.cancel("enough");
      expect(yield* thrownBy(() => waiter)).toBe("CancelledError: enough");
      expect(inner.cancelled()).toBe(true);
    }));

  test("a cancellation of what it waits for is no timeout", () =>
    virtually(function* () {
      const inner = createTask(sleep(1000));
      const waiter = createTask(waitFor(inner, 100));
      yield* sleep(10);
      inner.cancel("inner");
      expect(yield* thrownBy(() => waiter)).toBe("CancelledError: inner");
    }));

  test("the waiter cancelled when the result is there already: it is cancelled, and the result stays with its task", () =>
    virtually(function* () {
      const inner = createTask(sleep(10, "done"));
      const waiter = createTask(waitFor(inner, 1000));
      yield* inner;
      waiter.cancel();
      yield* sleep(0);
      yield* sleep(0);
      expect(inner.result()).toBe("done");
      expect(waiter.cancelled()).toBe(true);
    }));

  test("shield keeps it from being cancelled", () =>
    virtually(function* () {
      for (const timeoutMs of [10, 0]) {
        const inner = createTask(sleep(100, "done"));
        const shielded = shield(inner);
        expect(yield* thrownBy(() => waitFor(shielded, timeoutMs))).toBe(
          `TimeoutError: timed out after ${timeoutMs} ms`,
        );
        expect([shielded.cancelled(), inner.done()]).toEqual([true, false]);
        expect(yield* inner).toBe("done");
      }
      const inner = createTask(sleep(100, "done"));
      expect(yield* waitFor(shield(inner), null)).toBe("done");
    }));
});

describe("waitFor with 0 or less", () => {
  for (const timeoutMs of [0, -1]) {
    test(`${timeoutMs}: takes what is done already`, () =>
      virtually(function* () {
        const done = new Future<string>();
        done.setResult("done");
        expect(yield* waitFor(done, timeoutMs)).toBe("done");
        const failed = new Future<never>();
        failed.setException(new RangeError("failed"));
        expect(yield* thrownBy(() => waitFor(failed, timeoutMs))).toBe("RangeError: failed");
      }));

    test(`${timeoutMs}: runs nothing of a coroutine`, () =>
      virtually(function* () {
        let began = false;
        const never = coroutine(function* never() {
          began = true;
          yield* sleep(1);
        });
        expect(yield* thrownBy(() => waitFor(never(), timeoutMs))).toBe(
          `TimeoutError: timed out after ${timeoutMs} ms`,
        );
        expect(began).toBe(false);
      }));

    test(`${timeoutMs}: cancels a running task, and waits for its clean-up`, () =>
      virtually(function* (loop) {
        const task = createTask(stubborn(0, 0));
        yield* sleep(1);
        expect(yield* thrownBy(() => waitFor(task, timeoutMs))).toBe(`TimeoutError: timed out after ${timeoutMs} ms`);
        expect(task.cancelled()).toBe(true);
        const answering = createTask(stubborn(1, 3));
        yield* sleep(1);
        expect(yield* waitFor(answering, timeoutMs)).toBe("slept");
        expect(loop.time()).toBe(1 + 1 + 3 + 1000);
      }));
  }

  test("the error of a task that was cancelled counts", () =>
    virtually(function* () {
      const task = createTask(
        (function* () {
          try {
            yield* sleep(1000);
          } finally {
            // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws is the point
            throw new RangeError("clean-up");
          }
        })(),
      );
      yield* sleep(1);
      expect(yield* thrownBy(() => waitFor(task, 0))).toBe("RangeError: clean-up");
    }));

  test("can itself be cancelled while it waits for the clean-up", () =>
    virtually(function* () {
      const task = createTask(stubborn(1, 50));
      yield* sleep(1);
      const waiter = createTask(waitFor(task, 0));
      yield* sleep(1);
      waiter.cancel("no more");
      expect(yield* thrownBy(() => waiter)).toBe("CancelledError: no more");
      expect(task._subscribers).toBeNull();
      expect(task.done()).toBe(false);
      expect(yield* task).toBe("slept");
    }));

  test("the waiter is cancelled in the turn in which the clean-up begins", () =>
    virtually(function* (loop) {
      const future = new Future<string>();
      const waiter = createTask(waitFor(future, 0));
      loop.callSoon(() => waiter.cancel("no more"));
      expect(yield* thrownBy(() => waiter)).toBe("CancelledError: no more");
      expect(future.cancelled()).toBe(true);
    }));

  test("the clean-up ends in the turn in which the waiter is cancelled", () =>
    virtually(function* (loop) {
      const future = new Future<string>();
      const waiter = createTask(waitFor(future, 0));
      yield* sleep(0);
      expect(future.cancelled()).toBe(true);
      loop.callSoon(() => waiter.cancel());
      yield* sleep(0);
      yield* sleep(0);
      expect(waiter.cancelled()).toBe(true);
    }));
});

test("promises are waited for, too", async () => {
  const results = await run(
    coroutine(function* main() {
      return [yield* waitFor(Promise.resolve("promised"), 1000), yield* waitFor(Promise.resolve("done"), null)];
    })(),
  );
  expect(results).toEqual(["promised", "done"]);
});

test("misuse", () =>
  virtually(function* () {
    const coro = sleep(1);
    coro.close();
    expect(yield* thrownBy(() => waitFor(coro, Number.NaN))).toBe(
      "RangeError: waitFor() expects timeoutMs in milliseconds, got NaN",
    );
    expect(yield* thrownBy(() => waitFor(coro, "1" as never))).toBe(
      'TypeError: waitFor() expects timeoutMs in milliseconds, or null for no limit, got "1"',
    );
    const page = async () => "page";
    expect(yield* thrownBy(() => waitFor(page as never, 1))).toBe(
      "TypeError: what waitFor() waits for must be a coroutine, a future or a promise, got function page; an async function becomes a coroutine function with fromAsync()",
    );
    expect(yield* thrownBy(() => waitFor(3 as never, 0))).toBe(
      "TypeError: a coroutine, a future or another awaitable is required, got 3",
    );
  }));
