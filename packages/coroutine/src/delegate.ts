import type { Suspension } from "@tsyncio/future";
import { type GeneratorMethods, generatorMethods, isGenerator } from "./coroutine.ts";

const { next, throw: throwInto, return: returnFrom }: GeneratorMethods = generatorMethods;

/**
 * `yield* delegateTo(body())` is `yield* body()`, for bodies that are written in place: `timeout(100, function* () {…})`.
 * Each such function gives generators of a shape of their own, and the engine, which finds the methods of a generator by its
 * shape, would search anew each time; a timeout then takes nearly twice as long.
 */
export function delegateTo<T>(awaitable: Iterable<Suspension, T, unknown>): Iterable<Suspension, T, unknown> {
  return isGenerator(awaitable) ? new Delegation<T>(awaitable) : awaitable;
}

/** Iterates a generator by the methods all generators share. */
class Delegation<T> implements Iterable<Suspension, T, unknown>, Iterator<Suspension, T, unknown> {
  private readonly _generator: Generator<Suspension, T, unknown>;

  constructor(generator: Generator<Suspension, T, unknown>) {
    this._generator = generator;
  }

  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return this;
  }

  next(value?: unknown): IteratorResult<Suspension, T> {
    return next.call(this._generator, value);
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    return throwInto.call(this._generator, error);
  }

  return(value?: T): IteratorResult<Suspension, T> {
    return returnFrom.call(this._generator, value);
  }
}
