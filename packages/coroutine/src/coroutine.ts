import { RuntimeError } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";
import { type Future, isFuture, type Suspension } from "@tsyncio/future";
import { announceSteps, awaiting, handedOn, handsOn, showResult, stepBrand, suspended } from "@tsyncio/future/waiting";
import { CoroutineRunningError, GeneratorExit } from "./errors.ts";

/** How far a coroutine has come: never run, running now, waiting for something, or over. */
export type CoroutineState = "created" | "running" | "suspended" | "closed";

/** The generators that are coroutines: they yield nothing but what `yield*` of an awaitable yields. */
export type CoroutineGenerator<T> = Generator<Suspension, T, unknown>;

/** All that the frame of a coroutine needs of a generator. */
export interface Resumable<T> {
  /** Runs it until it yields or ends. */
  next(value?: unknown): IteratorResult<unknown, T>;
  /** Throws an error into it where it is suspended, and runs it until it yields or ends. */
  throw(error: unknown): IteratorResult<unknown, T>;
}

/** The states, as `_state` has them: never run, running now and over; `suspended` is 2. */
export const created = 0;
const running = 1;
export const closed = 3;
const stateNames: readonly CoroutineState[] = ["created", "running", "suspended", "closed"];

const brand: unique symbol = Symbol.for("tsyncio.Coroutine") as never;
const callBrand = Symbol.for("tsyncio.Call");

/**
 * A call that has not run yet: a function that suspends and resumes, with its arguments.
 *
 * Making one runs nothing; awaiting it with `yield*`, or giving it to a task, does. It can be awaited once.
 *
 * It has neither fields nor a constructor, and neither have the abstract classes below it: the engine then makes an
 * object of the lowest class in one go, in half the time (30 ns of a `sleep(0)`, which is a fifth of its whole).
 *
 * asyncio counterpart: the object a call of an `async def` function gives.
 */
export abstract class Coroutine<T = unknown> implements Iterable<Suspension, T, unknown> {
  /** @internal */
  declare readonly [brand]: true;
  /** The name of its function. */
  abstract readonly name: string;
  /** One of the small integers above. @internal */
  abstract _state: number;
  /**
   * The coroutine that awaits this one, in the same stack. Of the one at the bottom of a stack, which nobody awaits: the
   * leaf in which its top waits for a future, if it does. @internal
   */
  abstract _caller: Coroutine<any> | Wait | null;
  /** Of the one at the bottom of a stack: the one at its top, leaves apart, which is running or resumed next. @internal */
  abstract _innermost: Coroutine<any>;

  /** Called when it is made: tells whoever watches. Nobody does but tests, and then it is another. @internal */
  declare _made: () => void;

  /** Runs its own code until that suspends or ends: the generator's `next`. @internal */
  abstract _next(value: unknown): IteratorResult<unknown, T>;

  /** The generator's `throw`. @internal */
  abstract _throw(error: unknown): IteratorResult<unknown, T>;

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
    return byHand<T>(resume, this, value);
  }

  /**
   * Throws `error` into it where it is suspended, and runs it until it suspends again or ends. Gives what `send` gives.
   *
   * @throws CoroutineRunningError while it is running; RuntimeError when it is over; whatever it throws.
   * Python counterpart: `coroutine.throw`.
   */
  throw(error: unknown): IteratorResult<unknown, T> {
    return byHand<T>(throwInto, this, error);
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
      if (byHand(throwInto, this, exit).done === true) return;
    } catch (error) {
      if (error === exit) return;
      throw error;
    }
    throw new RuntimeError(`${this} ignored GeneratorExit: the clean-up of a coroutine that is closed cannot suspend`);
  }

  /** `yield* coroutine` runs it as part of the coroutine that awaits it, and gives its result or throws its error. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    calling._callee = this;
    return calling as Iterator<Suspension, T, unknown>;
  }

  toString(): string {
    return `<Coroutine ${this.state} ${this.name}()>`;
  }
}

Object.defineProperty(Coroutine.prototype, brand, { value: true });

const nobodyWatches = () => {};

function watchWith(made: ((coroutine: object) => void) | null): void {
  const value =
    made === null
      ? nobodyWatches
      : function (this: object) {
          made(this);
        };
  Object.defineProperty(Coroutine.prototype, "_made", { value, configurable: true });
}

watchWith(registry.coroutineMade);
registry.onCoroutineMade.push(watchWith);

/**
 * The methods all generators share. The generators of each generator function have a shape of their own, so finding
 * `next` on them is a search in any program with more than four such functions: a third of the cost of a call.
 */
export const generatorMethods = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as GeneratorMethods;
const { next: nextOf, throw: throwOf } = generatorMethods;

/** They work on any generator of this realm. */
export interface GeneratorMethods {
  next(this: object, value?: unknown): IteratorResult<any, any>;
  throw(this: object, error: unknown): IteratorResult<any, any>;
  return(this: object, value?: unknown): IteratorResult<any, any>;
}

/**
 * Whether `value` is a generator of this realm. That none of its properties is looked up matters where the generator
 * function is written in place, `timeout(100, function* () {…})`: each time it is another, with generators of another shape.
 */
export function isGenerator(value: unknown): value is Generator<any, any, any> {
  return Object.prototype.isPrototypeOf.call(generatorMethods, value as object);
}

/** The Coroutine of a generator, or of what works like one. */
export function toFrame<T>(generator: Resumable<T>, name: string): Coroutine<T> {
  return isGenerator(generator)
    ? new GeneratorCoroutine<T>(generator, name)
    : new IteratorCoroutine<T>(generator, name);
}

/** A coroutine that runs a generator: what `coroutine()` makes. */
export class GeneratorCoroutine<T = unknown> extends Coroutine<T> {
  readonly name: string;
  /** @internal */
  readonly _generator: Resumable<T>;
  /** @internal */
  _state: number = created;
  /** @internal */
  _caller: Coroutine<any> | Wait | null = null;
  /** @internal */
  _innermost: Coroutine<any> = this;

  /** @internal */
  constructor(generator: Resumable<T>, name: string) {
    super();
    this._generator = generator;
    this.name = name;
    this._made();
  }

  /** @internal */
  _next(value: unknown): IteratorResult<unknown, T> {
    return nextOf.call(this._generator, value);
  }

  /** @internal */
  _throw(error: unknown): IteratorResult<unknown, T> {
    return throwOf.call(this._generator, error);
  }
}

/** A coroutine that runs something that only works like a generator. */
class IteratorCoroutine<T> extends GeneratorCoroutine<T> {
  override _next(value: unknown): IteratorResult<unknown, T> {
    return this._generator.next(value);
  }

  override _throw(error: unknown): IteratorResult<unknown, T> {
    return this._generator.throw(error);
  }
}

if (!handsOn) {
  for (const { prototype } of [GeneratorCoroutine, IteratorCoroutine]) {
    for (const method of ["_next", "_throw"] as const) {
      const ownMethod = prototype[method];
      prototype[method] = function (value) {
        return handedOn(() => ownMethod.call(this, value));
      };
    }
  }
}

/**
 * Whether `value` is a Coroutine, of any loaded copy of this package. Where only one kind of them comes along, as in most
 * places that make tasks, reading the brand is one comparison to the engine; `instanceof` goes up the prototypes.
 */
export function isCoroutine(value: unknown): value is Coroutine<any> {
  return (value as Partial<Coroutine> | null | undefined)?.[brand] === true;
}

/**
 * `yield*` of a coroutine: asks the driver to run it, and gives its result. Iterator, iterator result and what the
 * driver sees, in one object, and one for all: the engine calls `next` right after it has asked for the iterator, and
 * reads `done` and `value` right after `next`, so nothing of a call needs to be kept here while it runs.
 */
class Calling implements Iterator<Suspension, any, unknown> {
  /** Read by the engine: whether `value` is the result. @internal */
  done = false;
  /** The coroutine, then its result. @internal */
  value: unknown = undefined;
  /** It is no wait: see `isWait`. @internal */
  readonly _state = created;
  /** The coroutine that is about to be awaited. @internal */
  _callee: Coroutine<any> | null = null;

  next(value?: unknown): IteratorResult<Suspension, any> {
    const callee = this._callee;
    if (callee === null) {
      this.value = value;
      this.done = true;
      return this as unknown as IteratorResult<Suspension, any>;
    }
    this._callee = null;
    checkAwaitable(callee);
    const bottom = bottomOfRunning();
    if (bottom instanceof Coroutine && begunInside < mostBegunInside) return begin(callee, bottom);
    this.value = callee;
    this.done = false;
    return this as unknown as IteratorResult<Suspension, any>;
  }

  throw(error: unknown): never {
    throw error;
  }

  return(value?: unknown): IteratorResult<Suspension, any> {
    return { done: true, value };
  }
}

Object.defineProperty(Calling.prototype, callBrand, { value: true });
if (!handsOn) announceSteps(Calling.prototype);

const calling = new Calling();

/** How many callees are beginning now, each inside the `yield*` of its caller. */
let begunInside = 0;
/** The native stack has an end: a callee deeper than this is begun by the driver. */
const mostBegunInside = 50;

/** The running loop and its current task, as far as they are known here. */
interface Running {
  readonly _currentTask: { readonly _coroutine?: unknown } | null;
}

/** The coroutine of the current task, if it is what is running. */
function bottomOfRunning(): unknown {
  const loop = registry.runningLoop as Running | null;
  return loop === null || registry.drivenByHand > 0 ? null : loop._currentTask?._coroutine;
}

/**
 * Runs a callee inside the `yield*` of its caller, up to where it suspends first: most callees end before that, and then
 * the caller need not suspend at all, which makes a call 1.7 times as fast. What it suspends with goes down to the
 * driver through the `yield*` of all callers.
 */
function begin(callee: Coroutine<any>, bottom: Coroutine<any>): IteratorResult<Suspension, any> {
  const caller = bottom._innermost;
  caller._state = suspended;
  callee._state = running;
  callee._caller = caller;
  bottom._innermost = callee;
  begunInside++;
  let ended = true;
  try {
    const step = callee._next(undefined);
    ended = step.done === true;
    if (!ended) {
      registry.suspendedInside = step;
      return step as IteratorResult<Suspension, any>;
    }
    calling.value = step.value;
    calling.done = true;
    return calling as unknown as IteratorResult<Suspension, any>;
  } finally {
    begunInside--;
    if (ended) {
      callee._state = closed;
      callee._caller = null;
      bottom._innermost = caller;
      caller._state = running;
    }
  }
}

export function checkAwaitable(coroutine: Coroutine<any>): void {
  if (coroutine._state === created) return;
  if (coroutine._state === suspended) throw new RuntimeError(`coroutine is being awaited already: ${coroutine}`);
  throw refusalToRun(coroutine);
}

/** Whether it is running or over: the odd states. */
const cannotRun = (coroutine: Coroutine<any>): boolean => (coroutine._state & 1) !== 0;

/** Why a coroutine that is running or over cannot be run. */
function refusalToRun(coroutine: Coroutine<any>): Error {
  if (coroutine._state === running) return new CoroutineRunningError(coroutine);
  return new RuntimeError(`cannot reuse already awaited coroutine ${coroutine}; call its function again`);
}

/** What a generator gives when it is resumed: what it has suspended with, or its result with `done: true`. */
export interface Step {
  readonly done?: boolean;
  readonly value: unknown;
}

/** The step of a wait: a leaf, that of a future, or that of the checkpoint. */
interface Wait extends Step {
  readonly _state: number;
  readonly value: Future<any> | null;
}

/**
 * What `resume` gives: the future that the coroutine waits for, null for a turn of the loop; else a step: its result with
 * `done: true`, `failure`, or what it has yielded by mistake.
 */
export type Outcome = Future<any> | null | Step;

/** Who drives a coroutine, as far as that needs to know. */
export interface Driver {
  /** Told when the coroutine waits for a turn of the loop, and what suspended it: a leaf, or the checkpoint. @internal */
  _giveWay(step: object): void;
}

/**
 * What `resume` gives when the coroutine has failed; `takeError()` then gives what it threw. It is handed over, and not
 * thrown again, because every throw takes the engine over a microsecond.
 */
export const failure: Step & { value: unknown } = { done: false, value: undefined, _state: created } as Step;

/** The error that belongs to the `failure` just given. */
export function takeError(): unknown {
  const error = failure.value;
  failure.value = undefined;
  return error;
}

function fail(error: unknown): Step {
  failure.value = error;
  return failure;
}

function refuse(coroutine: Coroutine<any>): Step {
  return fail(refusalToRun(coroutine));
}

/**
 * Resumes the stack of coroutines above `bottom` until it suspends or `bottom` ends. This is the whole of what a call
 * costs: a coroutine that awaits another hands it over here and is resumed here with its result, so the depth of
 * the stack does not matter when the one at its top is resumed.
 *
 * What it throws is handed over by `failure`, and so is the error that it cannot be resumed.
 */
export function resume(bottom: Coroutine<any>, value: unknown, driver: Driver): Outcome {
  if (cannotRun(bottom)) return refuse(bottom);
  bottom._state = running;
  const frame = bottom._innermost;
  const step = stepAfter(frame, value);
  if (step.done === true) {
    if (frame === bottom) {
      bottom._state = closed;
      return step;
    }
  } else if (isWait(step) && bottom._innermost === frame) {
    frame._state = suspended;
    bottom._state = suspended;
    return wait(bottom, step, driver);
  }
  return goOn(bottom, frame, step, driver);
}

/** The stack waits: gives what for. */
const wait = (bottom: Coroutine<any>, step: Wait, driver: Driver): Future<any> | null => {
  const { value } = step;
  if (value === null) {
    bottom._caller = null;
    driver._giveWay(step);
  } else {
    bottom._caller = step._state === suspended ? step : null;
  }
  return value;
};

/** Throws an error in at the top of the stack, where it is suspended; else it does what `resume` does. */
export function throwInto(bottom: Coroutine<any>, error: unknown, driver: Driver): Outcome {
  if (cannotRun(bottom)) return refuse(bottom);
  if (bottom._state === created) {
    // It never begins, and nothing in it sees the error.
    bottom._state = closed;
    return fail(error);
  }
  bottom._state = running;
  const frame = bottom._innermost;
  return goOn(bottom, frame, stepAfterThrow(frame, error), driver);
}

/**
 * What follows a step that is not simply the next wait: coroutines end, and others are called. It stands apart so that the
 * engine has room to compile `resume` into the loop.
 */
function goOn(bottom: Coroutine<any>, top: Coroutine<any>, first: Step, driver: Driver): Outcome {
  let frame = top;
  let step = first;
  for (;;) {
    if (step.done === true || step === failure) {
      frame._state = closed;
      if (frame === bottom) return step;
      frame = returnToCaller(frame, bottom);
      step = step === failure ? stepAfterThrow(frame, takeError()) : stepAfter(frame, step.value);
      continue;
    }
    if (bottom._innermost !== frame) frame = topAfterCalls(step, frame, bottom);
    frame._state = suspended;
    if (!(callBrand in step)) {
      bottom._state = suspended;
      return isWait(step) || stepBrand in step ? wait(bottom, step as Wait, driver) : step;
    }
    frame = enterCallee(step.value as Coroutine<any>, frame, bottom);
    step = stepAfter(frame, undefined);
  }
}

/** Runs a coroutine until it suspends, ends or fails. */
const stepAfter = (frame: Coroutine<any>, value: unknown): Step => {
  frame._state = running;
  try {
    return frame._next(value);
  } catch (error) {
    return fail(error);
  }
};

function stepAfterThrow(frame: Coroutine<any>, thrown: unknown): Step {
  frame._state = running;
  try {
    return frame._throw(thrown);
  } catch (error) {
    return fail(error);
  }
}

/** A callee began inside `frame`, and has suspended in its place; unless somebody kept its step from us. */
function topAfterCalls(step: Step, frame: Coroutine<any>, bottom: Coroutine<any>): Coroutine<any> {
  if (step === registry.suspendedInside) return bottom._innermost;
  bottom._innermost = frame;
  return frame;
}

function enterCallee(callee: Coroutine<any>, caller: Coroutine<any>, bottom: Coroutine<any>): Coroutine<any> {
  callee._caller = caller;
  bottom._innermost = callee;
  return callee;
}

function returnToCaller(frame: Coroutine<any>, bottom: Coroutine<any>): Coroutine<any> {
  const caller = frame._caller as Coroutine<any>;
  frame._caller = null;
  bottom._innermost = caller;
  // An iterator that somebody asked for and never used must not pass for a call.
  calling._callee = null;
  return caller;
}

/**
 * Whether a step is that of a wait: a leaf, which is its own step, is suspended then, and all others are `awaiting`. What
 * comes here often has some state, for the engine to compare small integers only.
 */
const isWait = (step: Step): step is Wait => {
  const state = (step as Partial<Wait>)._state;
  return state === suspended || state === awaiting;
};

/** Drives a coroutine that belongs to no task: what gives way is kept where the leaf is that waits for a future. */
class Hand implements Driver {
  private readonly _bottom: Coroutine<any>;

  constructor(bottom: Coroutine<any>) {
    this._bottom = bottom;
  }

  _giveWay(step: Wait): void {
    this._bottom._caller = step;
  }
}

/** What a coroutine does when it is resumed by `drive`, as `send()` and `throw()` give it. */
function byHand<T>(drive: typeof resume, bottom: Coroutine<any>, value: unknown): IteratorResult<unknown, T> {
  registry.drivenByHand++;
  let outcome: Outcome;
  try {
    outcome = drive(bottom, value, new Hand(bottom));
  } finally {
    registry.drivenByHand--;
  }
  if (outcome === failure) throw takeError();
  if (outcome === null || isFuture(outcome)) return { done: false, value: outcome };
  return { done: outcome.done === true, value: outcome.value } as IteratorResult<unknown, T>;
}

/**
 * The coroutines of the stack above `bottom`, outermost first. When the stack has given way, its driver knows by which
 * `step`, and that may be a leaf.
 */
export function stackOf(bottom: Coroutine<any>, step: object | null = null): Coroutine<any>[] {
  const leaf = bottom._caller ?? step;
  const stack: Coroutine<any>[] = isCoroutine(leaf) && leaf !== bottom && leaf._state === suspended ? [leaf] : [];
  for (let frame = bottom._innermost; frame !== bottom; frame = frame._caller as Coroutine<any>) stack.push(frame);
  stack.push(bottom);
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
