import type { CancelledError } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { fromPromise } from "@tsyncio/promise-interop";
import type { Coroutine } from "./coroutine.ts";
import { coroutine } from "./coroutine-function.ts";

/**
 * Makes a coroutine function out of an async function that takes an AbortSignal first: `fromAsync((signal, url) =>
 * fetch(url, {signal}))`. Nothing starts before the coroutine is awaited.
 *
 * Suspends until the promise settles. Cancelling it aborts the signal, with the CancelledError as its reason, and then
 * waits for the promise to settle: nothing is left running. It ends as cancelled, unless the promise then rejects with
 * an error of its own.
 *
 * asyncio counterpart: none; `asyncio.to_thread` is the nearest.
 */
export function fromAsync<A extends unknown[], T>(
  asyncFunction: (signal: AbortSignal, ...args: A) => PromiseLike<T>,
): (...args: A) => Coroutine<T> {
  if (typeof asyncFunction !== "function") {
    throw new TypeError(`fromAsync() expects a function that gives a promise, got ${showResult(asyncFunction)}`);
  }
  const name = asyncFunction.name || "fromAsync";
  const started = {
    *[name](...args: A) {
      const controller = new AbortController();
      const promise = asyncFunction(controller.signal, ...args);
      let cancellation: CancelledError | null = null;
      for (;;) {
        const settled = fromPromise(promise);
        try {
          const value: T = yield* settled;
          if (cancellation !== null) throw cancellation;
          return value;
        } catch (error) {
          if (settled.cancelled()) {
            cancellation ??= error as CancelledError;
            controller.abort(cancellation);
          } else if (cancellation !== null && isAbort(error, controller.signal)) {
            throw cancellation;
          } else {
            throw error;
          }
        }
      }
    },
  };
  return coroutine(started[name] as (...args: A) => Generator<never, T, unknown>);
}

/** Whether `error` says no more than that the signal was aborted. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error as Partial<Error> | null | undefined)?.name === "AbortError";
}
