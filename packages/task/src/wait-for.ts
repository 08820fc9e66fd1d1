import { type Awaitable, type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future, type Suspension } from "@tsyncio/future";
import { ensureFuture } from "./ensure-future.ts";
import { TimeoutError } from "./errors.ts";
import { checkMs, within } from "./timeout.ts";

/**
 * The result of `awaitable` if it comes within `timeoutMs`. Otherwise it is cancelled, waited for until it has cleaned
 * up, and a TimeoutError is thrown; a result it still gave then is not lost, but given. A null timeout waits without
 * limit; 0 or less takes only what is done already. Suspends; cancelling it cancels `awaitable`: `shield()` it if it is
 * to go on.
 *
 * @throws TimeoutError when the time is up; whatever `awaitable` fails with.
 * asyncio counterpart: `asyncio.wait_for`.
 */
export const waitFor: <T>(awaitable: Awaitable<T>, timeoutMs: number | null) => Coroutine<T> = coroutine(
  function* waitFor<T>(awaitable: Awaitable<T>, timeoutMs: number | null) {
    checkMs("waitFor", "timeoutMs", timeoutMs);
    if (timeoutMs === null || timeoutMs > 0) {
      return yield* within(timeoutMs, () => awaitable, "what waitFor() waits for");
    }
    const future = ensureFuture(awaitable);
    if (future.done()) return future.result();
    yield* cancelAndWait(future);
    try {
      return future.result();
    } catch (error) {
      if (error instanceof CancelledError) {
        throw new TimeoutError(`timed out after ${timeoutMs} ms`, { cause: error });
      }
      throw error;
    }
  },
);

/** Cancels `future` and waits until it is done. A future of its own is awaited, so that the wait can be cancelled alone. */
function* cancelAndWait(future: Future<unknown>): Generator<Suspension, void, unknown> {
  const waiter = new Future<void>();
  const release = () => {
    if (!waiter.done()) waiter.setResult(undefined);
  };
  future.addDoneCallback(release);
  try {
    future.cancel();
    yield* waiter;
  } finally {
    future.removeDoneCallback(release);
  }
}
