export type { Awaitable, CoroutineLike } from "./awaitable.ts";
export { Coroutine, type CoroutineGenerator, type CoroutineState, isCoroutine } from "./coroutine.ts";
export { type CoroutineFunction, coroutine } from "./coroutine-function.ts";
export { CoroutineRunningError, GeneratorExit } from "./errors.ts";
export { fromAsync } from "./from-async.ts";
export { type CoroutineIterator, fromAsyncIterable } from "./from-async-iterable.ts";
export { type CallbackStarter, fromCallback, fromNodeCallback } from "./from-callback.ts";
