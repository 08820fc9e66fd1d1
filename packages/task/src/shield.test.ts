import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { gather } from "./gather.ts";
import { shield } from "./shield.ts";
import { sleep } from "./sleep.ts";

const failing = coroutine(function* failing(delayMs: number) {
  yield* sleep(delayMs);
  throw new RangeError("failed");
});

describe("shield", () => {
  test("passes on results, failures and cancellations of what is in it", () =>
    virtually(function* () {
      expect(yield* shield(sleep(5, "result"))).toBe("result");
      expect(yield* thrownBy(() => shield(failing(5)))).toBe("RangeError: failed");
      const inner = createTask(sleep(100));
      const outer = shield(inner);
      yield* sleep(1);
      inner.cancel("inner");
      // asyncio cancels the outer future without the message.
      expect(yield* thrownBy(() => outer)).toBe("CancelledError");
      expect(outer.cancelled()).toBe(true);
    }));

  test("gives what is done already as it is", () =>
    virtually(function* () {
      const done = new Future<string>();
      done.setResult("done");
      expect(shield(done)).toBe(done);
    }));

  test("keeps a cancellation of the waiter from what is in it", () =>
    virtually(function* () {
      const inner = createTask(sleep(10, "result"));
      const waiter = createTask(
        (function* () {
          return yield* shield(inner);
        })(),
      );
      yield* sleep(1);
      waiter.cancel("enough");
      expect(yield* thrownBy(() => waiter)).toBe("CancelledError: enough");
      expect(inner.done()).toBe(false);
      expect(yield* inner).toBe("result");
    }));

  test("keeps a coroutine running that nobody else holds", () =>
    virtually(function* () {
      const log: string[] = [];
      const outer = shield(
        (function* () {
          yield* sleep(10);
          log.push("ended");
        })(),
      );
      yield* sleep(1);
      outer.cancel();
      yield* sleep(20);
      expect(log).toEqual(["ended"]);
    }));

  test("the result and the cancellation in the same turn", () =>
    virtually(function* () {
      const inner = new Future<string>();
      const outer = shield(inner);
      inner.setResult("result");
      outer.cancel();
      yield* sleep(0);
      yield* sleep(0);
      expect(outer.cancelled()).toBe(true);
      expect(inner.result()).toBe("result");

      const failed = new Future<string>();
      const given = shield(failed);
      failed.setException(new RangeError("seen"));
      expect(yield* thrownBy(() => given)).toBe("RangeError: seen");
    }));

  test("reports a failure that comes when nobody waits any more, once", () => {
    const stray: ExceptionContext[] = [];
    let inner: Future<unknown> | undefined;
    virtually(function* () {
      inner = createTask(failing(10));
      for (const outer of [shield(inner), shield(inner)]) {
        yield* sleep(0);
        outer.cancel();
      }
      yield* sleep(20);
    }, stray);
    expect(stray.map(({ message }) => message)).toEqual(["RangeError exception in shielded future"]);
    expect(String(stray[0]?.exception)).toBe("RangeError: failed");
    expect(stray[0]?.future === inner).toBe(true);
  });

  test("reports a thrown value that is no error, too", () => {
    const stray: ExceptionContext[] = [];
    virtually(function* () {
      const inner = new Future<void>();
      shield(inner).cancel();
      yield* sleep(0);
      inner.setException("text");
      yield* sleep(1);
    }, stray);
    expect(stray.map(({ message }) => message)).toEqual(["string exception in shielded future"]);
  });

  test("a result or a cancellation that comes when nobody waits any more is no news", () =>
    virtually(function* () {
      const inner = [new Future<void>(), new Future<void>()] as const;
      for (const future of inner) shield(future).cancel();
      yield* sleep(0);
      inner[0].setResult();
      inner[1].cancel();
      yield* sleep(1);
    }));

  test("within a gather: cancelling the gather leaves what is shielded alone", () =>
    virtually(function* () {
      const inner = createTask(sleep(10, "inner"));
      const gathered = gather([shield(inner), sleep(1000)]);
      yield* sleep(1);
      gathered.cancel();
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError");
      expect(yield* inner).toBe("inner");
    }));

  test("around a gather", () =>
    virtually(function* () {
      const gathered = gather([sleep(10, 1), sleep(20, 2)]);
      const outer = shield(gathered);
      yield* sleep(1);
      outer.cancel();
      expect(yield* gathered).toEqual([1, 2]);
    }));

  test("records who waits, and leaves no trace when that one gives up", () =>
    virtually(function* () {
      const inner = new Future<string>();
      const outer = shield(inner);
      expect(inner.awaitedBy.has(currentTask()!)).toBe(true);
      outer.cancel();
      yield* sleep(0);
      expect(inner.awaitedBy.size).toBe(0);
      const second = shield(inner);
      inner.setResult("result");
      expect(yield* second).toBe("result");
      expect(inner.awaitedBy.size).toBe(0);
    }));

  test("who gave up leaves one subscription, however many they are", () =>
    virtually(function* () {
      const inner = new Future<string>();
      for (let times = 0; times < 10; times++) {
        const outer = shield(inner);
        yield* sleep(0);
        outer.cancel();
        yield* sleep(0);
      }
      // The report of a late failure.
      expect((inner._subscribers as unknown[]).length).toBe(1);
      expect(inner.awaitedBy.size).toBe(0);
      inner.setResult("result");
      yield* sleep(0);
    }));

  test("10,000 deep: the outermost is cancelled, or the innermost ends", () =>
    virtually(function* () {
      const inner = new Future<string>();
      let outermost: Future<string> = inner;
      for (let level = 0; level < 10_000; level++) outermost = shield(outermost);
      const given = shield(outermost);
      given.cancel();
      inner.setResult("through all of them");
      expect(yield* outermost).toBe("through all of them");
    }));

  test("outside a running loop", () => {
    const loop = new EventLoop({ host: testHost() });
    const inner = new Future<string>({ loop });
    const outer = shield(inner);
    expect(inner.awaitedBy.size).toBe(0);
    inner.setResult("result");
    expect(loop.runUntilComplete(outer)).toBe("result");
    outer.cancel();
    const left = new Future<string>({ loop });
    const abandoned = shield(left);
    abandoned.cancel();
    loop.runUntilComplete(shield(sleepOn(loop)));
    expect(left.done()).toBe(false);
    loop.close();
  });

  test("what is not awaitable", () =>
    virtually(function* () {
      expect(() => shield(3 as never)).toThrow("a coroutine, a future or another awaitable is required, got 3");
    }));
});

function sleepOn(loop: EventLoop): Future<void> {
  const future = new Future<void>({ loop });
  loop.callLater(1, () => future.setResult());
  return future;
}
