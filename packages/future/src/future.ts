import { type Context, RuntimeError } from "@tsyncio/context";
import { captureContext } from "@tsyncio/context/registry";
import { type EventLoop, getEventLoop, Handle } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import { CancelledError, InvalidStateError } from "./errors.ts";
import { UnretrievedFailure } from "./failure.ts";
import { showResult } from "./show.ts";
import { announceSteps, awaitStepOf, handsOn } from "./step.ts";
import type { Suspension } from "./suspension.ts";

/** Whether a future has no result yet, was cancelled, or has a result or an error. */
export type FutureState = "pending" | "cancelled" | "finished";

/** The settings of a new future. */
export interface FutureOptions {
  /** The loop its callbacks run on. Default: the running one, or the default one. */
  readonly loop?: EventLoop;
}

/** The settings of `addDoneCallback()`. */
export interface DoneCallbackOptions {
  /** The context the callback runs in. Default: a copy of the current one. */
  readonly context?: Context;
}

/** The states, as small integers: everything from `cancelled` on is done. */
const pending = 0;
const cancelled = 1;
const succeeded = 2;
const failed = 3;
/** Failed, and nobody has seen it yet: the value is an UnretrievedFailure. */
const unseen = 4;

const brand: unique symbol = Symbol.for("tsyncio.Future") as never;

/**
 * A result that is not there yet: anyone may publish it, subscribe to it, and read its state at any time.
 *
 * It runs no code: it is the publishing half and the subscribing half of a promise, and nothing else. Await it in a
 * coroutine with `yield* future`, in an async function with `await future`.
 *
 * asyncio counterpart: `asyncio.Future`.
 */
export class Future<T = unknown>
  implements Iterable<Suspension, T, unknown>, Iterator<Suspension, T, unknown>, PromiseLike<T>
{
  /** @internal */
  declare readonly [brand]: true;
  /** @internal */
  readonly _loop: EventLoop;
  /** One of the small integers above. @internal */
  _state: number = pending;
  /** The result, the error, what `cancel()` was given, or what a cancelled task threw. @internal */
  _value: unknown = undefined;
  /** Who is scheduled when it is done: nobody, one job, or several. Most futures have one waiter. @internal */
  _subscribers: Job | Job[] | null = null;
  /** Futures that combine this one with others (gather, wait …), mostly one: see `awaitedBy`. @internal */
  _combinedBy: Future<any> | Set<Future<any>> | null = null;

  constructor(options?: FutureOptions);
  /** With the loop, where that is known already. @internal */
  constructor(options: FutureOptions | undefined, loop: EventLoop | undefined);
  constructor(options?: FutureOptions, loop?: EventLoop) {
    this._loop = loop ?? (options === undefined ? getEventLoop() : loopOf(options));
  }

  /** Whether it is still waiting for its result, was cancelled, or is finished (with a result or an error). */
  get state(): FutureState {
    return this._state === pending ? "pending" : this._state === cancelled ? "cancelled" : "finished";
  }

  /** Whether it has a result or an error, or was cancelled. */
  done(): boolean {
    return this._state !== pending;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this._state === cancelled;
  }

  /**
   * The result. Does not suspend.
   *
   * @throws InvalidStateError while it is pending; CancelledError when it was cancelled; the error it failed with.
   */
  result(): T {
    if (this._state === succeeded) return this._value as T;
    if (this._state === cancelled) throw this._makeCancelledError();
    if (this._state === pending) throw new InvalidStateError("Result is not set.");
    throw this._seen();
  }

  /**
   * The error it failed with; null when it succeeded. Does not suspend.
   *
   * @throws InvalidStateError while it is pending; CancelledError when it was cancelled.
   */
  exception(): unknown {
    if (this._state === succeeded) return null;
    if (this._state === cancelled) throw this._makeCancelledError();
    if (this._state === pending) throw new InvalidStateError("Exception is not set.");
    return this._seen();
  }

  /**
   * Publishes the result: it is finished, and its callbacks run in the next turn. Does not suspend.
   *
   * @throws InvalidStateError when it is done already.
   */
  setResult(value: T): void {
    this._checkPending();
    this._finish(value);
  }

  /**
   * Publishes a failure: it is finished, and whoever awaits it gets `exception` thrown. Does not suspend.
   *
   * @throws InvalidStateError when it is done already.
   */
  setException(exception: unknown): void {
    this._checkPending();
    this._fail(exception);
  }

  /**
   * Cancels it: whoever awaits it gets a CancelledError with `message`. Does nothing and gives false when it is done
   * already. A CancelledError may be given in place of a message, to pass on its cause. Does not suspend.
   */
  cancel(message?: string | CancelledError): boolean {
    this._retrieved();
    if (this._state !== pending) return false;
    this._value = message;
    this._settle(cancelled);
    return true;
  }

  /**
   * Calls `callback` with this future once it is done, in the loop's next turn; when it is done already, likewise.
   *
   * asyncio counterpart: `Future.add_done_callback`.
   */
  addDoneCallback(callback: (future: this) => void, options?: DoneCallbackOptions): void {
    if (typeof callback !== "function") {
      throw new TypeError(`addDoneCallback() expects a function, got ${showResult(callback)}`);
    }
    this._subscribe(new Handle(callback, this, options?.context ?? captureContext()));
  }

  /** Removes every subscription of `callback`, and gives how many there were. */
  removeDoneCallback(callback: (future: this) => void): number {
    const subscribers = this._subscribers;
    if (subscribers === null) return 0;
    if (!Array.isArray(subscribers)) {
      if (!isHandleOf(subscribers, callback)) return 0;
      this._subscribers = null;
      return 1;
    }
    const kept = subscribers.filter((subscriber) => !isHandleOf(subscriber, callback));
    this._subscribers = kept;
    return subscribers.length - kept.length;
  }

  /** Whether a job is subscribed that `matches`. @internal */
  _isSubscribed(matches: (job: Job) => boolean): boolean {
    const subscribers = this._subscribers;
    if (subscribers === null) return false;
    return Array.isArray(subscribers) ? subscribers.some(matches) : matches(subscribers);
  }

  /** The loop its callbacks run on. */
  getLoop(): EventLoop {
    return this._loop;
  }

  /**
   * The tasks and futures that wait for this one: those that await it, and those that combine it with others. A task
   * that was woken because it is done waits until it runs.
   *
   * asyncio counterpart: `Future._asyncio_awaited_by`.
   */
  get awaitedBy(): ReadonlySet<Future<any>> {
    const waiting = new Set<Future<any>>();
    for (const subscriber of toArray(this._subscribers)) if (isFuture(subscriber)) waiting.add(subscriber);
    if (this.done()) for (const task of wokenBy(this)) waiting.add(task);
    for (const combiner of combinersOf(this)) waiting.add(combiner);
    return waiting;
  }

  /** `yield* future` suspends until it is done, then gives its result or throws its error. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    awaitBegins = true;
    return this;
  }

  /** Of `yield*`, whose iterator the future itself is: so awaiting one makes no object. @internal */
  next(): IteratorResult<Suspension, T> {
    const begins = awaitBegins;
    awaitBegins = false;
    if (this._state === pending) {
      if (!begins) throw new RuntimeError(`await wasn't used with future: ${this} is not done yet`);
      return awaitStepOf(this) as unknown as IteratorResult<Suspension, T>;
    }
    outcome.value = this.result();
    return outcome as IteratorReturnResult<T>;
  }

  /** Of `yield*`. @internal */
  throw(error: unknown): never {
    throw error;
  }

  /** Of `yield*`. @internal */
  return(value?: T): IteratorResult<Suspension, T> {
    return { done: true, value: value as T };
  }

  /** Lets async functions `await` it, and promises follow it. The callbacks run after a turn of the loop. */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return new Promise<T>((resolve, reject) => {
      this.addDoneCallback(() => {
        try {
          resolve(this.result());
        } catch (error) {
          reject(error);
        }
      });
    }).then(onFulfilled, onRejected);
  }

  toString(): string {
    return `<${this._describe()}>`;
  }

  /** The inside of `toString()`. @internal */
  protected _describe(): string {
    return `${this.constructor.name} ${this._describeState()}`;
  }

  /** @internal */
  protected _describeState(): string {
    if (this._state === succeeded) return `finished result=${showResult(this._value)}`;
    if (this._state === failed || this._state === unseen) {
      return `finished exception=${showResult(this._failure === null ? this._value : this._failure.exception)}`;
    }
    return this.state;
  }

  /** Puts `job` into the ready queue when this future is done; at once when it is. @internal */
  _subscribe(job: Job): void {
    if (this._state !== pending) {
      this._loop._schedule(job);
      return;
    }
    const subscribers = this._subscribers;
    if (subscribers === null) this._subscribers = job;
    else if (Array.isArray(subscribers)) subscribers.push(job);
    else this._subscribers = [subscribers, job];
  }

  /** @internal */
  _unsubscribe(job: Job): boolean {
    const subscribers = this._subscribers;
    if (subscribers === job) {
      this._subscribers = null;
      return true;
    }
    if (!Array.isArray(subscribers)) return false;
    const index = subscribers.indexOf(job);
    if (index === -1) return false;
    subscribers.splice(index, 1);
    return true;
  }

  /** @internal */
  _finish(value: T): void {
    this._value = value;
    this._settle(succeeded);
  }

  /** @internal */
  _fail(exception: unknown): void {
    this._value = new UnretrievedFailure(this, `${this.constructor.name} exception was never retrieved`, exception);
    this._settle(unseen);
  }

  /** @internal */
  _settle(state: number): void {
    this._state = state;
    const subscribers = this._subscribers;
    if (subscribers === null) return;
    this._subscribers = null;
    if (Array.isArray(subscribers)) scheduleAll(subscribers, this._loop);
    else this._loop._schedule(subscribers);
  }

  /** From a failure until somebody sees it. @internal */
  get _failure(): UnretrievedFailure | null {
    return this._state === unseen ? (this._value as UnretrievedFailure) : null;
  }

  /** Somebody has seen the failure, if there is one. @internal */
  _retrieved(): void {
    if (this._state === unseen) this._seen();
  }

  /** The error it failed with, which somebody sees now. @internal */
  _seen(): unknown {
    const failure = this._failure;
    if (failure !== null) {
      failure.retrieved();
      this._value = failure.exception;
      this._state = failed;
    }
    return this._value;
  }

  /**
   * What `result()` throws when it is done and has no result; not thrown, because every throw takes the engine over a
   * microsecond. @internal
   */
  _error(): unknown {
    return this._state === cancelled ? this._makeCancelledError() : this._seen();
  }

  /** Ends it as cancelled, with the error that a coroutine ended with. @internal */
  _cancelWith(error: CancelledError): void {
    this._value = new Thrown(error);
    this._settle(cancelled);
  }

  /** What a cancelled one was given by `cancel()`. @internal */
  get _cancelMessage(): string | CancelledError | undefined {
    return this._value instanceof Thrown ? undefined : (this._value as string | CancelledError | undefined);
  }

  /** The error of a cancelled future: the one its coroutine ended with if there is one, the first time. @internal */
  _makeCancelledError(): CancelledError {
    const value = this._value;
    if (!(value instanceof Thrown)) return toCancelledError(value as string | CancelledError | undefined);
    this._value = undefined;
    return value.error;
  }

  private _checkPending(): void {
    if (this._state !== pending) throw new InvalidStateError(`${this.state}: ${this}`);
  }
}

Object.defineProperty(Future.prototype, brand, { value: true });
if (!handsOn) announceSteps(Future.prototype);

/** An iterator was asked for, and its first `next()`, which the engine calls right after that, has not come yet. */
let awaitBegins = false;

/** What `yield*` of a future that is done gets: the engine reads it at once, so one serves all. */
const outcome = { done: true, value: undefined as unknown };

/** The error that a coroutine ended with. */
class Thrown {
  readonly error: CancelledError;

  constructor(error: CancelledError) {
    this.error = error;
  }
}

/** The error that `cancel(message)` makes. */
export function toCancelledError(message: string | CancelledError | undefined): CancelledError {
  if (typeof message === "object") return message;
  // Its stack would show the inside of the loop, and recording it takes most of the time that a cancellation takes.
  const limit = Error.stackTraceLimit;
  if (typeof limit !== "number") return new CancelledError(message);
  Error.stackTraceLimit = 0;
  try {
    return new CancelledError(message);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Whether `value` is a Future or a Task, of any loaded copy of the packages.
 *
 * asyncio counterpart: `asyncio.isfuture`.
 */
export function isFuture(value: unknown): value is Future<any> {
  return value instanceof Future || (typeof value === "object" && value !== null && brand in value);
}

/** The futures that combine `future` with others. @internal */
export function combinersOf(future: Pick<Future<any>, "_combinedBy">): Iterable<Future<any>> {
  const combiners = future._combinedBy;
  return combiners === null ? [] : combiners instanceof Set ? combiners : [combiners];
}

/** The tasks in the ready queue that a future's being done has put there. */
function* wokenBy(future: Future<any>): Generator<Future<any>, void, undefined> {
  const ready = future._loop._ready;
  for (let index = 0; index < ready.length; index++) {
    const job = ready.at(index) as { _waitingOn?: unknown };
    if (job._waitingOn === future && isFuture(job)) yield job;
  }
}

function loopOf(options: FutureOptions): EventLoop {
  if (options === null || typeof options !== "object") throw badOptions(options);
  return options.loop === undefined ? getEventLoop() : checkLoop(options.loop);
}

function badOptions(options: unknown): TypeError {
  return new TypeError(`new Future() expects options such as {loop}, or nothing, got ${showResult(options)}`);
}

function checkLoop(given: EventLoop | null): EventLoop {
  const loop = given ?? getEventLoop();
  if (typeof loop.callSoon === "function") return loop;
  throw new TypeError(`new Future() expects an EventLoop as its loop, got ${showResult(loop)}`);
}

function isHandleOf(subscriber: Job, callback: unknown): boolean {
  return subscriber instanceof Handle && subscriber._callback === callback;
}

function scheduleAll(jobs: readonly Job[], loop: EventLoop): void {
  for (const job of jobs) loop._schedule(job);
}

function toArray(subscribers: Job | Job[] | null): readonly Job[] {
  return subscribers === null ? [] : Array.isArray(subscribers) ? subscribers : [subscribers];
}
