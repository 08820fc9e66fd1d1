import { Future } from "@tsyncio/future";
import type { PromiseClass } from "./promise-class.ts";
import { promiseFromFuture } from "./promise-from-future.ts";

/** ECMAScript's Promise, built on nothing but our Future. Its jobs run on our loop. */
export const FuturePromise: PromiseClass = /* @__PURE__ */ promiseFromFuture(Future as never);
