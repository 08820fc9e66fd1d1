import { RuntimeError } from "@tsyncio/context";
import type { Suspension } from "@tsyncio/future";
import { announceSteps, handsOn, stepBrand } from "@tsyncio/future/waiting";

/** What can be waited for: a future, seen by whoever awaits it. */
interface Awaited<T> {
  done(): boolean;
  result(): T;
}

/**
 * One `yield*` of a future built from a promise: the iterator, and its own iterator result.
 *
 * It yields the future to the driver, and gives or throws its result when the driver comes back.
 */
export class Awaiting<T> implements Iterator<Suspension, T, unknown> {
  /** Read by the engine: whether `value` is the result; undefined before the first `next()`. @internal */
  done: boolean | undefined = undefined;
  /** The future, then its result. @internal */
  value: unknown;

  constructor(future: Awaited<T>) {
    this.value = future;
  }

  next(): IteratorResult<Suspension, T> {
    const future = this.value as Awaited<T>;
    if (future.done()) {
      this.value = future.result();
      this.done = true;
    } else {
      if (this.done === false) throw new RuntimeError(`await wasn't used with future: ${future} is not done yet`);
      this.done = false;
    }
    return this as unknown as IteratorResult<Suspension, T>;
  }

  throw(error: unknown): never {
    throw error;
  }

  return(value?: T): IteratorResult<Suspension, T> {
    return { done: true, value: value as T };
  }
}

Object.defineProperty(Awaiting.prototype, stepBrand, { value: true });
if (!handsOn) announceSteps(Awaiting.prototype);
