import type { EventLoop } from "@tsyncio/loop";

/** What a promise needs of the future it is built on: the publishing half and the subscribing half. */
export interface FutureInstance {
  /** Whether it has a result, or an error. */
  done(): boolean;
  /** The result; throws the error. */
  result(): unknown;
  /** The error, or null. */
  exception(): unknown;
  /** Publishes a result. */
  setResult(value: unknown): void;
  /** Publishes an error. */
  setException(exception: unknown): void;
  /** Has a function called when it is done, in a turn of its loop. */
  addDoneCallback(callback: () => void): void;
  /** The loop its callbacks run on. */
  getLoop(): EventLoop;
}

/** A class of futures that promises can be built on: `Future`, `PromiseFuture`, or any with these methods. */
export interface FutureClass {
  new (options?: { readonly loop?: EventLoop }): FutureInstance;
  readonly prototype: FutureInstance;
}

/** A Promise class that is complete to the ECMAScript specification, with the proposals for keyed combinators. */
export interface PromiseClass {
  new <T>(
    executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void,
  ): Promise<T>;
  readonly prototype: Promise<any>;
  readonly [Symbol.species]: PromiseClass;

  /** As `Promise.all`. */
  all<T extends readonly unknown[] | []>(values: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  /** As `Promise.all`. */
  all<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>[]>;
  /** As `Promise.allSettled`. */
  allSettled<T extends readonly unknown[] | []>(
    values: T,
  ): Promise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>;
  /** As `Promise.allSettled`. */
  allSettled<T>(values: Iterable<T | PromiseLike<T>>): Promise<PromiseSettledResult<Awaited<T>>[]>;
  /** As `Promise.any`. */
  any<T extends readonly unknown[] | []>(values: T): Promise<Awaited<T[number]>>;
  /** As `Promise.any`. */
  any<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>;
  /** As `Promise.race`. */
  race<T extends readonly unknown[] | []>(values: T): Promise<Awaited<T[number]>>;
  /** As `Promise.race`. */
  race<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>;
  /** `all` for the values of an object's own enumerable keys. */
  allKeyed<T extends object>(values: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  /** `allSettled` for the values of an object's own enumerable keys. */
  allSettledKeyed<T extends object>(
    values: T,
  ): Promise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>;
  /** As `Promise.resolve`. */
  resolve(): Promise<void>;
  /** As `Promise.resolve`. */
  resolve<T>(value: T): Promise<Awaited<T>>;
  /** As `Promise.reject`. */
  reject<T = never>(reason?: unknown): Promise<T>;
  /** As `Promise.try`, on every platform. */
  try<T, A extends readonly unknown[]>(callback: (...args: A) => T | PromiseLike<T>, ...args: A): Promise<Awaited<T>>;
  /** As `Promise.withResolvers`, on every platform. */
  withResolvers<T>(): {
    /** The promise. */
    promise: Promise<T>;
    /** Publishes its result. */
    resolve: (value: T | PromiseLike<T>) => void;
    /** Publishes its error. */
    reject: (reason?: unknown) => void;
  };
}
