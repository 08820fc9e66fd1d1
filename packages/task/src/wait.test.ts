import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { sleep } from "./sleep.ts";
import { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, wait } from "./wait.ts";

const failing = coroutine(function* failing(delayMs: number) {
  yield* sleep(delayMs);
  throw new RangeError("failed");
});

/** Which of the numbered futures are in a set. */
function numbers(futures: readonly unknown[], set: ReadonlySet<unknown>): number[] {
  return futures.flatMap((future, index) => (set.has(future) ? [index] : []));
}

describe("wait", () => {
  test("for all: the default", () =>
    virtually(function* (loop) {
      for (const options of [undefined, {}, { returnWhen: ALL_COMPLETED, timeoutMs: null } as const]) {
        const start = loop.time();
        const tasks = [createTask(sleep(10)), createTask(failing(20)), createTask(sleep(30))];
        const { done, pending } = yield* wait(tasks, options);
        expect(loop.time() - start).toBe(30);
        expect(numbers(tasks, done)).toEqual([0, 1, 2]);
        expect(pending.size).toBe(0);
        tasks[1]!.exception();
      }
    }));

  test("for the first: also several of the same turn", () =>
    virtually(function* (loop) {
      const tasks = [createTask(sleep(10)), createTask(sleep(20)), createTask(sleep(10))];
      const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_COMPLETED });
      expect(loop.time()).toBe(10);
      expect(numbers(tasks, done)).toEqual([0, 2]);
      expect(numbers(tasks, pending)).toEqual([1]);
      yield* wait(pending);
    }));

  test("for the first: also one whose callbacks have not run yet counts as done", () =>
    virtually(function* () {
      const one = createTask(sleep(0));
      const other = createTask(
        coroutine(function* twice() {
          yield* sleep(0);
          yield* sleep(0);
        })(),
      );
      const { done, pending } = yield* wait([other, one], { returnWhen: FIRST_COMPLETED });
      expect([done.size, pending.size]).toEqual([2, 0]);
    }));

  test("for the first failure: results do not end it, cancellations neither", () =>
    virtually(function* (loop) {
      const tasks = [createTask(sleep(10)), createTask(sleep(15)), createTask(failing(20)), createTask(sleep(30))];
      loop.callLater(12, () => tasks[1]!.cancel());
      const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_EXCEPTION });
      expect(loop.time()).toBe(20);
      expect(numbers(tasks, done)).toEqual([0, 1, 2]);
      expect(numbers(tasks, pending)).toEqual([3]);
      yield* wait(pending, { returnWhen: FIRST_EXCEPTION });
      expect(loop.time()).toBe(30);
    }));

  test("with a timeout: no error, and nothing is cancelled", () =>
    virtually(function* (loop) {
      const tasks = [createTask(sleep(10)), createTask(sleep(100))];
      const first = yield* wait(tasks, { timeoutMs: 50 });
      expect([numbers(tasks, first.done), numbers(tasks, first.pending)]).toEqual([[0], [1]]);
      expect(loop.time()).toBe(50);
      const second = yield* wait(first.pending, { timeoutMs: 1000 });
      expect(second.pending.size).toBe(0);
      expect(loop.time()).toBe(100);
      // The timer of the second went with it.
      yield* sleep(1);
      expect(loop._timers.pending).toBe(0);
    }));

  test("with a timeout of 0: what is done in the next turn", () =>
    virtually(function* (loop) {
      const tasks = [createTask(sleep(0)), createTask(sleep(1))];
      const done = new Future<void>();
      done.setResult();
      const result = yield* wait([...tasks, done], { timeoutMs: 0 });
      expect(result.done.has(done)).toBe(true);
      expect(result.pending.has(tasks[1]!)).toBe(true);
      expect(loop.time()).toBe(0);
      yield* wait(tasks);
    }));

  test("for what is done already suspends all the same", () =>
    virtually(function* () {
      const log: string[] = [];
      const done = new Future<void>();
      done.setResult();
      const other = createTask(
        (function* () {
          log.push("other");
        })(),
      );
      yield* wait([done]);
      log.push("waited");
      yield* other;
      expect(log).toEqual(["other", "waited"]);
    }));

  test("takes a future that is given twice for one", () =>
    virtually(function* () {
      const task = createTask(sleep(5));
      const { done } = yield* wait([task, task]);
      expect(done.size).toBe(1);
    }));

  test("takes promises, as futures of theirs", () =>
    virtually(function* () {
      const promise = new Promise<number>(() => {});
      const { done, pending } = yield* wait([promise], { timeoutMs: 1 });
      expect(done.size).toBe(0);
      expect([...pending][0]).toBeInstanceOf(Future);
    }));

  test("can be cancelled without cancelling what it waits for, and leaves no trace", () =>
    virtually(function* (loop) {
      const task = createTask(sleep(50, "result"));
      const future = new Future<void>();
      const waiting = createTask(wait([task, future], { timeoutMs: 500 }));
      yield* sleep(1);
      expect(future.awaitedBy.has(waiting)).toBe(true);
      waiting.cancel("enough");
      expect(yield* thrownBy(() => waiting)).toBe("CancelledError: enough");
      expect([task._subscribers, future._subscribers]).toEqual([null, null]);
      expect(future.awaitedBy.size).toBe(0);
      expect(yield* task).toBe("result");
      yield* sleep(0);
      expect(loop._timers.pending).toBe(0);
    }));

  test("leaves no trace on what outlives it", () =>
    virtually(function* () {
      const shutdown = new Future<void>();
      for (let round = 0; round < 3; round++) yield* wait([shutdown], { timeoutMs: 1 });
      yield* wait([shutdown, createTask(sleep(1))], { returnWhen: FIRST_COMPLETED });
      expect(shutdown._subscribers).toBeNull();
      expect(shutdown.awaitedBy.size).toBe(0);
    }));

  test("the timeout in the turn of the last one: whichever is first, the sets tell the truth", () =>
    virtually(function* () {
      const tasks = [createTask(sleep(10)), createTask(sleep(10))];
      const { done, pending } = yield* wait(tasks, { timeoutMs: 10 });
      expect(done.size + pending.size).toBe(2);
      for (const task of done) expect(task.done()).toBe(true);
      yield* wait(tasks);
    }));

  test("records who waits while it does", () =>
    virtually(function* () {
      const [one, two] = [createTask(sleep(1)), createTask(sleep(3))];
      const waiting = createTask(wait([one, two]));
      yield* sleep(2);
      expect([one.awaitedBy.size, two.awaitedBy.has(waiting)]).toEqual([0, true]);
      yield* waiting;
      expect(two.awaitedBy.has(currentTask()!)).toBe(false);
      expect(two.awaitedBy.size).toBe(0);
    }));
});

describe("misuse", () => {
  test("arguments", () =>
    virtually(function* () {
      const message = (futures: unknown, options?: unknown) =>
        thrownBy(() => wait(futures as Future[], options as undefined));
      const coro = sleep(1);
      coro.close();
      const future = new Future<void>();
      expect(yield* message(future)).toBe("TypeError: wait() expects an iterable of futures, got <Future pending>");
      expect(yield* message(3)).toBe("TypeError: wait() expects an iterable of futures, got 3");
      expect(yield* message(null)).toBe("TypeError: wait() expects an iterable of futures, got null");
      expect(yield* message(coro)).toMatch(/^TypeError: wait\(\) expects an iterable of futures, got <Coroutine /);
      expect(yield* message([])).toBe("RangeError: wait() expects at least one future, got none");
      expect(yield* message([3])).toBe("TypeError: wait() expects futures, got 3");
      expect(yield* message([async () => {}])).toBe(
        "TypeError: wait() expects futures, got an anonymous function; an async function becomes a coroutine function with fromAsync()",
      );
      expect(yield* message([coro])).toMatch(
        /^TypeError: wait\(\) expects futures, got the coroutine <Coroutine .*>: pass createTask\(\) of it$/,
      );
      expect(yield* message([(function* () {})()])).toMatch(/^TypeError: wait\(\) expects futures, got the coroutine /);
      expect(yield* message([future], { returnWhen: "SOON" })).toBe(
        'RangeError: wait() expects returnWhen to be "FIRST_COMPLETED", "FIRST_EXCEPTION" or "ALL_COMPLETED", got "SOON"',
      );
      expect(yield* message([future], { timeoutMs: "1" })).toBe(
        'TypeError: wait() expects timeoutMs in milliseconds, or null for no limit, got "1"',
      );
      expect(future._subscribers).toBeNull();
    }));
});
