import type { Context } from "@tsyncio/context";
import type { Job } from "./job.ts";

/**
 * A call the loop is going to make. asyncio counterpart: `asyncio.Handle`.
 */
export class Handle implements Job {
  /** @internal */
  _cancelled = false;
  /** @internal */
  _context: Context;
  /** @internal */
  _callback: ((argument?: any) => unknown) | null;
  /** What the callback is called with. @internal */
  _argument: unknown;

  /** @internal */
  constructor(callback: (argument?: any) => unknown, argument: unknown, context: Context) {
    this._callback = callback;
    this._argument = argument;
    this._context = context;
  }

  /** Makes the loop forget the call. Calling it again, or after the call was made, does nothing. Does not suspend. */
  cancel(): void {
    if (this._cancelled) return;
    this._cancelled = true;
    // The callback may hold a great deal alive, and the handle may stay in a queue for long.
    this._callback = null;
    this._argument = undefined;
  }

  /** Whether `cancel()` was called. */
  cancelled(): boolean {
    return this._cancelled;
  }

  /** @internal */
  _run(): void {
    this._callback?.(this._argument);
  }

  toString(): string {
    return `<${this._describe()}>`;
  }

  /** @internal */
  protected _describe(): string {
    const state = this._cancelled ? " cancelled" : "";
    const name = this._callback === null ? "" : ` ${this._callback.name || "anonymous function"}()`;
    return `${this.constructor.name}${state}${name}`;
  }
}

/**
 * A call the loop is going to make at a time of its clock. asyncio counterpart: `asyncio.TimerHandle`.
 */
export class TimerHandle extends Handle {
  readonly #whenMs: number;
  /** The timers that hold it, or null: they are told when it is cancelled. @internal */
  _timers: { cancelled(timer: TimerHandle): void } | null = null;
  /** Where these put it when it came; others may have moved it since. @internal */
  _position = 0;

  /** @internal */
  constructor(whenMs: number, callback: (argument?: any) => unknown, argument: unknown, context: Context) {
    super(callback, argument, context);
    this.#whenMs = whenMs;
  }

  /** When it is due, in milliseconds of the loop's clock. */
  when(): number {
    return this.#whenMs;
  }

  override cancel(): void {
    if (!this._cancelled) this._timers?.cancelled(this);
    super.cancel();
  }

  /** @internal */
  protected override _describe(): string {
    return `${super._describe()} when=${this.#whenMs}`;
  }
}
