import { captureContext } from "@tsyncio/context/registry";
import {
  type CancelledError,
  type DoneCallbackOptions,
  type Future,
  type FutureOptions,
  type FutureState,
  InvalidStateError,
  isFuture,
  type Suspension,
} from "@tsyncio/future";
import { combinersOf, showResult, toCancelledError, UnretrievedFailure } from "@tsyncio/future/waiting";
import { type EventLoop, getEventLoop, Handle } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import { append } from "./abstract-operations.ts";
import { Awaiting } from "./awaiting.ts";

/** What a future needs of the promise it is built on. */
export type PromiseLikeClass = new (
  executor: (resolve: (value: any) => void, reject: (reason?: any) => void) => void,
) => PromiseLike<any>;

/** A Future made of a promise: with everything `Future` has, and the promise's own hooks by their names. */
export interface PromisedFuture<T = unknown> extends Future<T> {
  /** Publishes the result: the hook that resolves the promise. The same as `setResult`. */
  signalSuccess(value: T): void;
  /** Publishes a failure: the hook that rejects the promise. The same as `setException`. */
  signalFailure(error: unknown): void;
}

/** A class of futures that `futureFromPromise()` made. */
export interface PromisedFutureClass {
  new <T = unknown>(options?: FutureOptions): PromisedFuture<T>;
  readonly prototype: PromisedFuture<any>;
}

const pending = 0;
const cancelled = 1;
const succeeded = 2;
const failed = 3;

/**
 * A Future class built on nothing but the promises of `PromiseClass`, by taking the two hooks out of the executor.
 *
 * A future is a promise whose publishing side is public. What it adds is memory: what went through the hooks is noted,
 * so that the state can be read at once; and each subscriber can be taken off again.
 *
 * @throws TypeError when `PromiseClass` is no class of promises.
 */
export function futureFromPromise(PromiseClass: PromiseLikeClass): PromisedFutureClass {
  if (typeof PromiseClass !== "function" || typeof PromiseClass.prototype?.then !== "function") {
    throw new TypeError(
      `futureFromPromise() expects a class of promises, such as Promise, got ${showResult(PromiseClass)}`,
    );
  }

  class PromiseFuture<T> implements Iterable<Suspension, T, unknown>, PromiseLike<T> {
    readonly _loop: EventLoop;
    /** What `cancel()` was given, or what was published. */
    _value: unknown = undefined;
    _combinedBy: Future<any> | Set<Future<any>> | null = null;
    #state = pending;
    #failure: UnretrievedFailure | null = null;
    #subscribers: Job[] = [];
    /** It tells when something was published; a promise in which a result with a `then` is not followed. */
    readonly #promise: PromiseLike<{ value: T }>;
    #resolve!: (published: { value: T }) => void;
    #reject!: (reason: unknown) => void;

    constructor(options?: FutureOptions) {
      if (options !== undefined && (options === null || typeof options !== "object")) {
        throw new TypeError(
          `new PromiseFuture() expects options such as {loop}, or nothing, got ${showResult(options)}`,
        );
      }
      const loop = options?.loop ?? getEventLoop();
      if (typeof loop.callSoon !== "function") {
        throw new TypeError(`new PromiseFuture() expects an EventLoop as its loop, got ${showResult(loop)}`);
      }
      this._loop = loop;
      this.#promise = new PromiseClass((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
      // The only subscription for all subscribers; and it makes a failure handled in the eyes of the promise.
      const deliver = () => this.#deliver();
      this.#promise.then(deliver, deliver);
    }

    signalSuccess(value: T): void {
      this.#checkPending();
      this.#state = succeeded;
      this._value = value;
      this.#resolve({ value });
    }

    signalFailure(error: unknown): void {
      this.#checkPending();
      this.#state = failed;
      this._value = error;
      this.#failure = new UnretrievedFailure(this, "PromiseFuture exception was never retrieved", error);
      this.#reject(error);
    }

    setResult(value: T): void {
      this.signalSuccess(value);
    }

    setException(exception: unknown): void {
      this.signalFailure(exception);
    }

    cancel(message?: string | CancelledError): boolean {
      this._retrieved();
      if (this.#state !== pending) return false;
      this.#state = cancelled;
      this._value = message;
      this.#reject(this._makeCancelledError());
      return true;
    }

    get state(): FutureState {
      return this.#state === pending ? "pending" : this.#state === cancelled ? "cancelled" : "finished";
    }

    done(): boolean {
      return this.#state !== pending;
    }

    cancelled(): boolean {
      return this.#state === cancelled;
    }

    result(): T {
      if (this.#state === succeeded) return this._value as T;
      if (this.#state === cancelled) throw this._makeCancelledError();
      if (this.#state === pending) throw new InvalidStateError("Result is not set.");
      this._retrieved();
      throw this._value;
    }

    exception(): unknown {
      if (this.#state === succeeded) return null;
      if (this.#state === cancelled) throw this._makeCancelledError();
      if (this.#state === pending) throw new InvalidStateError("Exception is not set.");
      this._retrieved();
      return this._value;
    }

    addDoneCallback(callback: (future: this) => void, options?: DoneCallbackOptions): void {
      if (typeof callback !== "function") {
        throw new TypeError(`addDoneCallback() expects a function, got ${showResult(callback)}`);
      }
      this._subscribe(new Handle(callback, this, options?.context ?? captureContext()));
    }

    removeDoneCallback(callback: (future: this) => void): number {
      if (this.#state !== pending) return 0;
      const before = this.#subscribers;
      this.#subscribers = before.filter((job) => !(job instanceof Handle && job._callback === callback));
      return before.length - this.#subscribers.length;
    }

    getLoop(): EventLoop {
      return this._loop;
    }

    get awaitedBy(): ReadonlySet<Future<any>> {
      const waiting: unknown[] = this.#subscribers;
      return new Set([...waiting.filter(isFuture), ...combinersOf(this)]);
    }

    [Symbol.iterator](): Iterator<Suspension, T, unknown> {
      return new Awaiting<T>(this);
    }

    then(onFulfilled?: ((value: T) => unknown) | null, onRejected?: ((reason: any) => unknown) | null): any {
      this._retrieved();
      return this.#promise.then(({ value }) => value).then(onFulfilled, onRejected);
    }

    toString(): string {
      const outcome =
        this.#state === succeeded
          ? `finished result=${showResult(this._value)}`
          : this.#state === failed
            ? `finished exception=${showResult(this._value)}`
            : this.state;
      return `<${this.constructor.name} ${outcome}>`;
    }

    /** Puts `job` into the ready queue when the promise says that this future is done. */
    _subscribe(job: Job): void {
      if (this.#state === pending) {
        append(this.#subscribers, job);
      } else {
        const deliver = () => this.#schedule(job);
        this.#promise.then(deliver, deliver);
      }
    }

    _unsubscribe(job: Job): boolean {
      const index = this.#subscribers.indexOf(job);
      if (index === -1) return false;
      this.#subscribers.splice(index, 1);
      return true;
    }

    get _cancelMessage(): string | CancelledError | undefined {
      return this._value as string | CancelledError | undefined;
    }

    _retrieved(): void {
      this.#failure?.retrieved();
      this.#failure = null;
    }

    _makeCancelledError(): CancelledError {
      return toCancelledError(this._value as string | CancelledError | undefined);
    }

    #deliver(): void {
      const subscribers = this.#subscribers;
      this.#subscribers = [];
      for (const job of subscribers) this.#schedule(job);
    }

    /** The loop may have been closed since: then nobody is left to be told. */
    #schedule(job: Job): void {
      if (!this._loop.isClosed()) this._loop._schedule(job);
    }

    #checkPending(): void {
      if (this.#state !== pending) throw new InvalidStateError(`${this.state}: ${this}`);
    }
  }

  Object.defineProperty(PromiseFuture.prototype, Symbol.for("tsyncio.Future"), { value: true });
  return PromiseFuture as unknown as PromisedFutureClass;
}
