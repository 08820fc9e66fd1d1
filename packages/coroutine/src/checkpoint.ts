import type { Suspension } from "@tsyncio/future";
import { announceSteps, awaiting, handsOn, stepBrand } from "@tsyncio/future/waiting";

/**
 * One `yield*` of the checkpoint: suspends once, and is resumed in the loop's next turn. Iterator, iterator result and
 * what the driver sees, in one object.
 */
export class Checkpoint implements Iterator<Suspension, void, unknown> {
  /** Read by the engine. @internal */
  done = false;
  /** No future: a turn of the loop. @internal */
  value: null | undefined = null;
  /** It is a wait. @internal */
  readonly _state = awaiting;
  private _suspended = false;

  next(): IteratorResult<Suspension, void> {
    if (this._suspended) {
      this.done = true;
      this.value = undefined;
    } else {
      this._suspended = true;
    }
    return this as unknown as IteratorResult<Suspension, void>;
  }

  throw(error: unknown): never {
    throw error;
  }

  return(): IteratorResult<Suspension, void> {
    return { done: true, value: undefined };
  }
}

Object.defineProperty(Checkpoint.prototype, stepBrand, { value: true });
if (!handsOn) announceSteps(Checkpoint.prototype);

/** `yield* checkpoint` lets everything that is ready run first, and goes on in the loop's next turn. */
export const checkpoint: Iterable<Suspension, void, unknown> = { [Symbol.iterator]: () => new Checkpoint() };
