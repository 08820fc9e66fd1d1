import type { Awaitable } from "@tsyncio/coroutine";
import { Future, futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "@tsyncio/future";
import { currentTask } from "./current-task.ts";
import { ensureFuture } from "./ensure-future.ts";

/**
 * A future of what `awaitable` gives that can be cancelled without cancelling `awaitable`: whoever awaits it can stop
 * waiting, and the work goes on. Does not suspend. When `awaitable` itself is cancelled, so is the future. When it
 * fails after the future was cancelled, nobody is left to be told, and the loop's exception handler is.
 *
 * asyncio counterpart: `asyncio.shield`.
 */
export function shield<T>(awaitable: Awaitable<T>): Future<T> {
  const inner = ensureFuture(awaitable);
  if (inner.done()) return inner;
  const loop = inner.getLoop();
  const outer = new Future<T>({ loop });
  const waiter = currentTask(loop);

  const forgetWaiter = () => futureDiscardFromAwaitedBy(inner, waiter);
  const pass = () => {
    if (outer.cancelled()) return;
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    const exception = inner.exception();
    if (exception !== null) outer.setException(exception);
    else outer.setResult(inner.result());
  };
  const stopWaiting = () => {
    if (inner.done()) return;
    inner.removeDoneCallback(pass);
    if (waiter !== null) {
      inner.removeDoneCallback(forgetWaiter);
      forgetWaiter();
    }
    // However often the same future is shielded and given up, one report is enough.
    inner.removeDoneCallback(reportFailure);
    inner.addDoneCallback(reportFailure);
  };

  if (waiter !== null) {
    futureAddToAwaitedBy(inner, waiter);
    inner.addDoneCallback(forgetWaiter);
  }
  inner.addDoneCallback(pass);
  outer.addDoneCallback(stopWaiting);
  return outer;
}

function reportFailure(future: Future<unknown>): void {
  if (future.cancelled()) return;
  const exception = future.exception();
  if (exception === null) return;
  const kind = exception instanceof Error ? exception.name : typeof exception;
  future.getLoop().callExceptionHandler({ message: `${kind} exception in shielded future`, exception, future });
}
