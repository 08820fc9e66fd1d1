import type { Coroutine } from "@tsyncio/coroutine";
import { describe } from "./describe.ts";
import { LoopBound, mustWait, WaitInQueue, WaitQueue, type Way } from "./waiting.ts";

/** What an event tells about itself. */
export interface EventStatistics {
  readonly set: boolean;
  /** How many tasks wait. */
  readonly waiting: number;
}

const waiting: Way<Event, undefined, true> = {
  name: "wait",
  attempt: (event) => (event.isSet() ? true : mustWait),
  queueUp: (event) => event._waiters.add(event._getLoop()),
  // The event may have been cleared since.
  goOn(event, _argument, waiter) {
    event._waiters.remove(waiter);
    return true;
  },
  giveUp: (event, waiter) => void event._waiters.remove(waiter),
};

/**
 * A flag tasks can wait for: `set()` wakes all of them, and lets everyone through until `clear()`.
 *
 * asyncio counterpart: `asyncio.Event`.
 */
export class Event extends LoopBound {
  /** @internal */
  readonly _waiters = new WaitQueue(this);
  private _set = false;

  /** How many tasks wait. */
  get nWaiting(): number {
    return this._waiters.length;
  }

  /** Whether it is set. */
  isSet(): boolean {
    return this._set;
  }

  /** Raises the flag and wakes everyone who waits. Does not suspend. */
  set(): void {
    if (this._set) return;
    this._set = true;
    this._waiters.wakeAll();
  }

  /** Lowers the flag: whoever waits from now on waits for the next `set()`. Does not suspend. */
  clear(): void {
    this._set = false;
  }

  /** Suspends until the flag is raised; not at all when it is. Gives true. Cancelling it stops the waiting. */
  wait(): Coroutine<true> {
    return new WaitInQueue(waiting, this, undefined);
  }

  /** Whether it is set, and how many wait. */
  statistics(): EventStatistics {
    return { set: this._set, waiting: this._waiters.length };
  }

  override toString(): string {
    return describe(this, this._set ? "set" : "unset", this._waiters.length);
  }
}
