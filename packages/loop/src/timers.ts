import { Context } from "@tsyncio/context";
import { TimerHandle } from "./handle.ts";

/** Cancelled timers stay in the heap until it holds more than this many timers … */
const sweepAbove = 100;
/** … and more than this share of them is cancelled. */
const cancelledShare = 0.5;

/** Keeps the place of a timer that was cancelled. */
const placeholder = new TimerHandle(Number.NaN, () => {}, undefined, new Context());
placeholder.cancel();

/** The places of one chunk: a power of two. */
const chunkShift = 9;
const chunkLength = 1 << chunkShift;
const inChunk = chunkLength - 1;

/** To be copied: to the engine they are lists of objects and of doubles, with every element there. */
const noHandles: readonly TimerHandle[] = Array.from({ length: chunkLength }, () => placeholder);
const noWhens: readonly number[] = Array.from({ length: chunkLength }, () => Number.NaN);

/**
 * The timers of a loop: a binary heap ordered by deadline.
 *
 * Which of several equal deadlines comes first is decided by the way the heap is sifted, and programs can see it; so
 * every move is the one Python's `heapq` makes, as is the moment when cancelled timers are swept out.
 * The deadlines stand in an array of numbers beside the handles: comparing them touches no object.
 */
export class Timers {
  /** The places of the heap, in chunks. */
  private _handles: TimerHandle[][] = [noHandles.slice()];
  private _whens: number[][] = [noWhens.slice()];
  private _length = 0;
  private _cancelledCount = 0;

  /** How many it holds, cancelled ones included. */
  get length(): number {
    return this._length;
  }

  /** How many it holds that are not cancelled. Looks at each of them. */
  get pending(): number {
    let count = 0;
    for (const handle of this.handles) if (!handle._cancelled) count++;
    return count;
  }

  /** The handles in no particular order, cancelled ones included, or what keeps their places. */
  get handles(): readonly TimerHandle[] {
    return this._handles.flat().slice(0, this._length);
  }

  push(handle: TimerHandle): void {
    handle._timers = this;
    const length = this._length;
    if (length >> chunkShift === this._handles.length) this._extend();
    this._length = length + 1;
    handle._position = this._siftDown(0, length, handle, handle.when());
  }

  /** The earliest deadline of a timer that was not cancelled, or null. */
  next(): number | null {
    if (this._length > sweepAbove && this._cancelledCount / this._length > cancelledShare) {
      this._sweep();
    } else {
      while (this._length > 0 && this._handles[0]![0]!._cancelled) {
        this._cancelledCount--;
        this._pop();
      }
    }
    return this._length === 0 ? null : this._whens[0]![0]!;
  }

  /**
   * Takes out the earliest timer if its deadline is before `endMs`, be it cancelled or not. A cancelled one stays
   * counted until the next sweep, as in asyncio: when that comes decides the order of equal deadlines after it.
   */
  popBefore(endMs: number): TimerHandle | undefined {
    if (this._length === 0 || this._whens[0]![0]! >= endMs) return undefined;
    return this._pop();
  }

  /**
   * Told by each timer in the heap that is cancelled. Its place stays taken until the next sweep, which may be long to
   * come; but one that still stands where it was put, as most do that wait equally long, need not be kept alive for that:
   * a million of them, set and cancelled in one turn, take half to two thirds of the time.
   */
  cancelled(handle: TimerHandle): void {
    this._cancelledCount++;
    const position = handle._position;
    const handles = this._handles[position >> chunkShift];
    if (handles === undefined || handles[position & inChunk] !== handle) return;
    handles[position & inChunk] = placeholder;
    handle._timers = null;
  }

  clear(): void {
    for (const handle of this.handles) handle._timers = null;
    this._handles = [noHandles.slice()];
    this._whens = [noWhens.slice()];
    this._length = 0;
    this._cancelledCount = 0;
  }

  private _extend(): void {
    this._handles.push(noHandles.slice());
    this._whens.push(noWhens.slice());
  }

  private _sweep(): void {
    const before = this._length;
    let length = 0;
    for (let index = 0; index < before; index++) {
      const handle = this._handles[index >> chunkShift]![index & inChunk]!;
      if (handle._cancelled) {
        handle._timers = null;
      } else {
        this._handles[length >> chunkShift]![length & inChunk] = handle;
        this._whens[length >> chunkShift]![length & inChunk] = handle.when();
        length++;
      }
    }
    const chunks = (length >> chunkShift) + 1;
    this._handles.length = Math.min(chunks, this._handles.length);
    this._whens.length = this._handles.length;
    for (let index = length; index < Math.min(before, this._handles.length << chunkShift); index++) {
      this._handles[index >> chunkShift]![index & inChunk] = placeholder;
    }
    this._length = length;
    this._cancelledCount = 0;
    for (let index = (length >> 1) - 1; index >= 0; index--) this._siftUp(index);
  }

  private _pop(): TimerHandle {
    const length = --this._length;
    const handles = this._handles[length >> chunkShift]!;
    const last = handles[length & inChunk]!;
    handles[length & inChunk] = placeholder;
    let popped = last;
    if (length > 0) {
      popped = this._handles[0]![0]!;
      this._handles[0]![0] = last;
      this._whens[0]![0] = this._whens[length >> chunkShift]![length & inChunk]!;
      this._siftUp(0);
    }
    // One chunk more than is needed is kept, for the next timer may need it.
    if ((length >> chunkShift) + 2 < this._handles.length) {
      this._handles.pop();
      this._whens.pop();
    }
    popped._timers = null;
    return popped;
  }

  /** Puts an item at `index`, or towards the root while the parent is later (`heapq._siftdown`); gives where it is. */
  private _siftDown(start: number, index: number, handle: TimerHandle, when: number): number {
    const handles = this._handles;
    const whens = this._whens;
    while (index > start) {
      const parent = (index - 1) >> 1;
      const parentWhen = whens[parent >> chunkShift]![parent & inChunk]!;
      if (!(when < parentWhen)) break;
      handles[index >> chunkShift]![index & inChunk] = handles[parent >> chunkShift]![parent & inChunk]!;
      whens[index >> chunkShift]![index & inChunk] = parentWhen;
      index = parent;
    }
    handles[index >> chunkShift]![index & inChunk] = handle;
    whens[index >> chunkShift]![index & inChunk] = when;
    return index;
  }

  /** Moves the item at `index` down to a leaf along the earlier children, then up to its place (`heapq._siftup`). */
  private _siftUp(index: number): void {
    const handles = this._handles;
    const whens = this._whens;
    const end = this._length;
    const start = index;
    const handle = handles[index >> chunkShift]![index & inChunk]!;
    const when = whens[index >> chunkShift]![index & inChunk]!;
    let child = 2 * index + 1;
    while (child < end) {
      const right = child + 1;
      let earlier = whens[child >> chunkShift]![child & inChunk]!;
      if (right < end) {
        const rightWhen = whens[right >> chunkShift]![right & inChunk]!;
        if (!(earlier < rightWhen)) {
          child = right;
          earlier = rightWhen;
        }
      }
      handles[index >> chunkShift]![index & inChunk] = handles[child >> chunkShift]![child & inChunk]!;
      whens[index >> chunkShift]![index & inChunk] = earlier;
      index = child;
      child = 2 * index + 1;
    }
    this._siftDown(start, index, handle, when);
  }
}
