import { captureContext } from "@tsyncio/context/registry";
import type { Coroutine } from "@tsyncio/coroutine";
import { created, Leaf } from "@tsyncio/coroutine/protocol";
import { Future } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { getRunningLoop, type TimerHandle } from "@tsyncio/loop";

/**
 * Suspends for `delayMs` milliseconds, and gives `result`. With 0 it gives way: everything that is ready runs first.
 * Cancelling it takes the timer away.
 *
 * @throws TypeError when the delay is no number; RangeError when it is NaN.
 * asyncio counterpart: `asyncio.sleep`.
 */
export function sleep(delayMs: number): Coroutine<void>;
export function sleep<T>(delayMs: number, result: T): Coroutine<T>;
export function sleep(delayMs: number, result?: unknown): Coroutine<unknown> {
  if (typeof delayMs !== "number") {
    throw new TypeError(`sleep() expects a delay in milliseconds, a number, got ${showResult(delayMs)}`);
  }
  if (Number.isNaN(delayMs)) throw new RangeError("sleep() expects a delay in milliseconds, got NaN");
  if (delayMs > 0) return new Sleep(delayMs, result);
  return result === undefined ? new Pause() : new PauseWithResult(result);
}

/** `sleep(0)`: a turn of the loop. Without a field for a result, which few ask for, a switch takes 1 to 5 % less. */
class Pause extends Leaf<unknown> {
  get name(): string {
    return "sleep";
  }

  /** @internal */
  _state: number = created;
  /** Read by the engine. @internal */
  done = false;
  /** Read by the engine. @internal */
  value: unknown = undefined;

  constructor() {
    super();
    this._made();
  }

  protected _begin(): null {
    return null;
  }

  protected _end(): unknown {
    return undefined;
  }
}

/** `sleep(0, result)`. */
class PauseWithResult extends Pause {
  private readonly _result: unknown;

  constructor(result: unknown) {
    super();
    this._result = result;
  }

  protected override _end(): unknown {
    return this._result;
  }
}

class Sleep extends Leaf<unknown> {
  get name(): string {
    return "sleep";
  }

  /** @internal */
  _state: number = created;
  /** Read by the engine. @internal */
  done = false;
  /** Read by the engine. @internal */
  value: unknown = undefined;
  private readonly _result: unknown;
  /** The delay in milliseconds; once it has begun, the timer. */
  private _timing: number | TimerHandle;

  constructor(delayMs: number, result: unknown) {
    super();
    this._result = result;
    this._timing = delayMs;
    this._made();
  }

  protected _begin(): Future<unknown> {
    const loop = getRunningLoop();
    const future = new Future<unknown>(undefined, loop);
    this._timing = loop._setTimer(loop.time() + (this._timing as number), wake, future, captureContext());
    return future;
  }

  protected _end(): unknown {
    // The result of a wait that was cut short is the error it was cut short with.
    (this.value as Future<unknown>).result();
    return this._result;
  }

  protected override _abandon(): void {
    (this._timing as TimerHandle).cancel();
  }
}

/** A promise's own "succeeded" hook, as it were, handed to a timer. */
function wake(future: Future<unknown>): void {
  if (!future.done()) future.setResult(undefined);
}
