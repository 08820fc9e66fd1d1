import { Heap } from "./heap.ts";
import type { Store } from "./store.ts";

/** Negative when `a` comes out before `b`, positive when after, 0 when the one that was put first does. */
export type Compare<T> = (a: T, b: T) => number;

interface Entry<T> {
  readonly item: T;
  /** How many were put before it. */
  readonly order: number;
}

/** The least item by a comparator first; of equal ones the one that was put first. */
export class StableHeap<T> implements Store<T> {
  private readonly _heap: Heap<Entry<T>>;
  private _order = 0;

  constructor(compare: Compare<T>) {
    this._heap = new Heap((a, b) => {
      const compared = compare(a.item, b.item);
      if (typeof compared !== "number" || Number.isNaN(compared)) {
        throw new TypeError(`PriorityQueue's compare must give a number, it gave ${String(compared)}`);
      }
      return compared < 0 || (compared === 0 && a.order < b.order);
    });
  }

  get length(): number {
    return this._heap.length;
  }

  put(item: T): void {
    this._heap.put({ item, order: this._order++ });
  }

  take(): T {
    return this._heap.take().item;
  }
}
