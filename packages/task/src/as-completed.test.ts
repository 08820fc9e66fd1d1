import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { asCompleted } from "./as-completed.ts";
import { createTask } from "./create-task.ts";
import { TimeoutError } from "./errors.ts";
import { gather } from "./gather.ts";
import { run } from "./run.ts";
import { sleep } from "./sleep.ts";

const failing = coroutine(function* failing(delayMs: number) {
  yield* sleep(delayMs);
  throw new RangeError("failed");
});

describe("for (const next of asCompleted(…))", () => {
  test("gives coroutines of the results, in the order in which they come", () =>
    virtually(function* (loop) {
      const log: unknown[] = [];
      for (const next of asCompleted([sleep(30, "c"), createTask(sleep(10, "a")), sleep(20, "b")])) {
        log.push(yield* next, loop.time());
      }
      expect(log).toEqual(["a", 10, "b", 20, "c", 30]);
    }));

  test("throws failures where they are awaited, and goes on", () =>
    virtually(function* () {
      const log: unknown[] = [];
      const cancelled = new Future<never>();
      cancelled.cancel("stopped");
      for (const next of asCompleted([sleep(30, "late"), failing(10), cancelled])) {
        try {
          log.push(yield* next);
        } catch (error) {
          log.push(String(error));
        }
      }
      expect(log).toEqual(["CancelledError: stopped", "RangeError: failed", "late"]);
    }));

  test("of none: nothing", () =>
    virtually(function* () {
      expect([...asCompleted([])]).toEqual([]);
    }));

  test("of the same one twice: once", () =>
    virtually(function* () {
      const once = sleep(1, "once");
      const all = [...asCompleted([once, once])];
      expect(all.length).toBe(1);
      expect(yield* all[0]!).toBe("once");
    }));

  test("the coroutines may be run together, in any order: the longest wait is served first", () =>
    virtually(function* () {
      const [first, second, third] = [...asCompleted([sleep(30, "c"), sleep(10, "a"), sleep(20, "b")])];
      expect(yield* gather([third!, first!, second!])).toEqual(["a", "b", "c"]);
    }));

  test("iterated in parts, each counts once", () =>
    virtually(function* () {
      const completed = asCompleted([sleep(1, 1), sleep(2, 2), sleep(3, 3)]);
      const results: number[] = [];
      for (const next of completed) {
        results.push(yield* next);
        break;
      }
      for (const next of completed) results.push(yield* next);
      expect(results).toEqual([1, 2, 3]);
      expect([...completed]).toEqual([]);
    }));
});

describe(".futures()", () => {
  test("gives the futures themselves, done", () =>
    virtually(function* () {
      const tasks = { slow: createTask(sleep(20, "slow")), quick: createTask(sleep(10, "quick")) };
      const order: string[] = [];
      for (const next of asCompleted([tasks.slow, tasks.quick]).futures()) {
        const task = yield* next;
        expect(task.done()).toBe(true);
        order.push(task === tasks.slow ? "slow" : "quick", task.result());
      }
      expect(order).toEqual(["quick", "quick", "slow", "slow"]);
    }));
});

describe("for await (const future of asCompleted(…))", () => {
  test("gives the futures themselves to an async function", async () => {
    const log: string[] = [];
    await run(
      coroutine(function* main() {
        const slow = createTask(sleep(4, 4n));
        const promised = (async () => {
          for await (const future of asCompleted([slow, sleep(1, 1n), failing(2)])) {
            if (future.exception() === null) log.push(`${future === slow} ${future.result()}`);
            else log.push(String(future.exception()));
          }
        })();
        const finished = new Future<void>();
        promised.then(() => finished.setResult());
        yield* finished;
      })(),
    );
    expect(log).toEqual(["false 1", "RangeError: failed", "true 4"]);
  });

  test("rejects when the time is up", async () => {
    let caught: unknown;
    await run(
      coroutine(function* main() {
        const finished = new Future<void>();
        const never = new Future<void>();
        (async () => {
          for await (const _ of asCompleted([never], { timeoutMs: 1 })) throw new Error("it came");
        })().catch((error) => {
          caught = error;
          finished.setResult();
        });
        yield* finished;
      })(),
    );
    expect(caught).toBeInstanceOf(TimeoutError);
  });
});

describe("the timeout", () => {
  test("throws for everything that is not there, and cancels nothing", () =>
    virtually(function* (loop) {
      const log: unknown[] = [];
      const slow = createTask(sleep(100, "slow"));
      for (const next of asCompleted([sleep(5, "quick"), slow, sleep(200)], { timeoutMs: 20 })) {
        log.push(yield* thrownBy(() => next));
      }
      expect(log).toEqual([null, "TimeoutError: timed out after 20 ms", "TimeoutError: timed out after 20 ms"]);
      expect(loop.time()).toBe(20);
      expect(yield* slow).toBe("slow");
      yield* sleep(200);
    }));

  test("that does not pass leaves no timer", () =>
    virtually(function* (loop) {
      for (const next of asCompleted([sleep(5), sleep(6)], { timeoutMs: 1000 })) yield* next;
      yield* sleep(1);
      expect(loop._timers.pending).toBe(0);
      expect([...asCompleted([], { timeoutMs: 10 })]).toEqual([]);
      expect(loop._timers.pending).toBe(0);
    }));

  test("in the same turn as a future: the one that is first in the turn counts", () =>
    virtually(function* (loop) {
      const future = new Future<string>();
      const completed = asCompleted([future], { timeoutMs: 10 });
      loop.callLater(10, () => future.setResult("too late"));
      const [next] = [...completed];
      expect(yield* thrownBy(() => next!)).toBe("TimeoutError: timed out after 10 ms");

      const early = new Future<string>();
      loop.callLater(10, () => early.setResult("in the turn before"));
      const [other] = [...asCompleted([early], { timeoutMs: 10 })];
      // Both timers are due: the result is set, its callback comes a turn later than the timeout.
      expect(yield* thrownBy(() => other!)).toBe("TimeoutError: timed out after 10 ms");
    }));
});

describe("cancelling one who waits", () => {
  test("stops that one, and nothing else", () =>
    virtually(function* () {
      const future = new Future<string>();
      const [first, second] = [...asCompleted([future, new Future<string>()])];
      const waiters = [createTask(first!), createTask(second!)] as const;
      yield* sleep(0);
      waiters[0].cancel("enough");
      yield* sleep(0);
      future.setResult("for the other");
      expect(yield* waiters[1]).toBe("for the other");
      expect(waiters[0].cancelled()).toBe(true);
    }));

  test("when it was just woken: the next in line is woken in its place", () =>
    virtually(function* () {
      const future = new Future<string>();
      const [first, second] = [...asCompleted([future, new Future<string>()])];
      const waiters = [createTask(first!), createTask(second!)] as const;
      yield* sleep(0);
      future.setResult("result");
      // One turn for the future's callback, which wakes the first; in the same turn it is cancelled.
      yield* sleep(0);
      waiters[0].cancel();
      expect(yield* waiters[1]).toBe("result");
      expect(waiters[0].cancelled()).toBe(true);
    }));

  test("in the turn in which a result comes: that goes to the next in line", () =>
    virtually(function* () {
      const future = new Future<string>();
      const [first, second] = [...asCompleted([future, new Future<string>()])];
      const waiters = [createTask(first!), createTask(second!)] as const;
      yield* sleep(0);
      future.setResult("result");
      waiters[0].cancel();
      expect(yield* waiters[1]).toBe("result");
      expect(waiters[0].cancelled()).toBe(true);
    }));

  test("whoever is quicker than one who was woken takes the result, and that one waits on", () =>
    virtually(function* () {
      const [a, b] = [new Future<string>(), new Future<string>()];
      const [first, second] = [...asCompleted([a, b])];
      const slow = createTask(first!);
      yield* sleep(0);
      a.setResult("a");
      const quick = createTask(
        (function* () {
          return yield* second!;
        })(),
      );
      yield* sleep(0);
      yield* sleep(0);
      b.setResult("b");
      expect(new Set([yield* slow, yield* quick])).toEqual(new Set(["a", "b"]));
    }));

  test("a cancelled one whose future is cancelled with it wakes nobody", () =>
    virtually(function* () {
      const [first] = [...asCompleted([new Future<string>()])];
      const waiter = createTask(first!);
      yield* sleep(0);
      waiter.cancel();
      yield* sleep(0);
      yield* sleep(0);
      let caught: unknown;
      try {
        yield* waiter;
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(CancelledError);
    }));
});

describe("misuse", () => {
  test("arguments", () =>
    virtually(function* () {
      const coro = sleep(1);
      coro.close();
      expect(() => asCompleted(3 as never)).toThrow("asCompleted() expects an iterable of awaitables, got 3");
      expect(() => asCompleted(null as never)).toThrow("asCompleted() expects an iterable of awaitables, got null");
      expect(() => asCompleted(new Future() as never)).toThrow(
        "asCompleted() expects an iterable of awaitables, got <Future pending>",
      );
      expect(() => asCompleted(coro as never)).toThrow(/^asCompleted\(\) expects an iterable of awaitables, got <Cor/);
      expect(() => asCompleted([3 as never])).toThrow("a coroutine, a future or another awaitable is required, got 3");
      expect(() => asCompleted([], { timeoutMs: Number.NaN })).toThrow(
        "asCompleted() expects timeoutMs in milliseconds, got NaN",
      );
    }));

  test("futures of another loop", () =>
    virtually(function* () {
      const loop = new EventLoop({ host: testHost() });
      expect(() => asCompleted([new Future({ loop })])).toThrow("The future belongs to a different loop");
      loop.close();
    }));
});

test("100,000 of them, awaited one after another and all at once, in linear time", () =>
  virtually(function* () {
    const count = 50_000;
    const make = () => Array.from({ length: count }, (_, index) => sleep(index % 5, index));
    let sum = 0;
    for (const next of asCompleted(make())) sum += yield* next;
    expect(sum).toBe((count * (count - 1)) / 2);
    const together = yield* gather([...asCompleted(make())]);
    expect(together.reduce((total, value) => total + value, 0)).toBe(sum);
  }));
