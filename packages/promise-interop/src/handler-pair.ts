import type { AnyFunction } from "./abstract-operations.ts";

/** The handlers that `then` was given, when there is one for the error; most often there is only one for the result. */
export class HandlerPair {
  readonly onFulfilled: AnyFunction | undefined;
  readonly onRejected: AnyFunction;

  constructor(onFulfilled: AnyFunction | undefined, onRejected: AnyFunction) {
    this.onFulfilled = onFulfilled;
    this.onRejected = onRejected;
  }
}
