import { registry } from "@tsyncio/context/registry";
import { type Future, isFuture } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";

/**
 * A native promise of what a future (or another awaitable, once `@tsyncio/task` is loaded) will give. Does not suspend.
 *
 * A cancelled future rejects it with its CancelledError. As with every promise, a result that has a `then` is resolved
 * further.
 *
 * @throws TypeError when the argument is not awaitable.
 */
export function toPromise<T>(awaitable: Future<T> | PromiseLike<T> | Generator<any, T, any>): Promise<T>;
export function toPromise(awaitable: Iterable<any>): Promise<unknown>;
export function toPromise(awaitable: unknown): Promise<unknown> {
  const future = futureOf(awaitable);
  return new Promise((resolve, reject) => {
    const settle = () => {
      let result: unknown;
      try {
        result = future.result();
      } catch (error) {
        reject(error);
        return;
      }
      resolve(result);
    };
    future.addDoneCallback(settle);
  });
}

function futureOf(awaitable: unknown): Future<unknown> {
  if (isFuture(awaitable)) return awaitable as Future<unknown>;
  const { ensureFuture } = registry;
  if (ensureFuture !== null) return ensureFuture(awaitable) as Future<unknown>;
  throw new TypeError(
    `toPromise() expects a Future, got ${showResult(awaitable)}; coroutines are taken once @tsyncio/task is imported`,
  );
}
