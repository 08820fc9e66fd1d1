import { futureFromPromise, type PromisedFutureClass } from "./future-from-promise.ts";

/** A Future built on nothing but the platform's Promise. */
export const PromiseFuture: PromisedFutureClass = /* @__PURE__ */ futureFromPromise(Promise);
