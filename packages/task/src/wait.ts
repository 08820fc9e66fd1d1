import { type Coroutine, coroutine, isCoroutine } from "@tsyncio/coroutine";
import { isResumable, remedy } from "@tsyncio/coroutine/protocol";
import { Future, futureAddToAwaitedBy, futureDiscardFromAwaitedBy, isFuture, type Suspension } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { getRunningLoop } from "@tsyncio/loop";
import { fromPromise } from "@tsyncio/promise-interop";
import { currentTask } from "./current-task.ts";
import { checkMs } from "./timeout.ts";

/** Return as soon as one is done. asyncio counterpart: `asyncio.FIRST_COMPLETED`. */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** Return as soon as one has failed, or all are done. asyncio counterpart: `asyncio.FIRST_EXCEPTION`. */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** Return when all are done. asyncio counterpart: `asyncio.ALL_COMPLETED`. */
export const ALL_COMPLETED = "ALL_COMPLETED";

/** When `wait()` returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** The settings of `wait()`. */
export interface WaitOptions {
  /** Returns after so many milliseconds, done or not. Null, the default: no limit. */
  readonly timeoutMs?: number | null;
  /** Default: `"ALL_COMPLETED"`. */
  readonly returnWhen?: ReturnWhen;
}

/** What `wait()` gives: the futures it was given, in two sets. */
export interface Waited<F> {
  readonly done: Set<F>;
  readonly pending: Set<F>;
}

/** The future that stands for what was waited for: itself, or for a promise the one made of it. */
export type WaitedFuture<F> = F extends Future<any> ? F : F extends PromiseLike<infer T> ? Future<T> : never;

/**
 * Waits until some or all of `futures` are done, or until the time is up. It throws nothing that they fail with, and
 * cancels none of them. Suspends; cancelling it stops the waiting, and nothing else. Coroutines are refused, since
 * nobody could tell which of the futures given back is theirs: make tasks of them.
 *
 * @throws TypeError when `futures` is not an iterable of futures; RangeError when it is empty.
 * asyncio counterpart: `asyncio.wait`.
 */
export const wait: <F extends Future<any> | PromiseLike<unknown>>(
  futures: Iterable<F>,
  options?: WaitOptions,
) => Coroutine<Waited<WaitedFuture<F>>> = coroutine(function* wait(
  futures: Iterable<unknown>,
  options: WaitOptions = {},
): Generator<Suspension, Waited<any>, unknown> {
  const { timeoutMs = null, returnWhen = ALL_COMPLETED } = options;
  checkMs("wait", "timeoutMs", timeoutMs);
  if (isFuture(futures) || isCoroutine(futures) || typeof (futures as any)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`wait() expects an iterable of futures, got ${showResult(futures)}`);
  }
  const given = new Set(futures);
  if (given.size === 0) throw new RangeError("wait() expects at least one future, got none");
  if (returnWhen !== ALL_COMPLETED && returnWhen !== FIRST_COMPLETED && returnWhen !== FIRST_EXCEPTION) {
    throw new RangeError(
      `wait() expects returnWhen to be "FIRST_COMPLETED", "FIRST_EXCEPTION" or "ALL_COMPLETED", got ${showResult(returnWhen)}`,
    );
  }
  const waited: Future<unknown>[] = [];
  for (const future of given) waited.push(toFuture(future));

  const loop = getRunningLoop();
  const waiter = new Future<void>({ loop });
  const release = () => {
    if (!waiter.done()) waiter.setResult(undefined);
  };
  const timer = timeoutMs === null ? null : loop.callLater(timeoutMs, release);
  const task = currentTask(loop);
  let left = waited.length;
  const onDone = (future: Future<unknown>) => {
    left--;
    if (
      left === 0 ||
      returnWhen === FIRST_COMPLETED ||
      (returnWhen === FIRST_EXCEPTION && !future.cancelled() && future.exception() !== null)
    ) {
      timer?.cancel();
      release();
    }
    futureDiscardFromAwaitedBy(future, task);
  };
  for (const future of waited) {
    future.addDoneCallback(onDone);
    futureAddToAwaitedBy(future, task);
  }
  try {
    yield* waiter;
  } finally {
    timer?.cancel();
    for (const future of waited) {
      // CPython leaves the waiter recorded on futures that outlive the wait; here nothing is left behind.
      if (future.removeDoneCallback(onDone) > 0) futureDiscardFromAwaitedBy(future, task);
    }
  }

  const done = new Set<Future<unknown>>();
  const pending = new Set<Future<unknown>>();
  for (const future of waited) (future.done() ? done : pending).add(future);
  return { done, pending };
});

function toFuture(future: unknown): Future<unknown> {
  if (isFuture(future)) return future;
  if (isCoroutine(future) || isResumable(future)) {
    throw new TypeError(`wait() expects futures, got the coroutine ${showResult(future)}: pass createTask() of it`);
  }
  if (typeof (future as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function") {
    return fromPromise(future as PromiseLike<unknown>);
  }
  throw new TypeError(`wait() expects futures, got ${showResult(future)}${remedy(future)}`);
}
