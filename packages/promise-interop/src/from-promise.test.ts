import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FuturePromise, fromPromise, type PromisedFuture, PromiseFuture } from "./index.ts";

let loop: EventLoop;
let strays: ExceptionContext[];
const unhandled: unknown[] = [];
const listener = (reason: unknown) => void unhandled.push(reason);

beforeEach(() => {
  loop = new EventLoop();
  strays = [];
  loop.setExceptionHandler((_, context) => void strays.push(context));
  unhandled.length = 0;
  process.on("unhandledRejection", listener);
});

afterEach(() => {
  process.off("unhandledRejection", listener);
  expect(unhandled).toEqual([]);
});

const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** What the future ends with. */
async function outcome(promiseLike: PromiseLike<unknown>) {
  const future = fromPromise(promiseLike, { loop });
  for (let i = 0; i < 3 && !future.done(); i++) await macrotask();
  if (!future.done()) return "pending";
  const reason = future.exception();
  return reason === null ? { value: future.result() } : { reason };
}

describe("fromPromise", () => {
  test("gives a Future of the loop with what the promise came to", async () => {
    const error = new Error("failed");
    expect(await outcome(Promise.resolve(42))).toEqual({ value: 42 });
    expect(await outcome(Promise.reject(error))).toEqual({ reason: error });
    const future = fromPromise(Promise.resolve(1), { loop });
    expect(future).toBeInstanceOf(Future);
    expect([future.state, future.getLoop() === loop]).toEqual(["pending", true]);
    expect(fromPromise(Promise.resolve(1)).getLoop()).not.toBe(loop);
  });

  test("takes promises of every kind", async () => {
    expect(await outcome(FuturePromise.resolve(1))).toEqual({ value: 1 });
    class Sub<T> extends Promise<T> {}
    expect(await outcome(Sub.resolve(2))).toEqual({ value: 2 });
    const future: PromisedFuture<number> = new PromiseFuture({ loop });
    future.setResult(3);
    expect(await outcome(future)).toEqual({ value: 3 });
  });

  test("refuses what is no thenable, and options that are none", () => {
    const message = (given: string) =>
      new TypeError(`fromPromise() expects a promise or another thenable, got ${given}`);
    expect(() => fromPromise(1 as never)).toThrow(message("1"));
    expect(() => fromPromise(null as never)).toThrow(message("null"));
    expect(() => fromPromise({ then: 1 } as never)).toThrow(message("{then}"));
    expect(() => fromPromise(Promise.resolve(), null as never)).toThrow(
      new TypeError("fromPromise() expects options such as {loop, onCancel}, got null"),
    );
    expect(() => fromPromise(Promise.resolve(), { onCancel: 1 as never })).toThrow(
      new TypeError("fromPromise() expects onCancel to be a function, got 1"),
    );
  });
});

describe("cancelling", () => {
  test("calls onCancel with the error, at once and once", () => {
    const errors: CancelledError[] = [];
    const future = fromPromise(new Promise(() => {}), { loop, onCancel: (error) => errors.push(error) });
    expect([future.cancel("enough"), future.cancel("again")]).toEqual([true, false]);
    expect(errors.map((error) => [error instanceof CancelledError, error.message])).toEqual([[true, "enough"]]);
    expect(future.cancelled()).toBe(true);
  });

  test("does not call onCancel when it is done", async () => {
    let called = false;
    const future = fromPromise(Promise.resolve(1), { loop, onCancel: () => (called = true) });
    await macrotask();
    expect([future.cancel(), called, future.result()]).toEqual([false, false, 1]);
  });

  test("works without onCancel; the future may be settled by whoever has it", async () => {
    const cancelled = fromPromise(Promise.resolve(1), { loop });
    expect(cancelled.cancel()).toBe(true);
    const settled = fromPromise<string>(Promise.reject(new Error("late")), { loop });
    settled.setResult("first");
    await macrotask();
    expect([cancelled.state, settled.result()]).toEqual(["cancelled", "first"]);
  });

  test("an error of onCancel is a stray error", () => {
    const error = new Error("in onCancel");
    const future = fromPromise(new Promise(() => {}), {
      loop,
      onCancel() {
        throw error;
      },
    });
    expect(future.cancel()).toBe(true);
    expect(strays.map(({ message, exception }) => [message, exception])).toEqual([
      ["Exception in fromPromise()'s onCancel", error],
    ]);
  });

  test("a settlement that comes late is ignored, and is no unhandled rejection", async () => {
    let reject!: (reason: unknown) => void;
    const future = fromPromise(new Promise((_, rejectFunction) => (reject = rejectFunction)), { loop });
    future.cancel();
    reject(new Error("late"));
    await macrotask();
    expect(future.cancelled()).toBe(true);
  });

  test("a settlement that comes when the loop is closed is ignored", async () => {
    const future = fromPromise(Promise.resolve(1), { loop });
    const failed = fromPromise(Promise.reject(new Error("failed")), { loop });
    future.addDoneCallback(() => {});
    loop.close();
    await macrotask();
    expect([future.state, failed.state]).toEqual(["pending", "pending"]);
  });
});

describe("foreign thenables", () => {
  type Then = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void;
  const thenable = (then: Then) => ({ then }) as PromiseLike<unknown>;

  test("that call back within then, or twice", async () => {
    expect(await outcome(thenable((resolve) => resolve(1)))).toEqual({ value: 1 });
    expect(await outcome(thenable((_, reject) => reject(1)))).toEqual({ reason: 1 });
    expect(
      await outcome(
        thenable((resolve, reject) => {
          resolve(1);
          resolve(2);
          reject(3);
        }),
      ),
    ).toEqual({ value: 1 });
  });

  test("that never call back leave it pending", async () => {
    expect(await outcome(thenable(() => {}))).toBe("pending");
  });

  test("that throw, before or after they called back", async () => {
    expect(
      await outcome(
        thenable(() => {
          throw "thrown";
        }),
      ),
    ).toEqual({ reason: "thrown" });
    expect(
      await outcome(
        thenable((resolve) => {
          resolve(1);
          throw "ignored";
        }),
      ),
    ).toEqual({ value: 1 });
  });

  test("whose then throws when read; it is read once", async () => {
    expect(
      await outcome({
        get then(): never {
          throw "unreadable";
        },
      }),
    ).toEqual({ reason: "unreadable" });
    let reads = 0;
    await outcome({
      get then() {
        reads++;
        return ((resolve: (value: unknown) => void) => resolve(1)) as never;
      },
    });
    expect(reads).toBe(1);
  });

  test("that call back with a thenable are followed", async () => {
    expect(await outcome(thenable((resolve) => resolve(thenable((inner) => inner(1)))))).toEqual({ value: 1 });
  });

  test("that are proxies", async () => {
    expect(await outcome(new Proxy(Promise.resolve(1), {}))).toEqual({ reason: expect.any(TypeError) });
    expect(
      await outcome(
        new Proxy(
          thenable((resolve) => resolve(1)),
          {},
        ),
      ),
    ).toEqual({ value: 1 });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(await outcome(proxy as never)).toEqual({ reason: expect.any(TypeError) });
  });

  test("that are native, with a constructor that throws when read", async () => {
    const promise = Object.defineProperty(Promise.resolve(1), "constructor", {
      get() {
        throw "unreadable";
      },
    });
    expect(await outcome(promise)).toEqual({ reason: "unreadable" });
  });
});

test("a host on which no promise can settle refuses one, and takes its rejection", async () => {
  const host = { ...loop.host, refuseOutside: (what: string) => new RangeError(`${what}: refused`) };
  const refusing = new EventLoop({ host });
  expect(() => fromPromise(Promise.reject(1), { loop: refusing })).toThrow(new RangeError("a native promise: refused"));
  await macrotask();
});
