import type { Store } from "./store.ts";

/** Last in, first out. */
export class Lifo<T> implements Store<T> {
  private readonly _items: T[] = [];

  get length(): number {
    return this._items.length;
  }

  put(item: T): void {
    this._items.push(item);
  }

  take(): T {
    return this._items.pop() as T;
  }
}
