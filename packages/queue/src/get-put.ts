import type { CoroutineGenerator } from "@tsyncio/coroutine";
import { Finished, ImmediateCoroutine } from "@tsyncio/sync/wait-queue";

/** The side of a queue where items go in. */
interface Entrance<T> {
  full(): boolean;
  putNowait(item: T): void;
  /** Waits until there may be room. */
  _untilRoom(): CoroutineGenerator<void>;
  _refuseWhenShutDown(): void;
}

/** The side of a queue where items come out. */
interface Exit<T> {
  empty(): boolean;
  getNowait(): T;
  /** Waits until there may be an item. */
  _untilItem(): CoroutineGenerator<void>;
  _refuseWhenShutDown(): void;
}

/** One `queue.put(item)`. */
export class Put<T> extends ImmediateCoroutine<void> {
  private readonly _queue: Entrance<T>;
  private readonly _item: T;

  constructor(queue: Entrance<T>, item: T) {
    super("put");
    this._queue = queue;
    this._item = item;
  }

  protected attempt(): Finished<void> | null {
    if (this._queue.full()) return null;
    return new Finished(this._queue.putNowait(this._item));
  }

  protected *generator(): CoroutineGenerator<void> {
    const queue = this._queue;
    while (queue.full()) {
      queue._refuseWhenShutDown();
      yield* queue._untilRoom();
    }
    queue.putNowait(this._item);
  }
}

/** One `queue.get()`. */
export class Get<T> extends ImmediateCoroutine<T> {
  private readonly _queue: Exit<T>;

  constructor(queue: Exit<T>) {
    super("get");
    this._queue = queue;
  }

  protected attempt(): Finished<T> | null {
    if (this._queue.empty()) return null;
    return new Finished(this._queue.getNowait());
  }

  protected *generator(): CoroutineGenerator<T> {
    const queue = this._queue;
    while (queue.empty()) {
      queue._refuseWhenShutDown();
      yield* queue._untilItem();
    }
    return queue.getNowait();
  }
}
