/** Evaluated in each realm that a test runs in, so that its errors, arrays and functions are those of the test. */
import { FuturePromise, futureFromPromise, promiseFromFuture } from "@tsyncio/promise-interop";

/** The promise of a storey of the tower: 1 is made of our Future, 3 of a future of that promise, and so on. */
export function promiseOf(storey: number): unknown {
  let PromiseClass = FuturePromise;
  for (let height = 1; height < storey; height += 2) {
    PromiseClass = promiseFromFuture(futureFromPromise(PromiseClass));
  }
  return PromiseClass;
}
