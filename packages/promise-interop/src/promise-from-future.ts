import type { Context } from "@tsyncio/context";
import { captureContext, commonContext } from "@tsyncio/context/registry";
import { showResult } from "@tsyncio/future/waiting";
import type { EventLoop } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import { type AnyFunction, isCallable, isConstructor, isObject, speciesConstructor } from "./abstract-operations.ts";
import { newPromiseCapability, type PromiseCapability } from "./promise-capability.ts";
import type { FutureClass, PromiseClass } from "./promise-class.ts";
import { type Combination, promiseCombinators } from "./promise-combinators.ts";
import {
  allFlags,
  ElementReaction,
  ForeignReaction,
  flagBits,
  following,
  type Handlers,
  handled,
  handlerOf,
  handlersOf,
  rejected,
  tell,
} from "./promise-reactions.ts";
import { handledAfterRejection, rejectedWithoutHandler } from "./unhandled-rejections.ts";

const { apply, construct } = Reflect;

interface LoopOption {
  readonly loop: EventLoop;
}

/** A future that jobs can subscribe to without a closure: ours. */
interface JobFuture {
  _subscribe(job: Job): void;
}

/**
 * A Promise class built on nothing but the futures of `FutureClass`: complete to the ECMAScript specification, with
 * subclassing, species and foreign thenables. Its jobs run on the loop of its future.
 *
 * A promise is a future whose publishing side is hidden: handed to the executor, once, and to nobody else. What it adds
 * is that a result with a `then` is followed, and that each `then` makes another promise, published by its handler.
 *
 * @throws TypeError when `FutureClass` is no class of futures.
 */
export function promiseFromFuture(FutureClass: FutureClass): PromiseClass {
  if (!isConstructor(FutureClass) || !isCallable(FutureClass.prototype?.addDoneCallback)) {
    throw new TypeError(
      `promiseFromFuture() expects a class of futures, such as Future, got ${showResult(FutureClass)}`,
    );
  }
  const takesJobs = isCallable((FutureClass.prototype as Partial<JobFuture>)._subscribe);

  /**
   * The future of a promise. It is also the job that tells a combination of it, so that `all()` makes no object for it: that
   * is a tenth of what a program holds that waits for ten callbacks at once.
   */
  class HiddenFuture extends FutureClass implements Job {
    declare readonly _cancelled: false;
    /** Its own when it is not the common one. */
    declare _context: Context;
    declare _flags: number;
    declare _combination: Combination | undefined;

    _run(): void {
      const combination = this._combination!;
      const index = this._flags >> flagBits;
      this._combination = undefined;
      this._flags &= allFlags;
      tell(combination, index, this);
    }
  }
  Object.defineProperty(HiddenFuture.prototype, "_cancelled", { value: false });
  Object.defineProperty(HiddenFuture.prototype, "_context", { value: commonContext, writable: true });

  /**
   * The future of a promise that `then` made. It is also the job that will publish it: it remembers the promise it waits
   * for and its handlers, and stands itself in the queue. So a `then` allocates two objects: this one, and the promise
   * that hides it. What few promises need is not a field of all: a long chain lasts as long as it takes to collect.
   */
  class ReactingFuture extends HiddenFuture {
    declare _source: HiddenFuture | undefined;
    declare _handlers: Handlers;

    /** NewPromiseReactionJob. */
    override _run(): void {
      if ((this._flags & following) !== 0) {
        this._follow();
        return;
      }
      const source = this._source!;
      const handlers = this._handlers;
      const isRejected = (source._flags & rejected) !== 0;
      // A chain of promises must not keep its beginning alive.
      this._source = undefined;
      this._handlers = undefined;
      if (this._context !== commonContext) this._context = commonContext;
      const handler = handlerOf(handlers, isRejected);
      let value = isRejected ? source.exception() : source.result();
      if (handler !== undefined) {
        try {
          value = handler(value);
        } catch (error) {
          reject(this, error);
          return;
        }
      } else if (isRejected) {
        reject(this, value);
        return;
      }
      resolve(this, value);
    }

    /** NewPromiseResolveThenableJob, for a promise of this class with its own `then`: what that would do, done here. */
    _follow(): void {
      const promise = this._handlers as unknown as object;
      const source = this._source!;
      this._flags &= ~following;
      this._handlers = undefined;
      try {
        const Class = speciesConstructor(promise, OwnPromise);
        if (Class === OwnPromise) {
          // The promise `then` would make is seen by nobody; this one reacts in its place.
          subscribe(source, this);
        } else {
          const capability = newPromiseCapability(Class);
          execute(this, (resolve, reject) =>
            subscribe(source, new ForeignReaction(source, capability, handlersOf(resolve, reject))),
          );
        }
        markHandled(source);
      } catch (error) {
        reject(this, error);
      }
    }
  }
  /*
   * These classes have no constructors, and `new` is not said: V8 does not compile a `super()` into a function that is async
   * or stands in a `try`, as most that call `then` are. So made, a `then` there takes 60 ns where it took 75.
   */

  function makeHidden(_options: LoopOption | undefined): HiddenFuture {
    // biome-ignore lint/complexity/noArguments: handed straight on they are never made into an array
    return construct(FutureClass, arguments, HiddenFuture) as HiddenFuture;
  }

  function makeReacting(_options: LoopOption): ReactingFuture {
    // biome-ignore lint/complexity/noArguments: handed straight on they are never made into an array
    return construct(FutureClass, arguments, ReactingFuture) as ReactingFuture;
  }

  /** A future for a promise, on the loop of the options or on the current one. */
  function hide(options?: LoopOption): HiddenFuture {
    const future = makeHidden(options);
    future._flags = 0;
    future._combination = undefined;
    return future;
  }

  /** What `then` does when its promise is one of ours: PerformPromiseThen. */
  function react(source: HiddenFuture, handlers: Handlers): ReactingFuture {
    const reaction = makeReacting(optionOf(source.getLoop()));
    reaction._flags = 0;
    reaction._source = source;
    reaction._handlers = handlers;
    const context = captureContext();
    if (context !== commonContext) reaction._context = context;
    subscribe(source, reaction);
    markHandled(source);
    return reaction;
  }

  /** What it does when it is another's. */
  function reactForeign(source: HiddenFuture, handlers: Handlers, Class: unknown): unknown {
    const capability = newPromiseCapability(Class);
    subscribe(source, new ForeignReaction(source, capability, handlers));
    markHandled(source);
    return capability.promise;
  }

  /** NewPromiseResolveThenableJob. */
  class ThenableJob implements Job {
    declare readonly _cancelled: false;
    _context = captureContext();
    readonly _future: HiddenFuture;
    readonly _thenable: object;
    readonly _then: AnyFunction;

    constructor(future: HiddenFuture, thenable: object, then: AnyFunction) {
      this._future = future;
      this._thenable = thenable;
      this._then = then;
    }

    _run(): void {
      execute(this._future, (resolve, reject) => apply(this._then, this._thenable, [resolve, reject]));
    }
  }
  Object.defineProperty(ThenableJob.prototype, "_cancelled", { value: false });

  /** Puts a job into the loop's queue when the future is done. */
  const subscribe: (future: HiddenFuture, job: Job) => void = takesJobs
    ? (future, job) => (future as unknown as JobFuture)._subscribe(job)
    : (future, job) => future.addDoneCallback(() => job._run());

  /** A future that is done, on the loop last asked for: subscribing to it is how a job that waits for nothing is queued. */
  let done: { loop?: EventLoop; future?: HiddenFuture } = {};

  function enqueue(loop: EventLoop, job: Job): void {
    if (done.loop !== loop) {
      done = { loop, future: hide({ loop }) };
      done.future!.setResult(undefined);
    }
    subscribe(done.future!, job);
  }

  /** The options that give a future its loop: mostly those of the future before. */
  let lastOption: LoopOption = { loop: undefined as unknown as EventLoop };

  function optionOf(loop: EventLoop): LoopOption {
    if (lastOption.loop !== loop) lastOption = { loop };
    return lastOption;
  }

  /** The Promise Resolve Functions, from where the promise is known not to be resolved yet. */
  function resolve(future: HiddenFuture, value: unknown): void {
    if (isObject(value)) resolveWithObject(future, value);
    else future.setResult(value);
  }

  /** Apart from the above, which so is small enough to be compiled into what calls it. */
  function resolveWithObject(future: HiddenFuture, value: object): void {
    const source = futureOf(value);
    if (source === future) {
      reject(future, new TypeError("Chaining cycle detected for promise: it cannot be resolved with itself"));
      return;
    }
    let then: unknown;
    try {
      then = (value as { then?: unknown }).then;
    } catch (error) {
      reject(future, error);
      return;
    }
    if (!isCallable(then)) {
      future.setResult(value);
      return;
    }
    if (source === undefined || then !== intrinsicThen || !(future instanceof ReactingFuture)) {
      enqueue(future.getLoop(), new ThenableJob(future, value, then));
      return;
    }
    future._flags |= following;
    const context = captureContext();
    if (context !== commonContext) future._context = context;
    future._source = source;
    future._handlers = value as unknown as AnyFunction;
    enqueue(future.getLoop(), future);
  }

  /** RejectPromise(promise, reason). */
  function reject(future: HiddenFuture, reason: unknown): void {
    future._flags |= rejected;
    future.setException(reason);
    // The promise watches over its rejection itself: the future need not report it as well.
    future.exception();
    if ((future._flags & handled) === 0) rejectedWithoutHandler(future);
  }

  function markHandled(future: HiddenFuture): void {
    future._flags |= handled;
    if ((future._flags & rejected) !== 0) handledAfterRejection(future);
  }

  /**
   * Calls `executor` with the pair of CreateResolvingFunctions(promise), and rejects when it throws.
   *
   * They are made where they are passed: that keeps them anonymous, as the specification has it.
   */
  function execute(future: HiddenFuture, executor: AnyFunction): void {
    /** Until one of the pair is called: afterwards neither does anything, nor holds on to it. */
    let unresolved: HiddenFuture | undefined = future;
    try {
      executor(
        (value: unknown) => {
          if (unresolved === undefined) return;
          const future = unresolved;
          unresolved = undefined;
          resolve(future, value);
        },
        (reason: unknown) => {
          if (unresolved === undefined) return;
          const future = unresolved;
          unresolved = undefined;
          reject(future, reason);
        },
      );
    } catch (error) {
      if (unresolved === undefined) return;
      unresolved = undefined;
      reject(future, error);
    }
  }

  let futureOf: (value: object) => HiddenFuture | undefined;

  /** The object a promise is: it has the slot, and Promise.prototype is its prototype. */
  class Slots {
    readonly #future: HiddenFuture;

    static {
      futureOf = (value) => (#future in value ? value.#future : undefined);
    }

    constructor(future: HiddenFuture) {
      this.#future = future;
    }

    then(onFulfilled: unknown, onRejected: unknown): unknown {
      if (!isObject(this) || !(#future in this)) throw incompatible("then", this);
      const source = this.#future;
      const Class = speciesConstructor(this, OwnPromise);
      const handlers = handlersOf(onFulfilled, onRejected);
      return Class === OwnPromise ? new Slots(react(source, handlers)) : reactForeign(source, handlers, Class);
    }

    catch(onRejected: unknown): unknown {
      return (this as unknown as PromiseLike<unknown>).then(undefined, onRejected as AnyFunction);
    }

    finally(onFinally: unknown): unknown {
      if (!isObject(this)) throw incompatible("finally", this);
      const Class = speciesConstructor(this, OwnPromise);
      const [thenFinally, catchFinally] = isCallable(onFinally)
        ? [
            (value: unknown) => follow(promiseResolve(Class, onFinally()), () => value),
            (reason: unknown) =>
              follow(promiseResolve(Class, onFinally()), () => {
                throw reason;
              }),
          ]
        : [onFinally as AnyFunction, onFinally as AnyFunction];
      return (this as unknown as PromiseLike<unknown>).then(thenFinally, catchFinally);
    }
  }
  const intrinsicThen = Slots.prototype.then as AnyFunction;

  /** A capability of this class makes its functions when they are asked for: a combinator that waits holds none. */
  class OwnCapability implements PromiseCapability {
    readonly promise: unknown;
    private readonly _future: HiddenFuture;
    private _functions: [resolve: AnyFunction, reject: AnyFunction] | undefined = undefined;

    constructor(future: HiddenFuture) {
      this._future = future;
      this.promise = new Slots(future);
    }

    get resolve(): AnyFunction {
      return this._pair()[0];
    }

    get reject(): AnyFunction {
      return this._pair()[1];
    }

    private _pair(): [AnyFunction, AnyFunction] {
      if (this._functions === undefined) {
        execute(this._future, (...functions) => {
          this._functions = functions as [AnyFunction, AnyFunction];
        });
      }
      return this._functions!;
    }
  }

  function capabilityOf(Class: unknown): PromiseCapability {
    if (Class !== OwnPromise) return newPromiseCapability(Class);
    return new OwnCapability(hide());
  }

  /** The job that tells a combination of one of its promises: the future itself, unless it is the job of something else. */
  function elementOf(source: HiddenFuture, combination: Combination, index: number): Job {
    if (source instanceof ReactingFuture || source._combination !== undefined) {
      return new ElementReaction(source, combination, index);
    }
    source._combination = combination;
    source._flags |= index << flagBits;
    return source;
  }

  function subscribeCombination(promise: object, then: unknown, combination: Combination, index: number): boolean {
    const source = then === intrinsicThen ? futureOf(promise) : undefined;
    if (source === undefined) return false;
    const Class = speciesConstructor(promise, OwnPromise);
    if (Class === OwnPromise) {
      subscribe(source, elementOf(source, combination, index));
    } else {
      const [onFulfilled, onRejected] = combination.handlers(index);
      const handlers = handlersOf(onFulfilled, onRejected);
      subscribe(source, new ForeignReaction(source, newPromiseCapability(Class), handlers));
    }
    markHandled(source);
    return true;
  }

  /** PromiseResolve(C, x). */
  function promiseResolve(Class: unknown, value: unknown): unknown {
    if (isObject(value) && futureOf(value) !== undefined && value.constructor === Class) return value;
    if (Class === OwnPromise) {
      const future = hide();
      resolve(future, value);
      return new Slots(future);
    }
    const { promise, resolve: resolveForeign } = newPromiseCapability(Class);
    resolveForeign(value);
    return promise;
  }

  /**
   * The constructor checks its executor before it reads the prototype of its new target. Of all classes only a derived
   * one can: its object is made when it says so.
   */
  class Constructed extends (null as unknown as new () => object) {
    // @ts-expect-error: it never calls super(), as below
    // biome-ignore lint/correctness/noUnreachableSuper: it gives the object with the slot instead
    constructor(executor: unknown) {
      if (!isCallable(executor)) throw new TypeError(`Promise resolver ${show(executor)} is not a function`);
      const future = hide();
      const promise = new Slots(future);
      if (new.target !== Constructed) {
        const { prototype } = new.target;
        if (isObject(prototype)) Object.setPrototypeOf(promise, prototype);
      }
      execute(future, executor);
      // biome-ignore lint/correctness/noConstructorReturn: the object with the slot is the one constructed
      return promise;
    }

    /** `instanceof` asks the function that was bound. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.isPrototypeOf.call(Slots.prototype, value as object);
    }
  }

  // Bound, so that its prototype can be that of the objects made without it; a subclass is still the new target.
  const OwnPromise = Constructed.bind(null) as unknown as PromiseClass;

  const statics = {
    ...promiseCombinators({ newCapability: capabilityOf, subscribe: subscribeCombination }),

    resolve(value?: unknown) {
      if (!isObject(this)) throw incompatible("resolve", this);
      return promiseResolve(this, value);
    },

    reject(reason?: unknown) {
      if ((this as unknown) === OwnPromise) {
        const future = hide();
        reject(future, reason);
        return new Slots(future);
      }
      const { promise, reject: rejectForeign } = newPromiseCapability(this);
      rejectForeign(reason);
      return promise;
    },

    try(callback: unknown, ...args: unknown[]) {
      if (!isObject(this)) throw incompatible("try", this);
      const { promise, resolve, reject } = capabilityOf(this);
      let value: unknown;
      try {
        value = (callback as AnyFunction)(...args);
      } catch (error) {
        reject(error);
        return promise;
      }
      resolve(value);
      return promise;
    },

    withResolvers() {
      const { promise, resolve, reject } = capabilityOf(this);
      return { promise, resolve, reject };
    },

    get [Symbol.species](): unknown {
      return this;
    },
  };

  const fixed = { writable: false, enumerable: false, configurable: false };
  const hidden = { enumerable: false, configurable: true };
  Object.defineProperties(OwnPromise, {
    length: { ...hidden, value: 1 },
    name: { ...hidden, value: "Promise" },
    prototype: { ...fixed, value: Slots.prototype },
  });
  for (const key of Reflect.ownKeys(statics)) {
    const descriptor = Object.getOwnPropertyDescriptor(statics, key)!;
    Object.defineProperty(OwnPromise, key, { ...descriptor, enumerable: false });
  }
  Object.defineProperties(Slots.prototype, {
    constructor: { ...hidden, writable: true, value: OwnPromise },
    [Symbol.toStringTag]: { ...hidden, writable: false, value: "Promise" },
  });
  // Every `then` reads the species, which took 80 ns: V8 keeps the properties of a function whose name was redefined in a
  // hash table, until it is the prototype of something. Now it takes 3 ns.
  Object.setPrototypeOf({}, OwnPromise);
  return OwnPromise;
}

function follow(promise: unknown, onFulfilled: () => unknown): unknown {
  return (promise as PromiseLike<unknown>).then(onFulfilled);
}

function incompatible(method: string, receiver: unknown): TypeError {
  return new TypeError(`Promise method ${method}() called on incompatible receiver ${show(receiver)}`);
}

function show(value: unknown): string {
  return isObject(value) ? Object.prototype.toString.call(value) : String(value);
}
