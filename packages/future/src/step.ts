import { registry } from "@tsyncio/context/registry";

/**
 * Marks what a coroutine may suspend with, in every loaded copy of the packages: an object whose `value` is the future
 * to wait for, or null for a turn of the loop.
 */
export const stepBrand: unique symbol = Symbol.for("tsyncio.Step") as never;

/** What the engine gets of an iterator, and the driver of a coroutine. */
interface Given {
  readonly done?: boolean;
  readonly value: unknown;
}

/**
 * Whether the engine's `yield*` hands on the very object that the inner iterator gave, as the specification says.
 * JavaScriptCore makes a new one, with the same value. There each step tells the registry that it is on its way, and the
 * driver looks there for the one it was given: so it is told from a bare `yield` of the same value.
 */
export const handsOn: boolean = (() => {
  const given = { done: false, value: undefined };
  function* delegating() {
    yield* { [Symbol.iterator]: () => ({ next: () => given }) } as Iterable<undefined>;
  }
  return (delegating().next() as unknown) === given;
})();

/** Lets the steps of a class tell that they are on their way, as their `next` does. */
export function announceSteps(prototype: { next(value?: unknown): object }): void {
  const { next } = prototype;
  Object.defineProperty(prototype, "next", {
    configurable: true,
    writable: true,
    value(value: unknown) {
      registry.step = next.call(this, value);
      return registry.step;
    },
  });
}

/** What `resume` is given by a generator: the step itself, when one told that it is on its way. */
export function handedOn<S extends Given>(resume: () => S): S {
  registry.step = null;
  const given = resume();
  const step = registry.step as S | null;
  registry.step = null;
  return step != null && step.done !== true && given.done !== true && step.value === given.value ? step : given;
}

/** The state of a coroutine that waits for something. A leaf is its own step: a driver knows it by that. */
export const suspended = 2;
/** The state of all other steps of a wait. */
export const awaiting = 4;

/** What `yield*` of a pending future suspends with. */
class AwaitStep implements Given {
  readonly done = false;
  /** @internal */
  readonly _state = awaiting;
  /** The future. */
  value: unknown = undefined;
}

Object.defineProperty(AwaitStep.prototype, stepBrand, { value: true });

/** How many waits one step serves: a power of two. */
const waitsPerStep = 256;
let waits = 0;
let current = new AwaitStep();

/**
 * The step of whoever waits for `future`. The driver reads it at once, so one could serve all; but it would be old, and the
 * engine's collector is told of each young object that is put into an old one: 4 % of a hand-over between tasks. So it is
 * replaced before it grows old. One for each would be kept, for nothing, by each generator that waits.
 */
export function awaitStepOf(future: unknown): AwaitStep {
  waits = (waits + 1) & (waitsPerStep - 1);
  if (waits === 0) current = new AwaitStep();
  const step = current;
  step.value = future;
  return step;
}
