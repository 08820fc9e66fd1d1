import { registry } from "@tsyncio/context/registry";
import { CancelledError, Future } from "@tsyncio/future";
import { expect, test } from "vitest";
import { PromiseFuture, toPromise } from "./index.ts";

test("gives a native promise of what the future gives", async () => {
  const future = new Future<number>();
  const promise = toPromise(future);
  expect(promise).toBeInstanceOf(Promise);
  future.setResult(42);
  expect(await promise).toBe(42);
  expect(await toPromise(future)).toBe(42);
});

test("rejects with the error of one that failed", async () => {
  const error = new Error("failed");
  const future = new Future();
  future.setException(error);
  await expect(toPromise(future)).rejects.toBe(error);
});

test("rejects with the CancelledError of one that was cancelled", async () => {
  const future = new Future();
  future.cancel("enough");
  const reason = (await toPromise(future).catch((error: unknown) => error)) as Error;
  expect([reason instanceof CancelledError, reason.message]).toEqual([true, "enough"]);
});

test("takes any future", async () => {
  const future = new PromiseFuture<number>();
  future.signalSuccess(1);
  expect(await toPromise(future)).toBe(1);
});

test("a result with a then is resolved further, as promises do", async () => {
  const future = new Future<unknown>();
  future.setResult(Promise.resolve("further"));
  expect(await toPromise(future)).toBe("further");
});

test("other awaitables are made into a future by the layer of tasks, if it is there", async () => {
  const { ensureFuture } = registry;
  try {
    registry.ensureFuture = null;
    expect(() => toPromise(5 as never)).toThrow(
      new TypeError("toPromise() expects a Future, got 5; coroutines are taken once @tsyncio/task is imported"),
    );
    registry.ensureFuture = (awaitable) => {
      const future = new Future<unknown>();
      future.setResult([awaitable]);
      return future;
    };
    expect(await toPromise(5 as never)).toEqual([5]);
  } finally {
    registry.ensureFuture = ensureFuture;
  }
});
