import type { Store } from "./store.ts";

/** Whether `a` comes out before `b`. */
export type Less<T> = (a: T, b: T) => boolean;

/**
 * The least item first. Items of which neither is less come out in the order CPython's `heapq` gives them, which is
 * why the way down goes to a leaf first and then back up.
 *
 * All comparing is done before anything is moved: when `less` throws, the heap is what it was.
 */
export class Heap<T> implements Store<T> {
  private readonly _items: T[] = [];
  private readonly _less: Less<T>;

  constructor(less: Less<T>) {
    this._less = less;
  }

  get length(): number {
    return this._items.length;
  }

  put(item: T): void {
    const items = this._items;
    let place = items.length;
    while (place > 0 && this._less(item, items[parent(place)]!)) place = parent(place);
    for (let hole = items.length; hole > place; hole = parent(hole)) items[hole] = items[parent(hole)]!;
    items[place] = item;
  }

  take(): T {
    const items = this._items;
    const end = items.length - 1;
    const last = items[end]!;
    // The way of the lesser children, down to a leaf.
    let place = 0;
    for (let child = 1; child < end; child = 2 * place + 1) {
      const right = child + 1;
      place = right < end && !this._less(items[child]!, items[right]!) ? right : child;
    }
    // The last item belongs on that way; everything above it moves up by one.
    while (place > 0 && this._less(last, items[place]!)) place = parent(place);
    items.length = end;
    let carried = last;
    for (; end > 0; place = parent(place)) {
      const displaced = items[place]!;
      items[place] = carried;
      carried = displaced;
      if (place === 0) break;
    }
    return carried;
  }
}

function parent(place: number): number {
  return (place - 1) >> 1;
}
