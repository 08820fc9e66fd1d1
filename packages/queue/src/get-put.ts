import { mustWait, type Waiter, type Way } from "@tsyncio/sync/wait-queue";

/** The side of a queue where items go in. */
interface Entrance<T> {
  full(): boolean;
  putNowait(item: T): void;
  _addPutter(): Waiter;
  /** A putter that puts nothing in. */
  _removePutter(putter: Waiter): void;
  _refuseWhenShutDown(): void;
}

/** The side of a queue where items come out. */
interface Exit<T> {
  empty(): boolean;
  getNowait(): T;
  _addGetter(): Waiter;
  /** A getter that takes nothing out. */
  _removeGetter(getter: Waiter): void;
  _refuseWhenShutDown(): void;
}

/** `queue.put(item)`. Whoever wakes it takes it out of the queue's waiters; the room may be gone when it runs. */
export const putting: Way<Entrance<unknown>, unknown, void> = {
  name: "put",
  attempt: put,
  queueUp: (queue) => queue._addPutter(),
  goOn: put,
  giveUp: (queue, putter) => queue._removePutter(putter),
};

function put(queue: Entrance<unknown>, item: unknown): void | typeof mustWait {
  if (!queue.full()) return queue.putNowait(item);
  queue._refuseWhenShutDown();
  return mustWait;
}

/** `queue.get()`. Whoever wakes it takes it out of the queue's waiters; the item may be gone when it runs. */
export const getting: Way<Exit<unknown>, undefined, unknown> = {
  name: "get",
  attempt: get,
  queueUp: (queue) => queue._addGetter(),
  goOn: get,
  giveUp: (queue, getter) => queue._removeGetter(getter),
};

function get(queue: Exit<unknown>): unknown {
  if (!queue.empty()) return queue.getNowait();
  queue._refuseWhenShutDown();
  return mustWait;
}
