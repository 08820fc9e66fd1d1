/**
 * Thrown into a coroutine by `close()`, so that its `finally` blocks run. Let it pass.
 *
 * Python counterpart: `GeneratorExit`.
 */
export class GeneratorExit extends Error {
  override name = "GeneratorExit";

  constructor() {
    super("the coroutine is being closed");
  }
}

/** A coroutine was resumed while it was running. Python counterpart: `ValueError("coroutine already executing")`. */
export class CoroutineRunningError extends Error {
  override name = "CoroutineRunningError";

  constructor(coroutine: unknown) {
    super(`coroutine already executing: ${coroutine}`);
  }
}
