/**
 * The driver's side of the suspension protocol: what a coroutine yields, and how it is resumed.
 *
 * A coroutine suspends with one of three steps:
 *
 * - of a future: resume me when it is done. `waitOf(step)` is the future;
 * - a checkpoint: resume me in the next turn. `waitOf(step)` is null;
 * - a call of a coroutine: run it, and resume me with its result. `resume` does this itself; a driver never sees it.
 *
 * Anything else (`waitOf(step)` is undefined) is a mistake, and is answered by throwing `badYield()` into the coroutine. A
 * step is the iterator result that the engine reads and hands on: the driver looks at it before it does anything else,
 * since one may serve all awaits.
 *
 * @packageDocumentation
 */
export { remedy, toCoroutine } from "./awaitable.ts";
export { checkpoint } from "./checkpoint.ts";
export {
  badYield,
  created,
  failure,
  GeneratorCoroutine,
  isGenerator,
  type Resumable,
  resume,
  type Step,
  stackOf,
  takeError,
  waitOf,
} from "./coroutine.ts";
export { isResumable } from "./coroutine-function.ts";
export { delegateTo } from "./delegate.ts";
export { Frameless, Leaf } from "./leaf.ts";
