import type { Store } from "./store.ts";

const smallest = 16;

/** First in, first out: a ring in an array whose length is a power of two. It shrinks as it grew. */
export class Fifo<T> implements Store<T> {
  private _items: (T | undefined)[] = new Array(smallest).fill(undefined);
  private _first = 0;
  length = 0;

  put(item: T): void {
    if (this.length === this._items.length) this._resize(this.length * 2);
    this._items[(this._first + this.length++) & (this._items.length - 1)] = item;
  }

  take(): T {
    const item = this._items[this._first];
    this._items[this._first] = undefined;
    this._first = (this._first + 1) & (this._items.length - 1);
    this.length--;
    // A quarter, not a half: between two sizes there are always many calls, so that each costs O(1).
    if (this.length * 4 <= this._items.length && this._items.length > smallest) this._resize(this._items.length / 2);
    return item as T;
  }

  private _resize(size: number): void {
    const resized = new Array<T | undefined>(size).fill(undefined);
    for (let i = 0; i < this.length; i++) resized[i] = this._items[(this._first + i) & (this._items.length - 1)];
    this._items = resized;
    this._first = 0;
  }
}
