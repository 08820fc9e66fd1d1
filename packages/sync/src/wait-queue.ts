import { Future } from "@tsyncio/future";
import type { EventLoop } from "@tsyncio/loop";

/** A future in a `WaitQueue`: it is woken by its result, and stops waiting when it is cancelled. */
export class Waiter extends Future<void> {
  /** The queue it was put into. @internal */
  readonly _queue: WaitQueue;
  /** Itself when it stands in the queue no more. @internal */
  _previous: Waiter | null = null;
  /** @internal */
  _next: Waiter | null = null;

  /** @internal */
  constructor(loop: EventLoop, queue: WaitQueue) {
    super(undefined, loop);
    this._queue = queue;
  }

  /** What is waited for: a lock, a queue … */
  get resource(): object {
    return this._queue.resource;
  }

  /** Whether it was woken rather than cancelled. */
  get woken(): boolean {
    return this.done() && !this.cancelled();
  }
}

/**
 * Waiters in the order they came: a doubly linked list threaded through the waiters themselves.
 *
 * ```text
 *   _first                 _live                  _pending                _last
 *     ↓                      ↓                       ↓                      ↓
 *   cancelled ⇄ cancelled ⇄ woken ⇄ cancelled ⇄ pending ⇄ cancelled ⇄ pending
 * ```
 *
 * A waiter that is woken or cancelled stands in the queue until its task has run, and the rules of fairness look at
 * such waiters too. To find the first one that matters without walking past all others each time, two cursors
 * remember how far everything is known to be cancelled (`_live`) or done (`_pending`). Both only ever move forward,
 * because a future that is done stays so: every operation costs O(1), counted over the life of the waiters.
 */
export class WaitQueue implements Iterable<Waiter> {
  /** What is waited for here. */
  readonly resource: object;
  private _first: Waiter | null = null;
  private _last: Waiter | null = null;
  /** Everyone before it is cancelled. Null: everyone is. */
  private _live: Waiter | null = null;
  /** Everyone before it is done. Null: everyone is. */
  private _pending: Waiter | null = null;
  private _length = 0;

  constructor(resource: object) {
    this.resource = resource;
  }

  /** How many stand in the queue, those woken or cancelled whose task has not run since included. */
  get length(): number {
    return this._length;
  }

  /** The one that came first, or null. */
  get first(): Waiter | null {
    return this._first;
  }

  /** Puts a new waiter at the end. Whoever adds one removes it, whatever happens. */
  add(loop: EventLoop): Waiter {
    const waiter = new Waiter(loop, this);
    waiter._previous = this._last;
    if (this._last === null) this._first = waiter;
    else this._last._next = waiter;
    this._last = waiter;
    this._live ??= waiter;
    this._pending ??= waiter;
    this._length++;
    return waiter;
  }

  /** Takes a waiter out, wherever it stands; false when it is no longer here. */
  remove(waiter: Waiter): boolean {
    const { _previous: previous, _next: next } = waiter;
    if (waiter._queue !== this || previous === waiter) return false;
    if (previous === null) this._first = next;
    else previous._next = next;
    if (next === null) this._last = previous;
    else next._previous = previous;
    if (this._live === waiter) this._live = next;
    if (this._pending === waiter) this._pending = next;
    waiter._previous = waiter;
    waiter._next = null;
    this._length--;
    return true;
  }

  /** Whether anyone here is not cancelled: pending, or woken and about to run. */
  hasLive(): boolean {
    while (this._live?.cancelled()) this._live = this._live._next;
    return this._live !== null;
  }

  /** Wakes the first who is pending, and leaves it in the queue; false when there is none. */
  wakeNext(): boolean {
    while (this._pending?.done()) this._pending = this._pending._next;
    if (this._pending === null) return false;
    this._pending.setResult(undefined);
    return true;
  }

  /** Wakes everyone who is pending, and leaves them in the queue. */
  wakeAll(): void {
    while (this.wakeNext());
  }

  /** Takes waiters out from the front up to the first who is pending, and wakes that one; false when there is none. */
  shiftNext(): boolean {
    for (let waiter = this._first; waiter !== null; waiter = this._first) {
      this.remove(waiter);
      if (waiter.done()) continue;
      waiter.setResult(undefined);
      return true;
    }
    return false;
  }

  /** Takes everyone out, and wakes those who are pending. */
  shiftAll(): void {
    while (this.shiftNext());
  }

  /** Those who wait, the first to come first. */
  *[Symbol.iterator](): Generator<Waiter, void, undefined> {
    for (let waiter = this._first; waiter !== null; waiter = waiter._next) yield waiter;
  }
}
