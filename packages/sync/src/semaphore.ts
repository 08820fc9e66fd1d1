import type { Coroutine } from "@tsyncio/coroutine";
import { acquiring, type PermitSource } from "./acquire.ts";
import { describe } from "./describe.ts";
import { type Body, hold } from "./hold.ts";
import type { Permit } from "./permit.ts";
import { permits } from "./permits.ts";
import { LoopBound, type Waiter, WaitInQueue, WaitQueue } from "./waiting.ts";

/** What a semaphore tells about itself. */
export interface SemaphoreStatistics {
  /** How many permits are free. */
  readonly value: number;
  /** How many tasks wait. */
  readonly waiting: number;
}

/**
 * A number of permits; whoever asks when there is none waits, and gets one in the order of asking.
 *
 * asyncio counterpart: `asyncio.Semaphore`.
 */
export class Semaphore extends LoopBound implements PermitSource {
  private readonly _waiters = new WaitQueue(this);
  /** How many permits are free. */
  protected _value: number;

  /** @throws RangeError when `value` is negative. */
  constructor(value = 1) {
    super();
    if (!Number.isInteger(value)) {
      throw new TypeError(`${new.target.name} expects a whole number of permits, got ${String(value)}`);
    }
    if (value < 0) throw new RangeError("Semaphore initial value must be >= 0");
    this._value = value;
  }

  /** How many tasks wait. */
  get nWaiting(): number {
    return this._waiters.length;
  }

  /** Whether `acquire()` would suspend: no permit is free, or others are in front. */
  locked(): boolean {
    return this._value === 0 || this._waiters.hasLive();
  }

  /** Suspends until a permit is free, and takes it. Cancelling it stops the waiting, and never loses a permit. */
  acquire(): Coroutine<Permit> {
    return new WaitInQueue(acquiring, this, undefined);
  }

  /** Gives a permit back, and wakes the next who waits. Does not suspend. */
  release(): void {
    this._value++;
    permits.returned(this);
    this._wakeNext();
  }

  /** Runs `body` while it has a permit, and gives what it gives. asyncio counterpart: `async with semaphore`. */
  hold<T>(body: Body<T>): Coroutine<T> {
    return hold(this, body);
  }

  /** How many permits are left, and how many wait. */
  statistics(): SemaphoreStatistics {
    return { value: this._value, waiting: this._waiters.length };
  }

  override toString(): string {
    return describe(this, this.locked() ? "locked" : `unlocked, value:${this._value}`, this._waiters.length);
  }

  /** Takes a permit if one is free and nobody is in front. @internal */
  _take(): boolean {
    if (this.locked()) return false;
    this._value--;
    return true;
  }

  /** @internal */
  _queueUp(): Waiter {
    return this._waiters.add(this._getLoop());
  }

  /** @internal */
  _woken(waiter: Waiter): void {
    this._waiters.remove(waiter);
    this._wakeThoseBehind();
  }

  /** Whoever wakes a waiter takes the permit for it: cancelled after that, it gives the permit back. @internal */
  _gaveUp(waiter: Waiter): void {
    this._waiters.remove(waiter);
    if (waiter.woken) this._value++;
    this._wakeThoseBehind();
  }

  /** While one stood in front, others had to queue up although there were permits. */
  private _wakeThoseBehind(): void {
    while (this._value > 0 && this._wakeNext());
  }

  /** Hands a permit to the next who waits; false when nobody does. */
  private _wakeNext(): boolean {
    if (!this._waiters.wakeNext()) return false;
    this._value--;
    return true;
  }
}

/**
 * A semaphore that refuses to have more permits than in the beginning: one `release()` too many throws.
 *
 * asyncio counterpart: `asyncio.BoundedSemaphore`.
 */
export class BoundedSemaphore extends Semaphore {
  private readonly _bound: number;

  constructor(value = 1) {
    super(value);
    this._bound = value;
  }

  /**
   * Gives a permit back, and wakes the next who waits. Does not suspend.
   *
   * @throws RangeError when it was released more often than acquired.
   */
  override release(): void {
    if (this._value >= this._bound) throw new RangeError("BoundedSemaphore released too many times");
    super.release();
  }
}
