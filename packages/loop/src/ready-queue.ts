/** How many items stand in one array. Behind them stands the array that comes next. */
const chunkLength = 256;

/** Copies of it have every element: to set one asks no setter of Array.prototype, as to fill a new array would. */
const empty: readonly undefined[] = Array.from({ length: chunkLength + 1 });

/** Items, and last the next chunk. */
type Chunk = unknown[];

/**
 * A first-in-first-out queue of constant cost: it is filled into one array after the other, and each is let go of when it
 * was emptied.
 *
 * One array used again and again, a ring, would soon count as old for the engine, which notes for its collector every
 * young object that is put into an old one. Most jobs are young: promises that wait for ten callbacks in series take a tenth
 * less without those notes.
 */
export class ReadyQueue<T> {
  private _head: Chunk = empty.slice();
  /** The place of the first item in the head. */
  private _first = 0;
  /** The last array, which may be the head. */
  private _tail: Chunk = this._head;
  /** The place behind the last item in the tail. */
  private _end = 0;
  private _length = 0;

  get length(): number {
    return this._length;
  }

  push(item: T): void {
    if (this._end === chunkLength) this._extend();
    this._tail[this._end++] = item;
    this._length++;
  }

  shift(): T | undefined {
    if (this._length === 0) return undefined;
    if (this._first === chunkLength) this._advance();
    const head = this._head;
    const first = this._first++;
    const item = head[first] as T;
    head[first] = undefined;
    this._length--;
    return item;
  }

  /** The item `index` places from the front. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this._length) return undefined;
    return this._chunkOf(index)[(this._first + index) % chunkLength] as T;
  }

  /** Takes out the item `index` places from the front, and gives it; the others keep their order. */
  take(index: number): T | undefined {
    const item = this.at(index);
    if (item === undefined) return undefined;
    for (let i = index; i > 0; i--) this._chunkOf(i)[(this._first + i) % chunkLength] = this.at(i - 1);
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

  /** The array in which the item `index` places from the front stands. */
  private _chunkOf(index: number): Chunk {
    let chunk = this._head;
    for (let place = this._first + index; place >= chunkLength; place -= chunkLength)
      chunk = chunk[chunkLength] as Chunk;
    return chunk;
  }
}
