import { registry } from "@tsyncio/context/registry";
import type { Awaitable } from "@tsyncio/coroutine";
import { type CancelledError, Future, futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "@tsyncio/future";
import { showResult, toCancelledError } from "@tsyncio/future/waiting";
import { type EventLoop, getEventLoop } from "@tsyncio/loop";
import type { ResultOf } from "./awaited.ts";
import { currentTask } from "./current-task.ts";
import { ensureFuture } from "./ensure-future.ts";
import type { Task } from "./task.ts";

/** The settings of `gather()`. */
export interface GatherOptions {
  /** Failures are results like others: none of them makes the whole fail. Default: false. */
  readonly returnExceptions?: boolean;
}

/** The results of awaitables, each in its place. */
export type Gathered<A extends Iterable<unknown>> = A extends readonly unknown[]
  ? { -readonly [K in keyof A]: ResultOf<A[K]> }
  : A extends Iterable<infer E>
    ? ResultOf<E>[]
    : never;

/** Likewise, where a place may hold the error in place of the result. */
export type GatheredOrFailed<A extends Iterable<unknown>> = A extends readonly unknown[]
  ? { -readonly [K in keyof A]: ResultOf<A[K]> | Error }
  : A extends Iterable<infer E>
    ? (ResultOf<E> | Error)[]
    : never;

/**
 * Runs awaitables together: a future of their results, in the order in which they were given. Does not suspend; await
 * what it gives.
 *
 * The first failure is the future's; the others go on, and are not cancelled. Cancelling the future cancels all that
 * are not done. A child that is cancelled by somebody else counts as failed with a CancelledError. With
 * `returnExceptions` failures stand among the results.
 *
 * The counterpart of `Promise.all`; with `returnExceptions` of `Promise.allSettled`.
 *
 * @throws TypeError when the argument is not an iterable of awaitables.
 * asyncio counterpart: `asyncio.gather`.
 */
export function gather<const A extends Iterable<Awaitable<any>>>(
  awaitables: A,
  options?: { readonly returnExceptions?: false },
): Future<Gathered<A>>;
export function gather<const A extends Iterable<Awaitable<any>>>(
  awaitables: A,
  options: GatherOptions,
): Future<GatheredOrFailed<A>>;
export function gather(awaitables: Iterable<Awaitable<any>>, options: GatherOptions = {}): Future<any> {
  if (typeof awaitables?.[Symbol.iterator] !== "function") {
    throw new TypeError(`gather() expects an iterable of awaitables, got ${showResult(awaitables)}`);
  }
  const { returnExceptions = false } = options;
  const running = registry.runningLoop as EventLoop | null;
  const waiter = running === null ? null : currentTask(running);
  let gathering: Gathering | null = null;
  // A coroutine that is given twice runs once, and its result stands in both places.
  const futures = new Map<Awaitable<any>, Future<any>>();
  const doneAlready: Future<any>[] = [];
  try {
    for (const awaitable of awaitables) {
      let future = futures.get(awaitable);
      if (future === undefined) {
        const loop: EventLoop | undefined = gathering?.getLoop() ?? running ?? undefined;
        future = ensureFuture(awaitable, loop === undefined ? {} : { loop }) as Future<any>;
        gathering ??= new Gathering(future.getLoop(), waiter, returnExceptions);
        futures.set(awaitable, future);
        if (future.done()) {
          doneAlready.push(future);
        } else {
          if (waiter !== null) futureAddToAwaitedBy(future, waiter);
          future.addDoneCallback(gathering._onChildDone);
        }
      }
      gathering!._children.push(future);
    }
  } catch (error) {
    // The children made so far go on, and what they fail with is nobody's news.
    gathering?._abandon();
    throw error;
  }
  if (gathering === null) {
    const empty = new Future<any>({ loop: getEventLoop() });
    empty.setResult([]);
    return empty;
  }
  gathering._count = futures.size;
  // Only now that all children are known; when all of them are done the whole is done too, before anybody awaits it.
  for (const future of doneAlready) gathering._onChildDone(future);
  return gathering;
}

/** The future `gather()` gives: cancelling it cancels the children, and it is done when they are. */
class Gathering extends Future<unknown[]> {
  /** In the order of the arguments; one given twice is here twice. @internal */
  readonly _children: Future<any>[] = [];
  /** How many there are, each counted once. @internal */
  _count = Number.POSITIVE_INFINITY;
  private readonly _waiter: Task<any> | null;
  private readonly _returnExceptions: boolean;
  private _finished = 0;
  private _cancelRequested = false;

  constructor(loop: EventLoop, waiter: Task<any> | null, returnExceptions: boolean) {
    super({ loop });
    this._waiter = waiter;
    this._returnExceptions = returnExceptions;
  }

  override cancel(message?: string | CancelledError): boolean {
    if (this.done()) return false;
    let cancelled = false;
    for (const child of this._children) if (child.cancel(message)) cancelled = true;
    // Then the whole ends cancelled too, whatever `returnExceptions` says.
    if (cancelled) this._cancelRequested = true;
    return cancelled;
  }

  /** One function for all children: each costs one handle, and no closure. @internal */
  readonly _onChildDone = (child: Future<any>): void => {
    this._finished++;
    if (this._waiter !== null) futureDiscardFromAwaitedBy(child, this._waiter);
    if (this.done()) {
      // Nobody will be told of its failure: count it as seen.
      if (!child.cancelled()) child.exception();
      return;
    }
    if (!this._returnExceptions) {
      const failure = child.cancelled() ? child._makeCancelledError() : child.exception();
      if (failure !== null) {
        this.setException(failure);
        return;
      }
    }
    if (this._finished < this._count) return;
    if (this._cancelRequested) this.setException(child._makeCancelledError());
    else this.setResult(this._children.map(outcomeOf));
  };

  /** @internal */
  _abandon(): void {
    super.cancel();
  }
}

function outcomeOf(child: Future<any>): unknown {
  if (child.cancelled()) return toCancelledError(child._value as string | CancelledError | undefined);
  return child.exception() ?? child.result();
}
