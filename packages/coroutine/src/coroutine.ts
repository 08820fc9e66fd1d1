import { RuntimeError } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";
import { type Future, isFuture, type Suspension } from "@tsyncio/future";
import { Awaiting, showResult, stepBrand } from "@tsyncio/future/waiting";
import { Checkpoint } from "./checkpoint.ts";
import { CoroutineRunningError, GeneratorExit } from "./errors.ts";

export type CoroutineState = "created" | "running" | "suspended" | "closed";

/** The generators that are coroutines: they yield nothing but what `yield*` of an awaitable yields. */
export type CoroutineGenerator<T> = Generator<Suspension, T, unknown>;

/** All that the frame of a coroutine needs of a generator. */
export interface Resumable<T> {
  next(value?: unknown): IteratorResult<unknown, T>;
  throw(error: unknown): IteratorResult<unknown, T>;
}

export const created = 0;
const running = 1;
export const suspended = 2;
export const closed = 3;
const stateNames: readonly CoroutineState[] = ["created", "running", "suspended", "closed"];

const brand: unique symbol = Symbol.for("tsyncio.Coroutine") as never;
const callBrand = Symbol.for("tsyncio.Call");

/**
 * A call that has not run yet: a function that suspends and resumes, with its arguments.
 *
 * Making one runs nothing; awaiting it with `yield*`, or giving it to a task, does. It can be awaited once.
 *
 * asyncio counterpart: the object a call of an `async def` function gives.
 */
export abstract class Coroutine<T = unknown> implements Iterable<Suspension, T, unknown> {
  /** @internal */
  declare readonly [brand]: true;
  /** The name of its function. */
  abstract readonly name: string;
  /** What it runs. @internal */
  abstract readonly _generator: Resumable<T>;
  /** One of the small integers above. @internal */
  abstract _state: number;
  /** The coroutine that awaits this one, in the same stack; null for the one at the bottom. @internal */
  abstract _caller: Coroutine<any> | null;
  /** Of the one at the bottom of a stack: the one at its top, which is running or resumed next. @internal */
  abstract _innermost: Coroutine<any>;

  /** @internal */
  constructor() {
    if (registry.coroutineMade !== null) registry.coroutineMade(this);
  }

  /** Whether it was never run, is running now, waits for something, or is over. */
  get state(): CoroutineState {
    return stateNames[this._state]!;
  }

  /**
   * Runs it until it suspends or ends, as a task does. For those who drive coroutines by hand; everybody else writes
   * `yield*`. Gives what it suspended on with `done: false`, or its result with `done: true`.
   *
   * @throws CoroutineRunningError while it is running; RuntimeError when it is over; TypeError when a value is sent to
   * one that has not begun; whatever it throws.
   * Python counterpart: `coroutine.send`.
   */
  send(value?: unknown): IteratorResult<unknown, T> {
    if (this._state === created && value !== undefined) {
      throw new TypeError("can't send a value to a just-started coroutine: nothing in it waits for one");
    }
    return resultOf<T>(resume(this, false, value));
  }

  /**
   * Throws `error` into it where it is suspended, and runs it until it suspends again or ends. Gives what `send` gives.
   *
   * @throws CoroutineRunningError while it is running; RuntimeError when it is over; whatever it throws.
   * Python counterpart: `coroutine.throw`.
   */
  throw(error: unknown): IteratorResult<unknown, T> {
    return resultOf<T>(resume(this, true, error));
  }

  /**
   * Ends it now: one that has not begun never runs; one that is suspended gets GeneratorExit thrown in, so that its
   * `finally` blocks run. They cannot suspend.
   *
   * @throws CoroutineRunningError while it is running; RuntimeError when it suspends again; what its clean-up throws.
   * Python counterpart: `coroutine.close`.
   */
  close(): void {
    if (this._state === closed) return;
    if (this._state === created) {
      this._state = closed;
      return;
    }
    const exit = new GeneratorExit();
    try {
      if (resume(this, true, exit).done === true) return;
    } catch (error) {
      if (error === exit) return;
      throw error;
    }
    throw new RuntimeError(`${this} ignored GeneratorExit: the clean-up of a coroutine that is closed cannot suspend`);
  }

  /** `yield* coroutine` runs it as part of the coroutine that awaits it, and gives its result or throws its error. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return new Call<T>(this);
  }

  toString(): string {
    return `<Coroutine ${this.state} ${this.name}()>`;
  }
}

Object.defineProperty(Coroutine.prototype, brand, { value: true });

/** A coroutine that runs a generator: what `coroutine()` makes. */
export class GeneratorCoroutine<T = unknown> extends Coroutine<T> {
  readonly name: string;
  /** @internal */
  readonly _generator: Resumable<T>;
  /** @internal */
  _state: number = created;
  /** @internal */
  _caller: Coroutine<any> | null = null;
  /** @internal */
  _innermost: Coroutine<any> = this;

  /** @internal */
  constructor(generator: Resumable<T>, name: string) {
    super();
    this._generator = generator;
    this.name = name;
  }
}

/** Whether `value` is a Coroutine, of any loaded copy of this package. */
export function isCoroutine(value: unknown): value is Coroutine<any> {
  return value instanceof Coroutine || (typeof value === "object" && value !== null && brand in value);
}

/**
 * One `yield*` of a coroutine: asks the driver to run it, and gives its result. Iterator, iterator result and what the
 * driver sees, in one object.
 */
class Call<T> implements Iterator<Suspension, T, unknown> {
  /** Read by the engine: whether `value` is the result. @internal */
  done = false;
  /** The coroutine, then its result. @internal */
  value: unknown;
  private _called = false;

  constructor(coroutine: Coroutine<T>) {
    this.value = coroutine;
  }

  next(value?: unknown): IteratorResult<Suspension, T> {
    if (this._called) {
      this.value = value;
      this.done = true;
    } else {
      checkAwaitable(this.value as Coroutine<T>);
      this._called = true;
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

Object.defineProperty(Call.prototype, callBrand, { value: true });

export function checkAwaitable(coroutine: Coroutine<any>): void {
  if (coroutine._state === created) return;
  if (coroutine._state === suspended) throw new RuntimeError(`coroutine is being awaited already: ${coroutine}`);
  checkRunnable(coroutine);
}

function checkRunnable(coroutine: Coroutine<any>): void {
  if (coroutine._state === running) throw new CoroutineRunningError(coroutine);
  if (coroutine._state === closed) {
    throw new RuntimeError(`cannot reuse already awaited coroutine ${coroutine}; call its function again`);
  }
}

/** What `resume` gives: the step a coroutine suspended with, or its result with `done: true`. */
export interface Step {
  readonly done?: boolean;
  readonly value: unknown;
}

/**
 * Resumes the stack of coroutines above `bottom` until it suspends or `bottom` ends. This is the whole of what a call
 * costs: a coroutine that awaits another hands it over here and is resumed here with its result, so the depth of
 * the stack does not matter when the one at its top is resumed.
 *
 * @throws what `bottom` throws.
 */
export function resume(bottom: Coroutine<any>, throwing: boolean, value: unknown): Step {
  if (bottom._state === running || bottom._state === closed) checkRunnable(bottom);
  let frame = bottom._innermost;
  if ((frame._generator as unknown) === frame && frame !== bottom) {
    // A leaf is iterated by its caller's own `yield*`: it is on the stack only to be seen there.
    const leaf = frame;
    bottom._innermost = frame = leaf._caller!;
    leaf._caller = null;
  }
  if (throwing && bottom._state === created) {
    // It never begins, and nothing in it sees the error.
    bottom._state = closed;
    throw value;
  }
  bottom._state = running;
  for (;;) {
    let step: Step;
    try {
      frame._state = running;
      step = throwing ? frame._generator.throw(value) : frame._generator.next(value);
    } catch (error) {
      frame._state = closed;
      const caller: Coroutine<any> | null = frame === bottom ? null : frame._caller;
      if (caller === null) throw error;
      frame._caller = null;
      bottom._innermost = frame = caller;
      throwing = true;
      value = error;
      continue;
    }
    throwing = false;
    if (step.done === true) {
      frame._state = closed;
      if (frame === bottom) return step;
      value = step.value;
      const caller = frame._caller!;
      frame._caller = null;
      bottom._innermost = frame = caller;
    } else if (isCall(step)) {
      const callee = step.value as Coroutine<any>;
      frame._state = suspended;
      callee._caller = frame;
      bottom._innermost = frame = callee;
      value = undefined;
    } else {
      frame._state = suspended;
      bottom._state = suspended;
      if (step instanceof Coroutine && step !== frame) {
        step._caller = frame;
        bottom._innermost = step;
      }
      return step;
    }
  }
}

/** Of our own classes first: looking for a brand costs as much as the rest of a step. */
function isCall(step: object): boolean {
  if (step instanceof Call) return true;
  return !(step instanceof Awaiting || step instanceof Coroutine || step instanceof Checkpoint) && callBrand in step;
}

/** What a coroutine waits for: a future, null for a turn of the loop, or undefined when it yielded something else. */
export function waitOf(step: Step): Future<any> | null | undefined {
  if (step instanceof Awaiting || step instanceof Coroutine || step instanceof Checkpoint || stepBrand in step) {
    return step.value as Future<any> | null;
  }
  return undefined;
}

function resultOf<T>(step: Step): IteratorResult<unknown, T> {
  return { done: step.done === true, value: step.value } as IteratorResult<unknown, T>;
}

/** The coroutines of the stack above `bottom`, outermost first. */
export function stackOf(bottom: Coroutine<any>): Coroutine<any>[] {
  const stack: Coroutine<any>[] = [];
  let frame: Coroutine<any> | null = bottom._innermost;
  while (frame !== null) {
    stack.push(frame);
    frame = frame === bottom ? null : frame._caller;
  }
  return stack.reverse();
}

/** Says what was wrongly yielded, and what to write instead. */
export function badYield(waiter: unknown, step: Step): RuntimeError {
  const { value } = step;
  const what = `${waiter} got bad yield: ${showResult(value)}`;
  if (isFuture(value) || isCoroutine(value)) return new RuntimeError(`${what}; write yield* instead of yield`);
  if (value === undefined) return new RuntimeError(`${what}; to give way for a turn write yield* sleep(0)`);
  return new RuntimeError(`${what}; a coroutine awaits futures, tasks and coroutines, with yield*`);
}
