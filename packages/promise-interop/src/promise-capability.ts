import { type AnyFunction, type Constructor, isCallable } from "./abstract-operations.ts";

/** A promise, and the two functions that settle it: PromiseCapability Record. */
export interface PromiseCapability {
  promise: unknown;
  resolve: AnyFunction;
  reject: AnyFunction;
}

/** NewPromiseCapability(C), for a constructor that is not our own. */
export function newPromiseCapability(Class: unknown): PromiseCapability {
  let resolve: unknown;
  let reject: unknown;
  // An array keeps the function anonymous, as the specification has it.
  const [executor] = [
    (resolveFunction: unknown, rejectFunction: unknown) => {
      if (resolve !== undefined || reject !== undefined) {
        throw new TypeError("Promise executor has already been invoked with non-undefined arguments");
      }
      resolve = resolveFunction;
      reject = rejectFunction;
    },
  ];
  const promise = new (Class as Constructor)(executor);
  if (!isCallable(resolve) || !isCallable(reject)) {
    throw new TypeError("Promise resolve or reject function is not callable");
  }
  return { promise, resolve, reject };
}
