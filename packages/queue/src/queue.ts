import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import type { EventLoop } from "@tsyncio/loop";
import { Event } from "@tsyncio/sync";
import { LoopBound, type Waiter, WaitInQueue, WaitQueue } from "@tsyncio/sync/wait-queue";
import { QueueEmpty, QueueFull, QueueShutDown } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { getting, putting } from "./get-put.ts";
import { OutsideIterator } from "./outside-iterator.ts";
import type { Store } from "./store.ts";

/** What a queue tells about itself. */
export interface QueueStatistics {
  /** How many items are in it. */
  readonly size: number;
  /** How many may be; 0 or less: as many as come. */
  readonly maxsize: number;
  /** How many tasks wait for an item. */
  readonly getters: number;
  /** How many tasks wait for room. */
  readonly putters: number;
  /** How many items were put for which `taskDone()` was not called yet. */
  readonly unfinished: number;
  readonly isShutDown: boolean;
}

const join = coroutine(function* join(queue: Queue<unknown>) {
  if (queue.statistics().unfinished > 0) yield* queue._finished.wait();
});

/**
 * Items on their way between tasks, first in, first out.
 *
 * An async function outside every task takes items with `for await (const item of queue)`, until the queue is shut
 * down and empty.
 *
 * asyncio counterpart: `asyncio.Queue`.
 */
export class Queue<T> extends LoopBound implements AsyncIterable<T> {
  /** How many items may be in it; 0 or less: as many as come. */
  readonly maxsize: number;
  private readonly _getters: WaitQueue = new WaitQueue(this);
  private readonly _putters: WaitQueue = new WaitQueue(this);
  /** Set while everything that was put is done. @internal */
  readonly _finished = new Event();
  private readonly _store: Store<T>;
  private _unfinished = 0;
  private _shutDown = false;

  constructor(maxsize?: number);
  /** @internal */
  constructor(maxsize: number, store: Store<T>);
  constructor(maxsize = 0, store: Store<T> = new Fifo<T>()) {
    super();
    if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
      throw new TypeError(`${new.target.name} expects a number as its maxsize, got ${String(maxsize)}`);
    }
    this.maxsize = maxsize;
    this._store = store;
    this._finished._partOf = this;
    this._finished.set();
  }

  /** Whether it was shut down. */
  get isShutDown(): boolean {
    return this._shutDown;
  }

  /** How many items are in it. */
  qsize(): number {
    return this._store.length;
  }

  /** Whether there is nothing in it. */
  empty(): boolean {
    return this._store.length === 0;
  }

  /** Whether it holds as many as it may. */
  full(): boolean {
    return this.maxsize > 0 && this._store.length >= this.maxsize;
  }

  /**
   * Puts an item in; suspends while there is no room. Cancelling it puts nothing in.
   *
   * @throws QueueShutDown when the queue is or gets shut down.
   */
  put(item: T): Coroutine<void> {
    return new WaitInQueue(putting, this as Queue<unknown>, item);
  }

  /**
   * Puts an item in. Does not suspend.
   *
   * @throws QueueFull when there is no room.
   * @throws QueueShutDown when the queue was shut down.
   */
  putNowait(item: T): void {
    this._refuseWhenShutDown();
    if (this.full()) throw new QueueFull(`${this} is full; put() waits for room`);
    this._store.put(item);
    this._unfinished++;
    this._finished.clear();
    this._getters.shiftNext();
  }

  /**
   * Takes the next item out; suspends while there is none. Cancelling it takes nothing out.
   *
   * @throws QueueShutDown when the queue is or gets shut down and nothing is left.
   */
  get(): Coroutine<T> {
    return new WaitInQueue(getting, this as Queue<unknown>, undefined) as Coroutine<unknown> as Coroutine<T>;
  }

  /**
   * Takes the next item out. Does not suspend.
   *
   * @throws QueueEmpty when there is none.
   * @throws QueueShutDown when there is none and the queue was shut down.
   */
  getNowait(): T {
    if (this.empty()) {
      this._refuseWhenShutDown();
      throw new QueueEmpty(`${this} is empty; get() waits for an item`);
    }
    const item = this._store.take();
    this._putters.shiftNext();
    return item;
  }

  /**
   * Says that the work on one item that was taken out is done. Does not suspend.
   *
   * @throws RangeError when it is called more often than items were put.
   */
  taskDone(): void {
    if (this._unfinished <= 0) throw new RangeError("task_done() called too many times");
    this._unfinished--;
    if (this._unfinished === 0) this._finished.set();
  }

  /** Suspends until `taskDone()` was called for every item that was put. */
  join(): Coroutine<void> {
    return join(this as Queue<unknown>);
  }

  /**
   * Refuses what is put from now on; what is in can still be taken out, unless `immediate` throws it away (it then
   * counts as done). Wakes everyone who waits, for room in vain. Does not suspend.
   */
  shutdown(immediate = false): void {
    this._shutDown = true;
    if (immediate) {
      while (!this.empty()) {
        this._store.take();
        if (this._unfinished > 0) this._unfinished--;
      }
      if (this._unfinished === 0) this._finished.set();
    }
    this._getters.shiftAll();
    this._putters.shiftAll();
  }

  /** What is in it, and who waits. */
  statistics(): QueueStatistics {
    return {
      size: this._store.length,
      maxsize: this.maxsize,
      getters: this._getters.length,
      putters: this._putters.length,
      unfinished: this._unfinished,
      isShutDown: this._shutDown,
    };
  }

  /** Takes items out from outside every task, until the queue is shut down and empty. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new OutsideIterator(this);
  }

  override toString(): string {
    const parts = [`maxsize=${this.maxsize}`, `qsize=${this._store.length}`];
    if (this._getters.length > 0) parts.push(`getters=${this._getters.length}`);
    if (this._putters.length > 0) parts.push(`putters=${this._putters.length}`);
    if (this._unfinished > 0) parts.push(`tasks=${this._unfinished}`);
    if (this._shutDown) parts.push("shutdown");
    return `<${this.constructor.name} ${parts.join(" ")}>`;
  }

  /** @internal */
  _refuseWhenShutDown(): void {
    if (this._shutDown) throw new QueueShutDown(`${this} was shut down`);
  }

  /** @internal */
  _addPutter(): Waiter {
    return this._putters.add(this._getLoop());
  }

  /** A putter that puts nothing in. @internal */
  _removePutter(putter: Waiter): void {
    this._giveUp(putter, this._putters, this.full());
  }

  /** @internal */
  _addGetter(loop: EventLoop = this._getLoop()): Waiter {
    return this._getters.add(loop);
  }

  /** A getter that takes nothing out. @internal */
  _removeGetter(getter: Waiter): void {
    this._giveUp(getter, this._getters, this.empty());
  }

  /** The next one must not miss what a waiter that gives up was woken for. */
  private _giveUp(waiter: Waiter, waiters: WaitQueue, inVain: boolean): void {
    waiter.cancel();
    waiters.remove(waiter);
    if (!inVain && !waiter.cancelled()) waiters.shiftNext();
  }
}
