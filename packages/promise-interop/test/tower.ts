import {
  FuturePromise,
  futureFromPromise,
  type PromiseClass,
  PromiseFuture,
  promiseFromFuture,
} from "@tsyncio/promise-interop";

/**
 * The tower: our Future at the bottom, a promise made of it, a future made of that promise, and so on.
 *
 * Odd storeys are promises, even ones are futures.
 */
const secondStorey = futureFromPromise(FuturePromise);
const thirdStorey = promiseFromFuture(secondStorey);
const fourthStorey = futureFromPromise(thirdStorey);
const fifthStorey = promiseFromFuture(fourthStorey);

/** Every promise class the suites run over, by name. */
export const promises: Record<string, PromiseClass> = {
  "a promise of our Future": FuturePromise,
  "a promise of a future of that": thirdStorey,
  "a promise of a future of a promise of a future of that": fifthStorey,
  "a promise of a future of the native promise": promiseFromFuture(PromiseFuture),
};

/** Every future class the contract runs over, by name. */
export const futures = {
  PromiseFuture,
  "a future of a promise of our Future": secondStorey,
  "a future of a promise of a future of a promise of our Future": fourthStorey,
};
