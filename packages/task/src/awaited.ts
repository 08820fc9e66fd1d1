import { type Awaitable, isCoroutine } from "@tsyncio/coroutine";
import { delegateTo, isResumable, remedy } from "@tsyncio/coroutine/protocol";
import { type Future, isFuture, type Suspension } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { fromPromise } from "@tsyncio/promise-interop";

/** What awaiting an `A` gives. */
export type ResultOf<A> = A extends { [Symbol.iterator](): Iterator<any, infer T, any> }
  ? T
  : A extends PromiseLike<infer T>
    ? T
    : never;

/** The future that stands for an `A`: itself, or the task or future made of it. */
export type FutureOf<A> = A extends Future<any> ? A : Future<ResultOf<A>>;

/**
 * What `yield*` takes of anything awaitable, promises included.
 *
 * @throws TypeError for anything else.
 */
export function awaitAny<T>(awaitable: Awaitable<T>, what: string): Iterable<Suspension, T, unknown> {
  if (isCoroutine(awaitable) || isFuture(awaitable)) return awaitable;
  if (isResumable(awaitable)) return delegateTo(awaitable);
  if (typeof (awaitable as Partial<PromiseLike<T>> | null | undefined)?.then === "function") {
    return fromPromise(awaitable as PromiseLike<T>);
  }
  throw new TypeError(
    `${what} must be a coroutine, a future or a promise, got ${showResult(awaitable)}${remedy(awaitable)}`,
  );
}
