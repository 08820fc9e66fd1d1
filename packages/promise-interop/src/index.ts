export { abortSignalOf, type Cancellable, cancelOnAbort } from "./abort-signal.ts";
export { type FromPromiseOptions, fromPromise } from "./from-promise.ts";
export {
  futureFromPromise,
  type PromisedFuture,
  type PromisedFutureClass,
  type PromiseLikeClass,
} from "./future-from-promise.ts";
export { FuturePromise } from "./future-promise.ts";
export type { FutureClass, FutureInstance, PromiseClass } from "./promise-class.ts";
export { promiseFromFuture } from "./promise-from-future.ts";
export { PromiseFuture } from "./promise-future.ts";
export { toPromise } from "./to-promise.ts";
