import { currentContext } from "@tsyncio/context/registry";
import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { checkpoint } from "@tsyncio/coroutine/protocol";
import { Future } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { getRunningLoop } from "@tsyncio/loop";

/**
 * Suspends for `delayMs` milliseconds, and gives `result`. With 0 it gives way: everything that is ready runs first.
 * Cancelling it takes the timer away.
 *
 * @throws TypeError when the delay is no number; RangeError when it is NaN.
 * asyncio counterpart: `asyncio.sleep`.
 */
export function sleep(delayMs: number): Coroutine<void>;
export function sleep<T>(delayMs: number, result: T): Coroutine<T>;
export function sleep(delayMs: number, result?: unknown): Coroutine<unknown> {
  if (typeof delayMs !== "number") {
    throw new TypeError(`sleep() expects a delay in milliseconds, a number, got ${showResult(delayMs)}`);
  }
  if (Number.isNaN(delayMs)) throw new RangeError("sleep() expects a delay in milliseconds, got NaN");
  return sleeping(delayMs, result);
}

const sleeping = coroutine(function* sleep(delayMs: number, result: unknown) {
  if (delayMs <= 0) {
    yield* checkpoint;
    return result;
  }
  const loop = getRunningLoop();
  const future = new Future<unknown>({ loop });
  const timer = loop._setTimer(loop.time() + delayMs, wake, { future, result }, currentContext());
  try {
    return yield* future;
  } finally {
    timer.cancel();
  }
});

/** The promise's own "succeeded" hook, handed to a timer. */
function wake({ future, result }: { future: Future<unknown>; result: unknown }): void {
  if (!future.done()) future.setResult(result);
}
