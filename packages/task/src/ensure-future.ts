import { registry } from "@tsyncio/context/registry";
import type { Awaitable, CoroutineLike } from "@tsyncio/coroutine";
import { coroutine, isCoroutine } from "@tsyncio/coroutine";
import { isResumable, remedy } from "@tsyncio/coroutine/protocol";
import { Future, isFuture } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import type { EventLoop } from "@tsyncio/loop";
import { fromPromise } from "@tsyncio/promise-interop";
import { Task } from "./task.ts";

/**
 * A future of anything that can be awaited: a future or a task as it is, a coroutine in a task of its own, a promise in
 * a future that follows it. Does not suspend.
 *
 * @throws TypeError when the argument is not awaitable.
 * asyncio counterpart: `asyncio.ensure_future`.
 */
export function ensureFuture<T>(awaitable: Awaitable<T>, options: { readonly loop?: EventLoop } = {}): Future<T> {
  if (awaitable instanceof Future || isFuture(awaitable)) {
    const { loop } = options;
    if (loop !== undefined && loop !== awaitable.getLoop()) {
      throw new RangeError("The future belongs to a different loop than the one specified as the loop argument");
    }
    return awaitable as Future<T>;
  }
  if (isResumable(awaitable) || isCoroutine(awaitable)) return new Task<T>(awaitable as CoroutineLike<T>, options);
  if (typeof (awaitable as PromiseLike<T> | null)?.then === "function") {
    return fromPromise(awaitable as PromiseLike<T>, options);
  }
  if (isIterable(awaitable)) return new Task<T>(waitFor(awaitable), options);
  throw new TypeError(
    `a coroutine, a future or another awaitable is required, got ${showResult(awaitable)}${remedy(awaitable)}`,
  );
}

const waitFor = coroutine(function* awaitable(iterable: Iterable<never>) {
  return (yield* iterable as Iterable<never, any>) as never;
});

/** Objects of one's own with an iterator that awaits are awaitable, as those with `__await__` are in Python. */
function isIterable(value: unknown): value is Iterable<never> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as Partial<Iterable<never>>)[Symbol.iterator] === "function"
  );
}

registry.ensureFuture ??= ensureFuture as (awaitable: unknown) => object;
