import type { Coroutine, CoroutineGenerator } from "@tsyncio/coroutine";
import { describe } from "./describe.ts";
import { Finished, ImmediateCoroutine, LoopBound, WaitQueue } from "./wait-queue.ts";

/** What an event tells about itself. */
export interface EventStatistics {
  readonly set: boolean;
  /** How many tasks wait. */
  readonly waiting: number;
}

class Wait extends ImmediateCoroutine<true> {
  private readonly _event: Event;

  constructor(event: Event) {
    super("wait");
    this._event = event;
  }

  protected attempt(): Finished<true> | null {
    return this._event.isSet() ? new Finished(true) : null;
  }

  protected *generator(): CoroutineGenerator<true> {
    if (!this._event.isSet()) yield* this._event._queueUp();
    return true;
  }
}

/**
 * A flag tasks can wait for: `set()` wakes all of them, and lets everyone through until `clear()`.
 *
 * asyncio counterpart: `asyncio.Event`.
 */
export class Event extends LoopBound {
  private readonly _waiters = new WaitQueue(this);
  private _set = false;

  /** How many tasks wait. */
  get nWaiting(): number {
    return this._waiters.length;
  }

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
    return new Wait(this);
  }

  statistics(): EventStatistics {
    return { set: this._set, waiting: this._waiters.length };
  }

  override toString(): string {
    return describe(this, this._set ? "set" : "unset", this._waiters.length);
  }

  /** @internal */
  *_queueUp(): CoroutineGenerator<void> {
    const waiter = this._waiters.add(this._getLoop());
    try {
      yield* waiter;
    } finally {
      this._waiters.remove(waiter);
    }
  }
}
