/**
 * The driver's side of the suspension protocol: what a coroutine yields, and how it is resumed.
 *
 * A coroutine suspends with one of three steps, and a driver tells them apart by these functions:
 *
 * - of a future (`isAwaiting` in `@tsyncio/future/waiting`; `step.value` is the future): resume me when it is done;
 * - a checkpoint (`isCheckpoint`): resume me in the next turn;
 * - a call of a coroutine: run it, and resume me with its result. `resume` does this itself; a driver never sees it.
 *
 * Anything else is a mistake, and is answered by throwing `badYield()` into the coroutine. Each step is a single
 * object: the iterator `yield*` iterates, the iterator result the engine reads, and what the driver gets.
 *
 * @packageDocumentation
 */
export { remedy, toCoroutine } from "./awaitable.ts";
export { checkpoint, isCheckpoint } from "./checkpoint.ts";
export { badYield, type Resumable, resume, type Step, stackOf } from "./coroutine.ts";
