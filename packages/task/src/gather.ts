import type { Context } from "@tsyncio/context";
import { commonContext, registry } from "@tsyncio/context/registry";
import type { Awaitable } from "@tsyncio/coroutine";
import { type CancelledError, Future } from "@tsyncio/future";
import { addCombiner, discardCombiner, showResult, toCancelledError } from "@tsyncio/future/waiting";
import { type EventLoop, getEventLoop } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import type { ResultOf } from "./awaited.ts";
import { currentTask } from "./current-task.ts";
import { ensureFuture } from "./ensure-future.ts";
import { Task } from "./task.ts";

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
  // What was given, and then the future of each in its place: one array, which does not grow.
  const children: any[] = [...awaitables];
  if (children.length === 0) {
    const empty = new Future<any>({ loop: getEventLoop() });
    empty.setResult([]);
    return empty;
  }
  const running = registry.runningLoop as EventLoop | null;
  const waiter = running === null ? null : currentTask(running);
  let gathering: Gathering | null = null;
  // A coroutine that is given twice runs once, and its result stands in both places. A pending future that is given
  // twice is known by its subscription: a table of all children would cost more than all the rest.
  let made: Map<Awaitable<any>, Future<any>> | null = null;
  const doneAlready = new Set<Future<any>>();
  let count = 0;
  const loopOption: { loop?: EventLoop } = running === null ? {} : { loop: running };
  try {
    for (let index = 0; index < children.length; index++) {
      const awaitable: Awaitable<any> = children[index];
      let future = made === null || awaitable instanceof Future ? undefined : made.get(awaitable);
      if (future === undefined) {
        if (gathering !== null) loopOption.loop = gathering.getLoop();
        future = ensureFuture(awaitable, loopOption) as Future<any>;
        gathering ??= new Gathering(future.getLoop(), children, waiter, returnExceptions);
        if ((future as unknown) !== awaitable) (made ??= new Map()).set(awaitable, future);
        if (future.done()) {
          doneAlready.add(future);
        } else if (!gathering._watches(future)) {
          count++;
          if (waiter !== null) addCombiner(future, waiter);
          gathering._watch(future);
        }
      }
      if ((future as unknown) !== awaitable) children[index] = future;
    }
  } catch (error) {
    // The children made so far go on, and what they fail with is nobody's news.
    gathering?._abandon();
    throw error;
  }
  const whole = gathering!;
  whole._count = count + doneAlready.size;
  // Only now that all children are known; when all of them are done the whole is done too, before anybody awaits it.
  for (const future of doneAlready) whole._childDone(future);
  return whole;
}

/** The future `gather()` gives: cancelling it cancels the children, and it is done when they are. */
class Gathering extends Future<unknown[]> {
  /** In the order of the arguments; one given twice is here twice. @internal */
  readonly _children: Future<any>[];
  /** How many there are, each counted once. @internal */
  _count = Number.POSITIVE_INFINITY;
  private readonly _waiter: Task<any> | null;
  private readonly _returnExceptions: boolean;
  private _finished = 0;
  /**
   * Its children are being cancelled now. A task among them, or below them, that awaits it closes a circle, where all
   * would wait for ever: then this ends at once, and the circle is a chain.
   *
   * @internal
   */
  _onPath = false;
  /** Then it ends cancelled, whatever `returnExceptions` says. @internal */
  _cancelRequested = false;

  constructor(loop: EventLoop, children: Future<any>[], waiter: Task<any> | null, returnExceptions: boolean) {
    super({ loop });
    this._children = children;
    this._waiter = waiter;
    this._returnExceptions = returnExceptions;
  }

  /**
   * Cancels the children, as each would be by itself. A child may be a gather, or a task that awaits one, and so on: all
   * of them are gone through here, with a stack of our own, since the nesting may be deeper than the call stack.
   */
  override cancel(message?: string | CancelledError): boolean {
    if (this.done()) return false;
    const root = new Cancelling(this, null, null);
    let top: Cancelling | null = root;
    while (top !== null) {
      const child = top.nextChild();
      if (child === undefined) {
        top.finish(message);
        top = top.outer;
      } else if (isGathering(child) && !child.done()) {
        if (child._onPath) top.any = true;
        else top = new Cancelling(child, null, top);
      } else if (isPlainTask(child) && !child.done()) {
        child._retrieved();
        top.any = true;
        const task: Task<any> = child._requestCancel();
        const waited = task._waitingOn;
        if (isGathering(waited) && !waited.done()) {
          if (waited._onPath) waited._abandon(message);
          else top = new Cancelling(waited, task, top);
        } else if (waited?.cancel(message) !== true) {
          task._cancelNext(message);
        }
      } else if (child.cancel(message)) {
        top.any = true;
      }
    }
    return root.any;
  }

  /** Has `_childDone` called when the child is done. @internal */
  _watch(child: Future<any>): void {
    child._subscribe(new ChildDone(this, child));
  }

  /** Whether the child is watched already. @internal */
  _watches(child: Future<any>): boolean {
    return child._isSubscribed((job) => job instanceof ChildDone && job.gathering === this);
  }

  /** @internal */
  _childDone(child: Future<any>): void {
    this._finished++;
    if (this._waiter !== null) discardCombiner(child, this._waiter);
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
    // All outcomes are looked at even if they are not passed on: their failures count as seen.
    const outcomes = this._children.map(outcomeOf);
    // The message is that of the last argument, not of the last to end: so it is in CPython.
    if (this._cancelRequested) this.setException(cancellationOf(this._children.at(-1)!));
    else this.setResult(outcomes);
  }

  /** Ends it at once, whatever becomes of its children. @internal */
  _abandon(message?: string | CancelledError): void {
    super.cancel(message);
  }
}

/** Tells a gather that a child is done: its part of a handle, and less to allocate for each child. */
class ChildDone implements Job {
  declare readonly _cancelled: false;
  readonly gathering: Gathering;
  private readonly _child: Future<any>;

  constructor(gathering: Gathering, child: Future<any>) {
    this.gathering = gathering;
    this._child = child;
  }

  /** No code of the user's runs in it, so any context will do. */
  get _context(): Context {
    return commonContext;
  }

  _run(): void {
    this.gathering._childDone(this._child);
  }

  toString(): string {
    return `<ChildDone of ${this.gathering}>`;
  }
}

Object.defineProperty(ChildDone.prototype, "_cancelled", { value: false });

/** Outside of the class: one that names itself in its own body is built under another name, which users would see. */
function isGathering(value: unknown): value is Gathering {
  return value instanceof Gathering;
}

/** A gather whose children are being cancelled. */
class Cancelling {
  /** Whether any child has agreed. */
  any = false;
  /** The one whose child this is, directly or through `task`. */
  readonly outer: Cancelling | null;
  private readonly _gathering: Gathering;
  /** The task that awaits it, when it is cancelled on the task's behalf. */
  private readonly _task: Task<any> | null;
  private _index = 0;

  constructor(gathering: Gathering, task: Task<any> | null, outer: Cancelling | null) {
    this._gathering = gathering;
    this._task = task;
    this.outer = outer;
    gathering._onPath = true;
  }

  nextChild(): Future<any> | undefined {
    return this._gathering._children[this._index++];
  }

  finish(message: string | CancelledError | undefined): void {
    this._gathering._onPath = false;
    if (this.any) {
      this._gathering._cancelRequested = true;
      if (this.outer !== null) this.outer.any = true;
    } else {
      this._task?._cancelNext(message);
    }
  }
}

function isPlainTask(future: Future<any>): future is Task<any> {
  return future instanceof Task && future.cancel === Task.prototype.cancel;
}

function cancellationOf(child: Future<any>): CancelledError {
  if (child instanceof Task) return child._errorOfCancelledGather();
  return child.cancelled() ? child._makeCancelledError() : toCancelledError(undefined);
}

function outcomeOf(child: Future<any>): unknown {
  if (child.cancelled()) return toCancelledError(child._cancelMessage);
  return child.exception() ?? child.result();
}
