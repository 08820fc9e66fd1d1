import { type EventLoop, getEventLoop } from "@tsyncio/loop";
import type { Waiter } from "@tsyncio/sync/wait-queue";

/** What is needed of a queue to take items out of it. */
interface Exit<T> {
  readonly isShutDown: boolean;
  empty(): boolean;
  getNowait(): T;
  _addGetter(loop: EventLoop): Waiter;
  _removeGetter(getter: Waiter): void;
}

/**
 * Takes items out of a queue for an async function: `for await (const item of queue)`.
 *
 * It waits on the default loop, whichever the queue's own is: the loops of a thread may wake each other, and the one
 * of a `run()` may be closed while the async function still waits.
 */
export class OutsideIterator<T> implements AsyncIterableIterator<T> {
  private readonly _queue: Exit<T>;
  private readonly _waiters = new Set<Waiter>();
  private _returned = false;

  constructor(queue: Exit<T>) {
    this._queue = queue;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const queue = this._queue;
    while (!this._returned) {
      if (!queue.empty()) return { done: false, value: queue.getNowait() };
      if (queue.isShutDown) break;
      await this._wait();
    }
    return { done: true, value: undefined };
  }

  /** Stops the waiting: every pending `next()` ends. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this._returned = true;
    for (const waiter of this._waiters) waiter.cancel();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Waits until it is woken, maybe in vain, or returned. */
  private async _wait(): Promise<void> {
    const getter = this._queue._addGetter(getEventLoop());
    this._waiters.add(getter);
    await new Promise<void>((resolve) => getter.addDoneCallback(() => resolve()));
    this._waiters.delete(getter);
    if (this._returned) this._queue._removeGetter(getter);
  }
}
