import { RuntimeError } from "@tsyncio/context";
import type { Coroutine } from "@tsyncio/coroutine";
import { acquiring, type PermitSource } from "./acquire.ts";
import { describe } from "./describe.ts";
import { type Body, hold } from "./hold.ts";
import type { Permit } from "./permit.ts";
import { permits } from "./permits.ts";
import { LoopBound, type Waiter, WaitInQueue, WaitQueue } from "./waiting.ts";

/** What a lock tells about itself. */
export interface LockStatistics {
  readonly locked: boolean;
  /** How many tasks wait. */
  readonly waiting: number;
}

/**
 * A lock one task has at a time; whoever waits gets it in the order of asking.
 *
 * asyncio counterpart: `asyncio.Lock`.
 */
export class Lock extends LoopBound implements PermitSource {
  private readonly _waiters = new WaitQueue(this);
  private _locked = false;

  /** How many tasks wait. */
  get nWaiting(): number {
    return this._waiters.length;
  }

  /** Whether somebody holds it. */
  locked(): boolean {
    return this._locked;
  }

  /** Suspends until the lock is free, and takes it. Cancelling it stops the waiting, and never loses the lock. */
  acquire(): Coroutine<Permit> {
    return new WaitInQueue(acquiring, this, undefined);
  }

  /**
   * Gives the lock back, and wakes whoever is first. Does not suspend.
   *
   * @throws RuntimeError when nobody has the lock.
   */
  release(): void {
    if (!this._locked) throw new RuntimeError("Lock is not acquired.");
    this._locked = false;
    permits.returned(this);
    this._wakeFirst();
  }

  /** Runs `body` while it has the lock, and gives what it gives. asyncio counterpart: `async with lock`. */
  hold<T>(body: Body<T>): Coroutine<T> {
    return hold(this, body);
  }

  /** Whether it is held, and how many wait. */
  statistics(): LockStatistics {
    return { locked: this._locked, waiting: this._waiters.length };
  }

  override toString(): string {
    return describe(this, this._locked ? "locked" : "unlocked", this._waiters.length);
  }

  /** Takes the lock if it is free and nobody is in front. @internal */
  _take(): boolean {
    if (this._locked || this._waiters.hasLive()) return false;
    this._locked = true;
    return true;
  }

  /** @internal */
  _queueUp(): Waiter {
    return this._waiters.add(this._getLoop());
  }

  /** @internal */
  _woken(waiter: Waiter): void {
    this._waiters.remove(waiter);
    this._locked = true;
  }

  /** Cancelled after it was woken, it was to have the lock: whoever is first now gets it. @internal */
  _gaveUp(waiter: Waiter): void {
    this._waiters.remove(waiter);
    this._wakeFirst();
  }

  /**
   * Wakes the first in the queue if the lock is free. Nobody else: a first one that is already woken is about to
   * take the lock, and one that is cancelled comes here itself when its task runs.
   */
  private _wakeFirst(): void {
    if (this._locked) return;
    const first = this._waiters.first;
    if (first !== null && !first.done()) first.setResult(undefined);
  }
}
