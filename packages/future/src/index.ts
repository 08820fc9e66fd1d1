export { futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "./awaited-by.ts";
export { CancelledError, InvalidStateError } from "./errors.ts";
export { type DoneCallbackOptions, Future, type FutureOptions, type FutureState, isFuture } from "./future.ts";
export type { Suspension } from "./suspension.ts";
