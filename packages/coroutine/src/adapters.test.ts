import { CancelledError, isFuture } from "@tsyncio/future";
import { describe, expect, test, vi } from "vitest";
import { type Coroutine, coroutine, fromAsync, fromAsyncIterable, fromCallback, fromNodeCallback } from "./index.ts";
import { failure, resume, takeError, throwInto } from "./protocol.ts";

/** The smallest driver: awaits what the coroutine awaits, natively. `drive.cancel()` throws at the await under way. */
function drive<T>(driven: Coroutine<T>) {
  let waiting: { cancel(message?: string): boolean } | null = null;
  const driver = { _giveWay() {} };
  const result = (async () => {
    let outcome = resume(driven, undefined, driver);
    for (;;) {
      if (outcome === failure) throw takeError();
      if (outcome !== null && !isFuture(outcome)) return outcome.value as T;
      waiting = outcome;
      try {
        await outcome;
      } catch (error) {
        outcome = throwInto(driven, error, driver);
        continue;
      }
      outcome = resume(driven, undefined, driver);
    }
  })();
  return { result, cancel: (message?: string) => waiting!.cancel(message) };
}

const settled = async <T>(promise: Promise<T>) => {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome!.status === "fulfilled" ? outcome!.value : `${outcome!.reason}`;
};

describe("fromAsync", () => {
  test("starts when it is awaited, and gives the promise's result", async () => {
    let started = 0;
    const load = fromAsync(async function load(signal, a: number, b: number) {
      started++;
      expect(signal.aborted).toBe(false);
      return a + b;
    });
    expect(load.name).toBe("load");
    const call = load(1, 2);
    await Promise.resolve();
    expect(started).toBe(0);
    expect(await drive(call).result).toBe(3);
  });

  test("throws what the promise rejects with, or the function throws", async () => {
    const rejecting = fromAsync(async () => {
      throw new Error("rejected");
    });
    await expect(drive(rejecting()).result).rejects.toThrow("rejected");
    const throwing = fromAsync((): Promise<void> => {
      throw new Error("thrown");
    });
    await expect(drive(throwing()).result).rejects.toThrow("thrown");
  });

  test("cancelling aborts the signal, and waits until the promise has settled", async () => {
    const order: string[] = [];
    let release = () => {};
    const slow = fromAsync(async (signal) => {
      signal.addEventListener("abort", () => order.push(`aborted: ${signal.reason}`));
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push("cleaned up");
      signal.throwIfAborted();
    });
    const driven = drive(slow());
    await Promise.resolve();
    driven.cancel("enough");
    driven.result.catch(() => order.push("over"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    driven.cancel("again");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(order).toEqual(["aborted: CancelledError: enough"]);
    release();
    expect(await settled(driven.result)).toBe("CancelledError: enough");
    await Promise.resolve();
    expect(order).toEqual(["aborted: CancelledError: enough", "cleaned up", "over"]);
  });

  test.each<[string, () => unknown, string]>([
    ["a result that comes too late", () => "late", "CancelledError: stop"],
    [
      "an AbortError",
      () => {
        throw Object.assign(new Error("aborted"), { name: "AbortError" });
      },
      "CancelledError: stop",
    ],
    [
      "an error of its own",
      () => {
        throw new Error("clean-up failed");
      },
      "Error: clean-up failed",
    ],
    [
      "something that is no error",
      () => {
        throw undefined;
      },
      "undefined",
    ],
  ])("after a cancellation, %s", async (_name, end, outcome) => {
    let release = () => {};
    const slow = fromAsync(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return end();
    });
    const driven = drive(slow());
    await Promise.resolve();
    driven.cancel("stop");
    release();
    expect(await settled(driven.result)).toBe(outcome);
  });

  test("refuses what is no function, or gives no promise", async () => {
    expect(() => fromAsync(5 as never)).toThrow(
      new TypeError("fromAsync() expects a function that gives a promise, got 5"),
    );
    await expect(drive(fromAsync((() => 5) as never)()).result).rejects.toThrow(
      "fromPromise() expects a promise or another thenable, got 5",
    );
    expect(fromAsync((() => async () => {})()).name).toBe("fromAsync");
  });
});

describe("fromCallback", () => {
  test("suspends until it is called back, the first time", async () => {
    const once = fromCallback<number>((resolve, reject) => {
      resolve(1);
      resolve(2);
      reject(new Error("too late"));
    });
    expect(once.name).toBe("fromCallback");
    expect(await drive(once).result).toBe(1);
    const failing = fromCallback((_resolve, reject) => reject(new Error("failed")));
    await expect(drive(failing).result).rejects.toThrow("failed");
  });

  test("runs nothing before it is awaited", () => {
    fromCallback(() => {
      throw new Error("ran");
    });
  });

  test("cancelling runs the clean-up, and finishing does not", async () => {
    const cleanup = vi.fn();
    const driven = drive(fromCallback(() => cleanup));
    driven.cancel("stop");
    expect(await settled(driven.result)).toBe("CancelledError: stop");
    expect(cleanup).toHaveBeenCalledTimes(1);
    await drive(
      fromCallback<void>((resolve) => {
        resolve();
        return cleanup;
      }),
    ).result;
    expect(cleanup).toHaveBeenCalledTimes(1);
    const bare = drive(fromCallback(() => {}));
    bare.cancel();
    await expect(bare.result).rejects.toBeInstanceOf(CancelledError);
  });

  test("refuses what is no function", () => {
    expect(() => fromCallback(5 as never)).toThrow(new TypeError("fromCallback() expects a function, got 5"));
  });
});

describe("fromNodeCallback", () => {
  test("gives the value, or throws the error", async () => {
    const add = fromNodeCallback(function add(a: number, b: number, callback: (error: unknown, sum?: number) => void) {
      callback(a < 0 ? new Error("negative") : null, a + b);
      callback(null, 0);
    });
    expect(add.name).toBe("add");
    expect(await drive(add(1, 2)).result).toBe(3);
    await expect(drive(add(-1, 2)).result).rejects.toThrow("negative");
    const none = fromNodeCallback((callback: (error: unknown) => void) => callback(undefined));
    expect(await drive(none()).result).toBe(undefined);
    expect(fromNodeCallback((() => () => {})()).name).toBe("fromNodeCallback");
  });

  test("cancelling ceases to wait", async () => {
    const driven = drive(fromNodeCallback((_callback: (error: unknown) => void) => {})());
    driven.cancel("stop");
    expect(await settled(driven.result)).toBe("CancelledError: stop");
  });

  test("refuses what is no function", () => {
    expect(() => fromNodeCallback(5 as never)).toThrow(
      new TypeError("fromNodeCallback() expects a function whose last argument is a callback, got 5"),
    );
  });
});

describe("fromAsyncIterable", () => {
  test("gives the steps one by one, and closes the iterator", async () => {
    const order: string[] = [];
    async function* numbers() {
      try {
        yield 1;
        yield 2;
        yield 3;
      } finally {
        order.push("closed");
      }
    }
    const steps = fromAsyncIterable(numbers());
    const main = coroutine(function* main() {
      const first = yield* steps.next();
      const second = yield* steps.next();
      yield* steps.return();
      const third = yield* steps.next();
      return [first, second, third];
    });
    expect(await drive(main()).result).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ]);
    expect(order).toEqual(["closed"]);
  });

  test("takes an iterator that cannot be closed", async () => {
    const steps = fromAsyncIterable({
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true as const, value: undefined }) }),
    });
    await drive(steps.return()).result;
  });

  test("refuses what is no async iterable", () => {
    expect(() => fromAsyncIterable([1] as never)).toThrow(
      new TypeError("fromAsyncIterable() expects an async iterable, got [1]"),
    );
    expect(() => fromAsyncIterable(null as never)).toThrow(TypeError);
  });
});
