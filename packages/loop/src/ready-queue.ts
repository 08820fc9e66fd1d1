/** The places of one array, two for each item. Behind them stands the array that comes next. */
const chunkLength = 512;

/** Copies of it have every element: to set one asks no setter of Array.prototype, as to fill a new array would. */
const empty: readonly undefined[] = Array.from({ length: chunkLength + 1 });

/** Items, each with what stands beside it, and last the next chunk. */
type Chunk = unknown[];

/**
 * A first-in-first-out queue of constant cost: it is filled into one array after the other, and each is let go of when it
 * was emptied.
 *
 * One array used again and again, a ring, would soon count as old for the engine, which notes for its collector every
 * young object that is put into an old one. Most jobs are young: promises that wait for ten callbacks in series take a tenth
 * less without those notes.
 *
 * Beside each item there is room for an object, so that who is old need not hold what is young and over when the item is
 * taken out: what a coroutine gives way with, in a `sleep(0)` that is a tenth shorter for it.
 */
export class ReadyQueue<T> {
  private _head: Chunk = empty.slice();
  /** The place of the first item in the head. */
  private _first = 0;
  /** The last array, which may be the head. */
  private _tail: Chunk = this._head;
  /** The place of the next item in the tail, which has room for it. */
  private _end = 0;
  private _length = 0;

  get length(): number {
    return this._length;
  }

  push(item: T): void {
    const end = this._end;
    this._tail[end] = item;
    this._end = end + 2;
    this._length++;
    if (this._end === chunkLength) this._extend();
  }

  /** `push()` with something beside the item. */
  pushWith(item: T, beside: object): void {
    const end = this._end;
    const tail = this._tail;
    tail[end] = item;
    tail[end + 1] = beside;
    this._end = end + 2;
    this._length++;
    if (this._end === chunkLength) this._extend();
  }

  /** Takes out the first item: there is one. */
  shift(): T {
    if (this._first === chunkLength) this._advance();
    const head = this._head;
    const first = this._first;
    const item = head[first] as T;
    head[first] = undefined;
    head[first + 1] = undefined;
    this._first = first + 2;
    this._length--;
    return item;
  }

  /** The item that comes after `index` others. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this._length) return undefined;
    const place = this._first + 2 * index;
    return this._chunkOf(place)[place % chunkLength] as T;
  }

  /** What stands beside `item`, if it is in; null for nothing. Looks at each item. */
  besideOf(item: T): object | null {
    let chunk = this._head;
    let place = this._first;
    for (let left = this._length; left > 0; left--) {
      if (place === chunkLength) {
        chunk = chunk[chunkLength] as Chunk;
        place = 0;
      }
      if (chunk[place] === item) return (chunk[place + 1] as object | undefined) ?? null;
      place += 2;
    }
    return null;
  }

  /** Takes out the item that comes after `index` others, and gives it; the others keep their order. */
  take(index: number): T | undefined {
    const item = this.at(index);
    if (item === undefined) return undefined;
    for (let place = this._first + 2 * index + 1; place > this._first + 1; place--) {
      this._chunkOf(place)[place % chunkLength] = this._chunkOf(place - 2)[(place - 2) % chunkLength];
    }
    this.shift();
    return item;
  }

  clear(): void {
    this._head = empty.slice();
    this._first = 0;
    this._tail = this._head;
    this._end = 0;
    this._length = 0;
  }

  private _extend(): void {
    const next = empty.slice();
    this._tail[chunkLength] = next;
    this._tail = next;
    this._end = 0;
  }

  private _advance(): void {
    const emptied = this._head;
    this._head = emptied[chunkLength] as Chunk;
    this._first = 0;
    // An old one that nobody holds any more would else hold all that came after it, until all old objects are collected.
    emptied[chunkLength] = undefined;
  }

  /** The array in which a place is, counted from the beginning of the head. */
  private _chunkOf(place: number): Chunk {
    let chunk = this._head;
    for (let left = place; left >= chunkLength; left -= chunkLength) chunk = chunk[chunkLength] as Chunk;
    return chunk;
  }
}
