import { isFuture } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import {
  type Coroutine,
  type CoroutineGenerator,
  GeneratorCoroutine,
  isGenerator,
  type Resumable,
  toFrame,
} from "./coroutine.ts";

const GeneratorFunction = function* () {}.constructor as GeneratorFunctionConstructor;

/** A function whose call gives a Coroutine, and runs nothing. */
export type CoroutineFunction<A extends unknown[], T> = (...args: A) => Coroutine<T>;

/**
 * Makes a coroutine function out of a generator function: its calls give Coroutines with a name, that cost the same to
 * resume however deep they are nested, and that are listed in stacks and call graphs.
 *
 * A raw generator function is a coroutine function too; its calls have no name, and what it awaits with `yield*` of
 * other raw generators is one opaque frame with it.
 *
 * Inside it, the name of the generator function is the raw one: to recurse, call the constant the result is kept in.
 *
 * Python counterpart: `async def`.
 */
export function coroutine<A extends unknown[], T, This = unknown>(
  generatorFunction: (this: This, ...args: A) => CoroutineGenerator<T>,
): (this: This, ...args: A) => Coroutine<T> {
  if (typeof generatorFunction !== "function") {
    throw new TypeError(`coroutine() expects a generator function, got ${showResult(generatorFunction)}`);
  }
  const name = generatorFunction.name || "anonymous";
  // The calls of a genuine generator function need not be looked at.
  const genuine = Object.getPrototypeOf(generatorFunction) === GeneratorFunction.prototype;
  function coroutineFunction(this: This): Coroutine<T> {
    // `arguments` handed straight on is never made into an array.
    // biome-ignore lint/complexity/noArguments: see above
    const generator = generatorFunction.apply(this, arguments as unknown as A);
    return genuine ? new GeneratorCoroutine<T>(generator, name) : madeOf<T>(generator, name);
  }
  Object.defineProperty(coroutineFunction, "name", { value: name, configurable: true });
  Object.defineProperty(coroutineFunction, "length", { value: generatorFunction.length, configurable: true });
  return coroutineFunction;
}

/** The coroutine of what a function gave that is no genuine generator function. */
function madeOf<T>(generator: unknown, name: string): Coroutine<T> {
  if (isResumable(generator)) return toFrame<T>(generator, name);
  throw new TypeError(`coroutine() expects a generator function, but ${name}() gave ${showResult(generator)}`);
}

/** Whether `value` is a generator, or works like one. A future does not, though `yield*` iterates it as it is. */
export function isResumable(value: unknown): value is Resumable<any> {
  if (isGenerator(value)) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Resumable<unknown>>).next === "function" &&
    typeof (value as Partial<Resumable<unknown>>).throw === "function" &&
    !isFuture(value)
  );
}
