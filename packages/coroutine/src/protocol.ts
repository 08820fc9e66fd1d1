/**
 * The driver's side of the suspension protocol: what a coroutine yields, and how it is resumed.
 *
 * `resume` and `throwInto` run a coroutine until it suspends or ends, and give
 *
 * - a future: resume it when that is done;
 * - null: resume it in the next turn, of which the driver was told already;
 * - a step with `done: true`: its result;
 * - `failure`: it has failed, and `takeError()` gives the error;
 * - any other step: what it has yielded by mistake. That is answered by throwing `badYield()` into it.
 *
 * That a coroutine calls another a driver never sees.
 *
 * @packageDocumentation
 */
export { remedy, toCoroutine } from "./awaitable.ts";
export { checkpoint } from "./checkpoint.ts";
export {
  badYield,
  created,
  type Driver,
  failure,
  GeneratorCoroutine,
  isGenerator,
  type Outcome,
  type Resumable,
  resume,
  type Step,
  stackOf,
  takeError,
  throwInto,
} from "./coroutine.ts";
export { isResumable } from "./coroutine-function.ts";
export { delegateTo } from "./delegate.ts";
export { Frameless, Leaf } from "./leaf.ts";
