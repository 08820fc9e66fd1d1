/** Copies of it have every element: to set one asks no setter of Array.prototype, as to fill a new array would. */
const empty: readonly undefined[] = Array.from({ length: 16 });

/** A first-in-first-out queue of constant cost, in an array whose length is a power of two. */
export class RingBuffer<T> {
  private _items: (T | undefined)[] = empty.slice();
  private _first = 0;
  private _length = 0;

  get length(): number {
    return this._length;
  }

  push(item: T): void {
    if (this._length === this._items.length) this._grow();
    this._items[(this._first + this._length++) & (this._items.length - 1)] = item;
  }

  shift(): T | undefined {
    if (this._length === 0) return undefined;
    const items = this._items;
    const item = items[this._first];
    items[this._first] = undefined;
    this._first = (this._first + 1) & (items.length - 1);
    this._length--;
    return item;
  }

  /** The item `index` places from the front. */
  at(index: number): T | undefined {
    return index < 0 || index >= this._length
      ? undefined
      : this._items[(this._first + index) & (this._items.length - 1)];
  }

  /** Takes out the item `index` places from the front, and gives it; the others keep their order. */
  take(index: number): T | undefined {
    if (index < 0 || index >= this._length) return undefined;
    const mask = this._items.length - 1;
    const item = this._items[(this._first + index) & mask];
    for (let i = index; i > 0; i--) {
      this._items[(this._first + i) & mask] = this._items[(this._first + i - 1) & mask];
    }
    this.shift();
    return item;
  }

  clear(): void {
    this._items = empty.slice();
    this._first = 0;
    this._length = 0;
  }

  private _grow(): void {
    const items = this._items;
    // It is full: its end is before its beginning.
    const ordered = items.slice(this._first).concat(items.slice(0, this._first));
    this._items = ordered.concat(ordered).fill(undefined, items.length);
    this._first = 0;
  }
}
