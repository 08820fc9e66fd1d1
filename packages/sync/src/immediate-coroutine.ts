import type { CoroutineGenerator } from "@tsyncio/coroutine";
import { GeneratorCoroutine, type Resumable } from "@tsyncio/coroutine/protocol";
import type { Suspension } from "@tsyncio/future";

/**
 * A coroutine that mostly has nothing to wait for: taking a free lock, getting from a queue that is not empty.
 *
 * Awaited with `yield*` it first tries to finish at once, and makes no generator if it can. Otherwise, and when a task
 * drives it, it is a coroutine like any other: until its generator is made it is its own generator, whose first step
 * makes the real one.
 */
export abstract class ImmediateCoroutine<T> extends GeneratorCoroutine<T> {
  constructor(name: string) {
    super(unmade, name);
    (this as unknown as { _generator: unknown })._generator = this;
  }

  /** Does all of it if it need not suspend, and gives its end; null, and nothing done, if it must. */
  protected abstract attempt(): Finished<T> | null;

  /** All of it, from the beginning. */
  protected abstract generator(): CoroutineGenerator<T>;

  /** The first step as its own generator. @internal */
  next(): IteratorResult<Suspension, T> {
    const generator = this.generator();
    (this as unknown as { _generator: unknown })._generator = generator;
    return generator.next();
  }

  private tryNow(): Finished<T> | null {
    let over = true;
    try {
      const finished = this.attempt();
      over = finished !== null;
      return finished;
    } finally {
      if (over) this.close();
    }
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    const finished = this.state === "created" ? this.tryNow() : null;
    return finished ?? super[Symbol.iterator]();
  }
}

/** The end of a coroutine that did not suspend: iterator and iterator result in one object. */
export class Finished<T> implements Iterator<Suspension, T, unknown> {
  /** Read by the engine. @internal */
  readonly done = true;
  /** Read by the engine. @internal */
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  next(): this {
    return this;
  }
}

/** Stands for the generator until the constructor may say `this`. */
const unmade = {} as Resumable<never>;
