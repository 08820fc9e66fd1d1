import { Lifo } from "./lifo.ts";
import { Queue } from "./queue.ts";

/** A queue that gives what was put last first. asyncio counterpart: `asyncio.LifoQueue`. */
export class LifoQueue<T> extends Queue<T> {
  constructor(maxsize = 0) {
    super(maxsize, new Lifo<T>());
  }
}
