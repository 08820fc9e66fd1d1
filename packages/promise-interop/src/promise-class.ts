import type { EventLoop } from "@tsyncio/loop";

/** What a promise needs of the future it is built on: the publishing half and the subscribing half. */
export interface FutureInstance {
  done(): boolean;
  result(): unknown;
  exception(): unknown;
  setResult(value: unknown): void;
  setException(exception: unknown): void;
  addDoneCallback(callback: () => void): void;
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

  all<T extends readonly unknown[] | []>(values: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  all<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>[]>;
  allSettled<T extends readonly unknown[] | []>(
    values: T,
  ): Promise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>;
  allSettled<T>(values: Iterable<T | PromiseLike<T>>): Promise<PromiseSettledResult<Awaited<T>>[]>;
  any<T extends readonly unknown[] | []>(values: T): Promise<Awaited<T[number]>>;
  any<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>;
  race<T extends readonly unknown[] | []>(values: T): Promise<Awaited<T[number]>>;
  race<T>(values: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>;
  /** `all` for the values of an object's own enumerable keys. */
  allKeyed<T extends object>(values: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  /** `allSettled` for the values of an object's own enumerable keys. */
  allSettledKeyed<T extends object>(
    values: T,
  ): Promise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>;
  resolve(): Promise<void>;
  resolve<T>(value: T): Promise<Awaited<T>>;
  reject<T = never>(reason?: unknown): Promise<T>;
  try<T, A extends readonly unknown[]>(callback: (...args: A) => T | PromiseLike<T>, ...args: A): Promise<Awaited<T>>;
  withResolvers<T>(): {
    promise: Promise<T>;
    resolve: (value: T | PromiseLike<T>) => void;
    reject: (reason?: unknown) => void;
  };
}
