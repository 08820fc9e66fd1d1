import { RuntimeError } from "@tsyncio/context";
import { captureContext } from "@tsyncio/context/registry";
import { type Awaitable, type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, type Suspension } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { getRunningLoop, type Handle } from "@tsyncio/loop";
import { awaitAny } from "./awaited.ts";
import { currentTask } from "./current-task.ts";
import { TimeoutError } from "./errors.ts";
import { checkBody } from "./scope-body.ts";
import type { Task } from "./task.ts";

type TimeoutState = "active" | "expiring" | "expired" | "finished";

/**
 * The deadline of the body that `timeout()` or `timeoutAt()` runs.
 *
 * asyncio counterpart: `asyncio.Timeout`.
 */
export class Timeout {
  private _state: TimeoutState = "active";
  private _timer: Handle | null = null;
  private _when: number | null;
  private readonly _task: Task<unknown>;
  /** The cancel requests that were there before: only one that came later can be this deadline's own. */
  private readonly _cancelling: number;
  /** From when it was made to its first deadline, if that is how this was given. */
  private _delayMs: number | null;

  /** @internal */
  constructor(whenMs: number | null, delayMs: number | null) {
    const task = currentTask(getRunningLoop());
    if (task === null) throw new RuntimeError("a timeout works by cancelling a task: use it inside one");
    this._task = task;
    this._cancelling = task.cancelling();
    this._delayMs = delayMs;
    this._when = whenMs;
    this._arm();
  }

  /** The deadline, in milliseconds of the loop's clock; null when there is none. */
  when(): number | null {
    return this._when;
  }

  /**
   * Moves the deadline, or with null takes it away. Does not suspend. A time that has passed already expires it in the
   * next turn.
   *
   * @throws RuntimeError when it has expired, or its body is over.
   */
  reschedule(whenMs: number | null): void {
    checkMs("reschedule", "whenMs", whenMs);
    if (this._state !== "active") {
      throw new RuntimeError(`cannot reschedule a timeout that is ${this._state}: ${this}`);
    }
    this._when = whenMs;
    this._delayMs = null;
    this._timer?.cancel();
    this._arm();
  }

  /** Whether the deadline passed while the body ran. */
  expired(): boolean {
    return this._state === "expiring" || this._state === "expired";
  }

  /** Its state, and when it expires. */
  toString(): string {
    return `<Timeout ${this._state}${this._state === "active" ? ` when=${this._when}` : ""}>`;
  }

  /** Ends the scope, and gives what to throw for `error`: a TimeoutError for a cancellation it has itself caused. @internal */
  _exit(failed: boolean, error: unknown): unknown {
    this._stop();
    if (this._state === "active") {
      this._state = "finished";
      return error;
    }
    this._state = "expired";
    // With no cancel request left but those from before, the CancelledError is the deadline's.
    if (this._task.uncancel() <= this._cancelling && failed && error instanceof CancelledError) {
      const whenMs = `at ${this._when} ms of the loop's clock`;
      return new TimeoutError(`timed out ${this._delayMs === null ? whenMs : `after ${this._delayMs} ms`}`, {
        cause: error,
      });
    }
    return error;
  }

  /** @internal */
  _stop(): void {
    this._timer?.cancel();
    this._timer = null;
  }

  private _arm(): void {
    const when = this._when;
    if (when === null || when === Number.POSITIVE_INFINITY) {
      this._timer = null;
      return;
    }
    const loop = getRunningLoop();
    this._timer =
      when <= loop.time()
        ? loop._callSoon(expire, this, captureContext())
        : loop._setTimer(when, expire, this, captureContext());
  }

  /** @internal */
  _expire(): void {
    this._task.cancel();
    this._state = "expiring";
    this._timer = null;
  }
}

function expire(scope: Timeout): void {
  scope._expire();
}

/**
 * Runs `body` with a deadline: when it passes, the body is cancelled, cleans up, and a TimeoutError is thrown in place
 * of the CancelledError. A cancellation from elsewhere stays what it is. Suspends as the body does; cancelling it
 * cancels the body. A null delay sets no deadline (yet: see `reschedule`).
 *
 * @throws TimeoutError when the deadline passed, and the body let its cancellation through.
 * asyncio counterpart: `async with asyncio.timeout(delay)`.
 *
 * @example
 * ```ts
 * const page = yield* timeout(1000, function* () {
 *   return yield* sleep(1, "a page");
 * });
 * console.log(page); // prints: a page
 * ```
 */
export const timeout: <T>(delayMs: number | null, body: (scope: Timeout) => Awaitable<T>) => Coroutine<T> = coroutine(
  function* timeout<T>(delayMs: number | null, body: (scope: Timeout) => Awaitable<T>) {
    checkMs("timeout", "delayMs", delayMs);
    checkBody("timeout", body);
    return yield* within(delayMs, body, "what the body of timeout() gives");
  },
);

/**
 * `timeout()` with a deadline on the loop's clock (`loop.time()`), in milliseconds.
 *
 * @throws TimeoutError when the deadline passed, and the body let its cancellation through.
 * asyncio counterpart: `async with asyncio.timeout_at(when)`.
 */
export const timeoutAt: <T>(whenMs: number | null, body: (scope: Timeout) => Awaitable<T>) => Coroutine<T> = coroutine(
  function* timeoutAt<T>(whenMs: number | null, body: (scope: Timeout) => Awaitable<T>) {
    checkMs("timeoutAt", "whenMs", whenMs);
    checkBody("timeoutAt", body);
    return yield* underDeadline(new Timeout(whenMs, null), body, "what the body of timeoutAt() gives");
  },
);

/** The inside of `timeout()`, for a coroutine that already has its own frame. */
export function within<T>(
  delayMs: number | null,
  body: (scope: Timeout) => Awaitable<T>,
  what: string,
): Generator<Suspension, T, unknown> {
  const when = delayMs === null ? null : getRunningLoop().time() + delayMs;
  return underDeadline(new Timeout(when, delayMs), body, what);
}

function* underDeadline<T>(
  scope: Timeout,
  body: (scope: Timeout) => Awaitable<T>,
  what: string,
): Generator<Suspension, T, unknown> {
  let failed = true;
  let error: unknown;
  try {
    const result = yield* awaitAny(body(scope), what);
    failed = false;
    return result;
  } catch (thrown) {
    error = thrown;
    throw thrown;
  } finally {
    const outcome = scope._exit(failed, error);
    // biome-ignore lint/correctness/noUnsafeFinally: a cancellation of our own becomes a TimeoutError on the way out
    if (failed && outcome !== error) throw outcome;
  }
}

/** @throws TypeError, RangeError when `value` is neither null nor a number of milliseconds. */
export function checkMs(caller: string, name: string, value: unknown): void {
  if (value === null) return;
  if (typeof value !== "number") {
    throw new TypeError(`${caller}() expects ${name} in milliseconds, or null for no limit, got ${showResult(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`${caller}() expects ${name} in milliseconds, got NaN`);
}
