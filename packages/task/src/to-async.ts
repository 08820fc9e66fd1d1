import type { CoroutineLike } from "@tsyncio/coroutine";
import { showResult } from "@tsyncio/future/waiting";
import { getEventLoop } from "@tsyncio/loop";
import { toPromise } from "@tsyncio/promise-interop";
import { Task } from "./task.ts";

/**
 * An async function out of a coroutine function: each call makes a task, on the running or the default loop, and gives
 * a native promise of its result.
 *
 * asyncio counterpart: none; the opposite of `fromAsync`.
 */
export function toAsync<A extends unknown[], T>(
  coroutineFunction: (...args: A) => CoroutineLike<T>,
): (...args: A) => Promise<T> {
  if (typeof coroutineFunction !== "function") {
    throw new TypeError(`toAsync() expects a coroutine function, got ${showResult(coroutineFunction)}`);
  }
  const asyncFunction = async (...args: A): Promise<T> =>
    toPromise(new Task<T>(coroutineFunction(...args), { loop: getEventLoop() }));
  Object.defineProperty(asyncFunction, "name", { value: coroutineFunction.name, configurable: true });
  return asyncFunction;
}
