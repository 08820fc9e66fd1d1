import { getEventLoop } from "@tsyncio/loop";
import type { Waiter } from "@tsyncio/sync/wait-queue";
import type { Queue } from "./queue.ts";

/**
 * Takes items out of a queue for an async function: `for await (const item of queue)`.
 *
 * It waits on the queue's loop, which is the running or the default one if nobody has waited for the queue yet.
 */
export class OutsideIterator<T> implements AsyncIterableIterator<T> {
  private readonly _queue: Queue<T>;
  private readonly _waiters = new Set<Waiter>();
  private _returned = false;

  constructor(queue: Queue<T>) {
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

  private async _wait(): Promise<void> {
    const queue = this._queue;
    queue._loop ??= getEventLoop();
    const getter = queue._addGetter(queue._loop);
    this._waiters.add(getter);
    try {
      await getter;
    } catch (error) {
      if (!this._returned) throw error;
    } finally {
      this._waiters.delete(getter);
      if (this._returned) queue._removeGetter(getter);
    }
  }
}
