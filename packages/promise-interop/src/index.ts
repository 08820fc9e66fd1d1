export { type FromPromiseOptions, fromPromise } from "./from-promise.ts";
export { toPromise } from "./to-promise.ts";
