import { type AnyFunction, isCallable, isObject } from "./abstract-operations.ts";
import type { PromiseCapability } from "./promise-capability.ts";

type NewCapability = (Class: unknown) => PromiseCapability;

/** What makes one combinator different from another. */
interface Combination {
  /** What `then` of the promise at `index` is called with. */
  handlers(index: number): [onFulfilled: AnyFunction, onRejected: AnyFunction];
  /** Called when every promise was asked. */
  asked?(): void;
}

/** Counts what is still missing, beginning with the loop that asks; calls `complete` at zero. */
class Remaining {
  #count = 1;
  readonly #complete: () => void;

  constructor(complete: () => void) {
    this.#complete = complete;
  }

  more(): void {
    this.#count++;
  }

  less(): void {
    if (--this.#count === 0) this.#complete();
  }
}

/** The static methods of Promise that combine several promises. They ask of `this` only what the specification says. */
export function promiseCombinators(newCapability: NewCapability) {
  /** What the combinators of iterables have in common: NewPromiseCapability, GetPromiseResolve, the iteration. */
  function combine(Class: unknown, iterable: unknown, begin: (capability: PromiseCapability) => Combination) {
    const capability = newCapability(Class);
    try {
      const resolve = promiseResolveOf(Class);
      const combination = begin(capability);
      let index = 0;
      for (const value of iterable as Iterable<unknown>) {
        const promise = Reflect.apply(resolve, Class, [value]);
        const [onFulfilled, onRejected] = combination.handlers(index++);
        (promise as PromiseLike<unknown>).then(onFulfilled, onRejected);
      }
      combination.asked?.();
    } catch (error) {
      capability.reject(error);
    }
    return capability.promise;
  }

  /** The same for the combinators of an object's own enumerable keys. */
  function combineKeyed(Class: unknown, object: unknown, begin: (entries: KeyedValues) => Combination) {
    const capability = newCapability(Class);
    try {
      const resolve = promiseResolveOf(Class);
      if (!isObject(object)) throw new TypeError(`expected an object whose values are promises, got ${String(object)}`);
      const entries = new KeyedValues(capability);
      const combination = begin(entries);
      for (const key of Reflect.ownKeys(object)) {
        if (!Reflect.getOwnPropertyDescriptor(object, key)?.enumerable) continue;
        const value: unknown = (object as Record<PropertyKey, unknown>)[key];
        const index = entries.add(key);
        const promise = Reflect.apply(resolve, Class, [value]);
        const [onFulfilled, onRejected] = combination.handlers(index);
        (promise as PromiseLike<unknown>).then(onFulfilled, onRejected);
      }
      combination.asked?.();
    } catch (error) {
      capability.reject(error);
    }
    return capability.promise;
  }

  return {
    all(iterable: unknown) {
      return combine(this, iterable, ({ resolve, reject }) => {
        const values: unknown[] = [];
        const remaining = new Remaining(() => resolve(values));
        return {
          handlers(index) {
            values[index] = undefined;
            remaining.more();
            return [once((value) => void (values[index] = value), remaining), reject];
          },
          asked: () => remaining.less(),
        };
      });
    },

    allSettled(iterable: unknown) {
      return combine(this, iterable, ({ resolve }) => {
        const values: unknown[] = [];
        const remaining = new Remaining(() => resolve(values));
        return {
          handlers(index) {
            values[index] = undefined;
            remaining.more();
            return settledOnce((result) => void (values[index] = result), remaining);
          },
          asked: () => remaining.less(),
        };
      });
    },

    any(iterable: unknown) {
      return combine(this, iterable, ({ resolve, reject }) => {
        const errors: unknown[] = [];
        const remaining = new Remaining(() => reject(aggregate(errors)));
        return {
          handlers(index) {
            errors[index] = undefined;
            remaining.more();
            return [resolve, once((error) => void (errors[index] = error), remaining)];
          },
          asked: () => remaining.less(),
        };
      });
    },

    race(iterable: unknown) {
      return combine(this, iterable, ({ resolve, reject }) => ({ handlers: () => [resolve, reject] }));
    },

    allKeyed(promises: unknown) {
      return combineKeyed(this, promises, (entries) => ({
        handlers(index) {
          entries.remaining.more();
          return [once((value) => entries.set(index, value), entries.remaining), entries.capability.reject];
        },
        asked: () => entries.remaining.less(),
      }));
    },

    allSettledKeyed(promises: unknown) {
      return combineKeyed(this, promises, (entries) => ({
        handlers(index) {
          entries.remaining.more();
          return settledOnce((result) => entries.set(index, result), entries.remaining);
        },
        asked: () => entries.remaining.less(),
      }));
    },
  };
}

/** Keys and values in order, and the object they make: CreateKeyedPromiseCombinatorResultObject. */
class KeyedValues {
  readonly capability: PromiseCapability;
  readonly remaining: Remaining;
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];

  constructor(capability: PromiseCapability) {
    this.capability = capability;
    const { resolve } = capability;
    this.remaining = new Remaining(() => resolve(this.#toObject()));
  }

  add(key: PropertyKey): number {
    this.#values.push(undefined);
    return this.#keys.push(key) - 1;
  }

  set(index: number, value: unknown): void {
    this.#values[index] = value;
  }

  #toObject(): object {
    const object = Object.create(null) as Record<PropertyKey, unknown>;
    for (const [index, key] of this.#keys.entries()) object[key] = this.#values[index];
    return object;
  }
}

/** GetPromiseResolve(promiseConstructor). */
function promiseResolveOf(Class: unknown): AnyFunction {
  const { resolve } = Class as { resolve: unknown };
  if (!isCallable(resolve)) throw new TypeError("Promise resolve function is not callable");
  return resolve;
}

/** A function for one element, which works the first time only. */
function once(take: (value: unknown) => void, remaining: Remaining): AnyFunction {
  let called = false;
  return (value: unknown) => {
    if (called) return;
    called = true;
    take(value);
    remaining.less();
  };
}

/** Two functions for one element, of which the first call works. */
function settledOnce(
  take: (result: PromiseSettledResult<unknown>) => void,
  remaining: Remaining,
): [AnyFunction, AnyFunction] {
  let called = false;
  return [
    (value: unknown) => {
      if (called) return;
      called = true;
      take({ status: "fulfilled", value });
      remaining.less();
    },
    (reason: unknown) => {
      if (called) return;
      called = true;
      take({ status: "rejected", reason });
      remaining.less();
    },
  ];
}

function aggregate(errors: unknown[]): AggregateError {
  const error = new AggregateError([], "All promises were rejected");
  Object.defineProperty(error, "errors", { value: errors, writable: true, enumerable: false, configurable: true });
  return error;
}
