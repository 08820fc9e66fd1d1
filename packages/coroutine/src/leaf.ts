import { RuntimeError } from "@tsyncio/context";
import type { Future, Suspension } from "@tsyncio/future";
import { announceSteps, handsOn, stepBrand, suspended } from "@tsyncio/future/waiting";
import { Coroutine, checkAwaitable, closed, created } from "./coroutine.ts";

/**
 * A coroutine without a generator: the end of a chain of awaits. It is its own iterator, its own step and its own
 * frame, so awaiting one allocates nothing else.
 *
 * Like every class between Coroutine and the lowest it has no fields of its own (see Coroutine): a subclass has
 * `_state = created`, `done = false` and `value = undefined`, and calls `_made()`.
 */
export abstract class Frameless<T> extends Coroutine<T> implements Iterator<Suspension, T, unknown> {
  /** Nobody resumes it but its caller's `yield*`, and nothing stands above it: nothing is kept here. @internal */
  declare _caller: null;
  /** Read by the engine: whether `value` is the result; false at first. @internal */
  abstract done: boolean;
  /** Undefined before it begins; what it waits for (null for a turn of the loop); then its result. @internal */
  abstract value: unknown;

  /** @internal */
  get _innermost(): Coroutine<any> {
    return this;
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    // The check by itself, for the engine to have room for it in a caller that does other things besides.
    if (this._state !== created) checkAwaitable(this);
    return this;
  }

  /** @internal */
  _next(): IteratorResult<Suspension, T> {
    return this.next();
  }

  /** @internal */
  _throw(error: unknown): never {
    return this.throw(error);
  }

  /**
   * Begins, or goes on when the wait is over: true when it has ended, and `value` is its result; false when it waits
   * for `value`.
   */
  protected abstract _advance(): boolean;

  /** @internal */
  next(): IteratorResult<Suspension, T> {
    let over = true;
    try {
      over = this._advance();
      this.done = over;
    } finally {
      this._state = over ? closed : suspended;
    }
    return this as unknown as IteratorResult<Suspension, T>;
  }

  /** Undoes what was begun, when an error is thrown in at the wait. */
  protected _abandon(): void {}

  override throw(error: unknown): never {
    if (this._state === closed) throw new RuntimeError(`cannot reuse already awaited coroutine ${this}`);
    this._state = closed;
    if (this.value !== undefined) this._abandon();
    throw error;
  }
}

Object.defineProperty(Frameless.prototype, stepBrand, { value: true });
Object.defineProperty(Frameless.prototype, "_caller", { get: () => null, set() {} });
if (!handsOn) announceSteps(Frameless.prototype);

/** A coroutine without a generator that suspends exactly once, whatever happens. */
export abstract class Leaf<T> extends Frameless<T> {
  /** Begins, and gives what to wait for: a future, or null for a turn of the loop. */
  protected abstract _begin(): Future<any> | null;

  /** The result, when the wait is over. */
  protected abstract _end(): T;

  protected _advance(): boolean {
    const begun = this.value !== undefined;
    this.value = begun ? this._end() : this._begin();
    return begun;
  }

  /** The same as for all, written out: a `sleep(0)` takes a fifth less. @internal */
  override next(): IteratorResult<Suspension, T> {
    this._state = closed;
    if (this.value === undefined) {
      this.value = this._begin();
      this._state = suspended;
    } else {
      this.value = this._end();
      this.done = true;
    }
    return this as unknown as IteratorResult<Suspension, T>;
  }
}

if (!handsOn) announceSteps(Leaf.prototype);
