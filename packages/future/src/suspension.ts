declare const suspension: unique symbol;

/**
 * What a coroutine hands to its driver when it suspends: a future, a checkpoint or a coroutine. Users never make one;
 * they write `yield*`. A bare `yield` of anything else is an error of types, and one at run time.
 */
export interface Suspension {
  readonly [suspension]: true;
}
