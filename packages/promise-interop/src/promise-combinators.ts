import { type AnyFunction, append, isCallable, isObject } from "./abstract-operations.ts";
import type { PromiseCapability } from "./promise-capability.ts";

/** What the combinators need of the class whose methods they are. */
export interface CombinatorsHost {
  /** NewPromiseCapability(C). */
  newCapability(Class: unknown): PromiseCapability;
  /**
   * When `promise` is a promise of this class, and `then` and its species are this class's own: has the combination
   * told what becomes of it, in the same turn as `then` would, without the promise and functions nobody would see. Else
   * gives false.
   */
  subscribe(promise: object, then: unknown, combination: Combination, index: number): boolean;
}

/** What a combinator keeps while its promises settle. */
export abstract class Combination {
  protected readonly capability: PromiseCapability;
  /** How many promises have not been heard of; the loop that asks them counts as one. */
  private remaining = 1;

  constructor(capability: PromiseCapability) {
    this.capability = capability;
  }

  /** Another promise will be asked. */
  begin(): void {
    this.remaining++;
  }

  /** Some promise has settled, or all have been asked. */
  end(): void {
    if (--this.remaining === 0) this.complete();
  }

  /** What the promises gave, in their order. It grows only as they settle: nothing is held for those that are waited for. */
  protected readonly values: unknown[] = [];

  protected put(index: number, value: unknown): void {
    const { values } = this;
    while (values.length < index) append(values, undefined);
    if (values.length === index) append(values, value);
    else values[index] = value;
  }

  protected complete(): void {
    call(this.capability.resolve, this.values);
  }

  abstract fulfilled(index: number, value: unknown): void;
  abstract rejected(index: number, reason: unknown): void;
  /** What a foreign `then` is called with. */
  abstract handlers(index: number): [onFulfilled: AnyFunction, onRejected: AnyFunction];
}

class All extends Combination {
  fulfilled(index: number, value: unknown): void {
    this.put(index, value);
    this.end();
  }

  rejected(_index: number, reason: unknown): void {
    call(this.capability.reject, reason);
  }

  handlers(index: number): [AnyFunction, AnyFunction] {
    return [once((value) => this.fulfilled(index, value)), this.capability.reject];
  }
}

class AllSettled extends Combination {
  fulfilled(index: number, value: unknown): void {
    this.put(index, { status: "fulfilled", value });
    this.end();
  }

  rejected(index: number, reason: unknown): void {
    this.put(index, { status: "rejected", reason });
    this.end();
  }

  handlers(index: number): [AnyFunction, AnyFunction] {
    // Whichever is called first makes both do nothing.
    let called = false;
    return [
      (value: unknown) => {
        if (called) return;
        called = true;
        this.fulfilled(index, value);
      },
      (reason: unknown) => {
        if (called) return;
        called = true;
        this.rejected(index, reason);
      },
    ];
  }
}

class Any extends Combination {
  fulfilled(_index: number, value: unknown): void {
    call(this.capability.resolve, value);
  }

  rejected(index: number, reason: unknown): void {
    this.put(index, reason);
    this.end();
  }

  protected override complete(): void {
    const error = new AggregateError([], "All promises were rejected");
    Object.defineProperty(error, "errors", {
      value: this.values,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    call(this.capability.reject, error);
  }

  handlers(index: number): [AnyFunction, AnyFunction] {
    return [this.capability.resolve, once((reason) => this.rejected(index, reason))];
  }
}

class Race extends Combination {
  override begin(): void {}
  override end(): void {}

  fulfilled(_index: number, value: unknown): void {
    call(this.capability.resolve, value);
  }

  rejected(_index: number, reason: unknown): void {
    call(this.capability.reject, reason);
  }

  handlers(): [AnyFunction, AnyFunction] {
    return [this.capability.resolve, this.capability.reject];
  }
}

/** A capability that is resolved with an object: CreateKeyedPromiseCombinatorResultObject(keys, values). */
function keyed({ promise, resolve, reject }: PromiseCapability, keys: readonly PropertyKey[]): PromiseCapability {
  return {
    promise,
    reject,
    resolve(values: unknown[]) {
      const object = Object.create(null) as Record<PropertyKey, unknown>;
      for (let index = 0; index < keys.length; index++) object[keys[index]!] = values[index];
      resolve(object);
    },
  };
}

type CombinationClass = new (capability: PromiseCapability) => Combination;

/** The static methods of Promise that combine several promises. They ask of `this` only what the specification says. */
export function promiseCombinators(host: CombinatorsHost) {
  /** The combinators of iterables. `for … of` closes the iterator when, and only when, the specification does. */
  function combine(Class: unknown, iterable: unknown, Kind: CombinationClass): unknown {
    const capability = host.newCapability(Class);
    try {
      const resolve = promiseResolveOf(Class);
      const combination = new Kind(capability);
      let index = 0;
      for (const value of iterable as Iterable<unknown>) ask(Class, resolve, value, combination, index++);
      combination.end();
    } catch (error) {
      call(capability.reject, error);
    }
    return capability.promise;
  }

  /** The combinators of an object's own enumerable keys. */
  function combineKeyed(Class: unknown, object: unknown, Kind: CombinationClass): unknown {
    const capability = host.newCapability(Class);
    try {
      const resolve = promiseResolveOf(Class);
      if (!isObject(object))
        throw new TypeError(`an object whose values are promises was expected, got ${String(object)}`);
      const keys: PropertyKey[] = [];
      const combination = new Kind(keyed(capability, keys));
      for (const key of Reflect.ownKeys(object)) {
        if (!Reflect.getOwnPropertyDescriptor(object, key)?.enumerable) continue;
        const value: unknown = (object as Record<PropertyKey, unknown>)[key];
        append(keys, key);
        ask(Class, resolve, value, combination, keys.length - 1);
      }
      combination.end();
    } catch (error) {
      call(capability.reject, error);
    }
    return capability.promise;
  }

  function ask(Class: unknown, resolve: AnyFunction, value: unknown, combination: Combination, index: number): void {
    combination.begin();
    const promise = Reflect.apply(resolve, Class, [value]) as PromiseLike<unknown>;
    const { then } = promise;
    if (isObject(promise) && host.subscribe(promise, then, combination, index)) return;
    Reflect.apply(then, promise, combination.handlers(index));
  }

  return {
    all(iterable: unknown) {
      return combine(this, iterable, All);
    },

    allSettled(iterable: unknown) {
      return combine(this, iterable, AllSettled);
    },

    any(iterable: unknown) {
      return combine(this, iterable, Any);
    },

    race(iterable: unknown) {
      return combine(this, iterable, Race);
    },

    allKeyed(promises: unknown) {
      return combineKeyed(this, promises, All);
    },

    allSettledKeyed(promises: unknown) {
      return combineKeyed(this, promises, AllSettled);
    },
  };
}

/** Calls a function of a capability, which may be anybody's, without a receiver. */
function call(settle: AnyFunction, value: unknown): void {
  settle(value);
}

/** GetPromiseResolve(promiseConstructor). */
function promiseResolveOf(Class: unknown): AnyFunction {
  const { resolve } = Class as { resolve: unknown };
  if (!isCallable(resolve)) throw new TypeError("Promise resolve function is not callable");
  return resolve;
}

/** A function that works the first time only. */
function once(take: (value: unknown) => void): AnyFunction {
  let called = false;
  return (value: unknown) => {
    if (called) return;
    called = true;
    take(value);
  };
}
