import { Heap } from "./heap.ts";
import { lessThan } from "./less-than.ts";
import { Queue } from "./queue.ts";
import { type Compare, StableHeap } from "./stable-heap.ts";

/** The settings of a new PriorityQueue. */
export interface PriorityQueueOptions<T> {
  /** Negative when `a` comes out before `b`, positive when after; of equal ones the one put first comes out first. */
  readonly compare?: Compare<T>;
}

/**
 * A queue that gives the least item first.
 *
 * Without `compare` items are ordered as Python orders them: numbers, strings, and arrays such as
 * `[priority, name]` by the first items that differ; those of which neither is less come out as CPython's `heapq`
 * happens to give them.
 *
 * asyncio counterpart: `asyncio.PriorityQueue`.
 */
export class PriorityQueue<T> extends Queue<T> {
  constructor(maxsize = 0, options: PriorityQueueOptions<T> = {}) {
    const { compare } = options;
    if (compare !== undefined && typeof compare !== "function") {
      throw new TypeError(`PriorityQueue expects a function as compare, got ${String(compare)}`);
    }
    super(maxsize, compare === undefined ? new Heap<T>(lessThan) : new StableHeap<T>(compare));
  }
}
