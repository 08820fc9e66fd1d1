import { Future } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import type { Coroutine } from "./coroutine.ts";
import { coroutine } from "./coroutine-function.ts";

/** Begins something that calls back, and gives what undoes it, if anything does. */
export type CallbackStarter<T> = (
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
) => (() => void) | undefined | void;

/**
 * A Coroutine out of anything that calls back: `fromCallback((resolve) => { const t = start(resolve); return () =>
 * stop(t) })`. Nothing starts before it is awaited.
 *
 * Suspends until one of the two is called; later calls do nothing. Cancelling it runs the cleanup that `start` gave.
 *
 * asyncio counterpart: none; a Future and `try … except CancelledError` around it.
 */
export function fromCallback<T>(start: CallbackStarter<T>): Coroutine<T> {
  if (typeof start !== "function") {
    throw new TypeError(`fromCallback() expects a function, got ${showResult(start)}`);
  }
  return callback(start) as Coroutine<T>;
}

const callback = coroutine(function* fromCallback<T>(start: CallbackStarter<T>) {
  const future = new Future<T>();
  const cleanup = start(
    (value) => {
      if (!future.done()) future.setResult(value);
    },
    (error) => {
      if (!future.done()) future.setException(error);
    },
  );
  try {
    return yield* future;
  } finally {
    if (future.cancelled() && typeof cleanup === "function") cleanup();
  }
});

/** The last argument of Node's callback APIs. */
type NodeCallback<T> = (error: unknown, value?: T) => void;

/**
 * A coroutine function out of a function in Node's manner, whose last argument is `(error, value) => void`. Suspends
 * until it calls back; such a function cannot be told to stop, so cancelling only ceases to wait for it.
 */
export function fromNodeCallback<A extends unknown[], T>(
  nodeFunction: (...args: [...A, NodeCallback<T>]) => unknown,
): (...args: A) => Coroutine<T> {
  if (typeof nodeFunction !== "function") {
    throw new TypeError(
      `fromNodeCallback() expects a function whose last argument is a callback, got ${showResult(nodeFunction)}`,
    );
  }
  const name = nodeFunction.name || "fromNodeCallback";
  const started = {
    *[name](this: unknown, ...args: A) {
      const future = new Future<T>();
      nodeFunction.call(this, ...args, (error: unknown, value?: T) => {
        if (future.done()) return;
        if (error === null || error === undefined) future.setResult(value as T);
        else future.setException(error);
      });
      return yield* future;
    },
  };
  return coroutine(started[name]!);
}
