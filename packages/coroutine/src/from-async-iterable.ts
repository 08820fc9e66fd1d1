import { showResult } from "@tsyncio/future/waiting";
import type { Coroutine } from "./coroutine.ts";
import { fromAsync } from "./from-async.ts";

/** An async iterator whose steps are coroutines. */
export interface CoroutineIterator<T> {
  /** The next step: `{done, value}`. Suspends until it is there; cancelling waits for the step under way to end. */
  next(): Coroutine<IteratorResult<T, unknown>>;
  /** Tells the iterator that no more is wanted. Suspends until it has cleaned up. */
  return(): Coroutine<void>;
}

/**
 * The steps of an async iterable as coroutines: `const { done, value } = yield* steps.next()`.
 *
 * asyncio counterpart: `anext()` of an asynchronous iterator.
 */
export function fromAsyncIterable<T>(iterable: AsyncIterable<T>): CoroutineIterator<T> {
  if (typeof (iterable as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError(`fromAsyncIterable() expects an async iterable, got ${showResult(iterable)}`);
  }
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    next: fromAsync(async function next() {
      return iterator.next();
    }),
    return: fromAsync(async function close() {
      await iterator.return?.();
    }),
  };
}
