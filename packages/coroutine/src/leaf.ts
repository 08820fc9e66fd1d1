import { RuntimeError } from "@tsyncio/context";
import type { Future, Suspension } from "@tsyncio/future";
import { stepBrand } from "@tsyncio/future/waiting";
import { Coroutine, checkAwaitable, closed, created, type Resumable, suspended } from "./coroutine.ts";

/**
 * A coroutine without a generator, that suspends once: the end of a chain of awaits. It is its own iterator, its own
 * step and its own frame, so awaiting one allocates nothing else; a `sleep(0)` takes a third of the time it would take
 * with a generator.
 */
export abstract class Leaf<T> extends Coroutine<T> implements Iterator<Suspension, T, unknown> {
  /** @internal */
  _state: number = created;
  /** @internal */
  _caller: Coroutine<any> | null = null;
  /** Read by the engine: whether `value` is the result. @internal */
  done = false;
  /** Undefined before it begins; what it waits for (null for a turn of the loop); then its result. @internal */
  value: unknown = undefined;

  /** @internal */
  get _generator(): Resumable<T> {
    return this;
  }

  /** @internal */
  get _innermost(): Coroutine<any> {
    return this;
  }

  /** Begins, and gives what to wait for: a future, or null for a turn of the loop. */
  protected abstract _begin(): Future<any> | null;

  /** The result, when the wait is over. */
  protected abstract _end(): T;

  /** Undoes what `_begin` began, when an error is thrown in at the wait. */
  protected _abandon(): void {}

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    checkAwaitable(this);
    return this;
  }

  /** @internal */
  next(): IteratorResult<Suspension, T> {
    if (this.value === undefined) {
      this.value = this._begin();
      this._state = suspended;
    } else {
      this._state = closed;
      this.value = this._end();
      this.done = true;
    }
    return this as unknown as IteratorResult<Suspension, T>;
  }

  override throw(error: unknown): never {
    if (this._state === closed) throw new RuntimeError(`cannot reuse already awaited coroutine ${this}`);
    this._state = closed;
    if (this.value !== undefined) this._abandon();
    throw error;
  }
}

Object.defineProperty(Leaf.prototype, stepBrand, { value: true });
