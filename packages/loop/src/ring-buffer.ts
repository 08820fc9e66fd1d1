/** A first-in-first-out queue of constant cost, in an array whose length is a power of two. */
export class RingBuffer<T> {
  private _items: (T | undefined)[] = new Array(16).fill(undefined);
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
    this._items = new Array(16).fill(undefined);
    this._first = 0;
    this._length = 0;
  }

  private _grow(): void {
    const items = this._items;
    const grown = new Array<T | undefined>(items.length * 2).fill(undefined);
    for (let i = 0; i < this._length; i++) grown[i] = items[(this._first + i) & (items.length - 1)];
    this._items = grown;
    this._first = 0;
  }
}
