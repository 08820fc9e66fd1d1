import type { Future } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { type Coroutine, type CoroutineGenerator, isCoroutine, toFrame } from "./coroutine.ts";
import { isResumable } from "./coroutine-function.ts";

/** What a task can be made of: a Coroutine, or a raw generator. */
export type CoroutineLike<T> = Coroutine<T> | CoroutineGenerator<T>;

/** Anything that can be waited for. */
export type Awaitable<T> = CoroutineLike<T> | Future<T> | PromiseLike<T>;

/**
 * The Coroutine of a coroutine-like value: a raw generator gets one.
 *
 * @throws TypeError for anything else, with what to do.
 */
export function toCoroutine<T>(value: CoroutineLike<T>, caller: string): Coroutine<T> {
  return isCoroutine(value) ? value : madeCoroutine<T>(value, caller);
}

function madeCoroutine<T>(value: CoroutineGenerator<T>, caller: string): Coroutine<T> {
  if (isResumable(value)) return toFrame<T>(value, "generator");
  throw new TypeError(`${caller} expects a coroutine, got ${showResult(value)}${remedy(value)}`);
}

/** What to do about a value that is not awaitable. */
export function remedy(value: unknown): string {
  if (typeof value === "function") {
    const asynchronous = value.constructor?.name === "AsyncFunction";
    if (asynchronous) return "; an async function becomes a coroutine function with fromAsync()";
    return "; call the function, and give what it returns";
  }
  if (typeof (value as Partial<PromiseLike<unknown>> | null)?.then === "function") {
    return "; a promise or a future is awaited as it is: ensureFuture(), or yield* fromPromise()";
  }
  return "";
}
