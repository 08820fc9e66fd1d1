import { Context } from "@tsyncio/context";
import { chunkOf, chunkShift, inChunk } from "./chunks.ts";
import { TimerHandle } from "./handle.ts";

/** Cancelled timers stay in the heap until it holds more than this many timers … */
const sweepAbove = 100;
/** … and more than this share of them is cancelled. */
const cancelledShare = 0.5;

/** Keeps the place of a timer that was cancelled. */
const placeholder = new TimerHandle(Number.NaN, () => {}, undefined, new Context());
placeholder.cancel();

const noHandles = chunkOf(placeholder);
const noWhens = chunkOf(Number.NaN);

/**
 * The timers of a loop: a binary heap ordered by deadline.
 *
 * Which of several equal deadlines comes first is decided by the way the heap is sifted, and programs can see it; so
 * every move is the one Python's `heapq` makes, as is the moment when cancelled timers are swept out.
 * The deadlines stand in an array of numbers beside the handles: comparing them touches no object.
 *
 * Both are kept in chunks: a million timers, set and cancelled in one turn, take a third of the time for it.
 */
export class Timers {
  /** The places of the heap, in chunks; behind its end stand placeholders. */
  private _handles = [noHandles.slice()];
  private _whens = [noWhens.slice()];
  private _length = 0;
  private _cancelledCount = 0;

  /** How many it holds, cancelled ones included. */
  get length(): number {
    return this._length;
  }

  /** How many it holds that are not cancelled. Looks at each of them. */
  get pending(): number {
    return this.handles.filter((handle) => !handle._cancelled).length;
  }

  /** The handles in no particular order, cancelled ones included, or what keeps their places. */
  get handles(): readonly TimerHandle[] {
    return ([] as TimerHandle[]).concat(...this._handles).slice(0, this._length);
  }

  push(handle: TimerHandle): void {
    handle._timers = this;
    const place = this._append();
    handle._position = siftDown(this._handles, this._whens, 0, place, handle, handle.when());
  }

  /** The earliest deadline of a timer that was not cancelled, or null. */
  next(): number | null {
    if (this._length > sweepAbove && this._cancelledCount / this._length > cancelledShare) {
      this._sweep();
    } else {
      while (this._length > 0 && handleAt(this._handles, 0)._cancelled) {
        this._cancelledCount--;
        this._pop();
      }
    }
    return this._length === 0 ? null : whenAt(this._whens, 0);
  }

  /**
   * Takes out the earliest timer if its deadline is before `endMs`, be it cancelled or not. A cancelled one stays
   * counted until the next sweep, as in asyncio: when that comes decides the order of equal deadlines after it.
   */
  popBefore(endMs: number): TimerHandle | undefined {
    if (this._length === 0 || whenAt(this._whens, 0) >= endMs) return undefined;
    return this._pop();
  }

  /**
   * Told by each timer in the heap that is cancelled. Its place stays taken until the next sweep, which may be long to
   * come; but one that still stands where it was put, as most do that wait equally long, need not be kept alive for that:
   * a million of them, set and cancelled in one turn, take half to two thirds of the time.
   */
  cancelled(handle: TimerHandle): void {
    this._cancelledCount++;
    const place = handle._position;
    if (place >= this._length || handleAt(this._handles, place) !== handle) return;
    this._handles[place >> chunkShift]![place & inChunk] = placeholder;
    handle._timers = null;
  }

  clear(): void {
    for (const handle of this.handles) handle._timers = null;
    this._reset();
  }

  private _reset(): void {
    this._handles = [noHandles.slice()];
    this._whens = [noWhens.slice()];
    this._length = 0;
    this._cancelledCount = 0;
  }

  /** Gives the next place behind the end. */
  private _append(): number {
    const place = this._length++;
    if (place >> chunkShift === this._handles.length) {
      this._handles.push(noHandles.slice());
      this._whens.push(noWhens.slice());
    }
    return place;
  }

  private _sweep(): void {
    const all = this._handles;
    this._reset();
    for (const handles of all) {
      for (const handle of handles) {
        if (handle._cancelled) handle._timers = null;
        else put(this._handles, this._whens, this._append(), handle, handle.when());
      }
    }
    const length = this._length;
    for (let place = (length >> 1) - 1; place >= 0; place--) siftUp(this._handles, this._whens, length, place);
  }

  private _pop(): TimerHandle {
    const length = --this._length;
    const last = handleAt(this._handles, length);
    const lastWhen = whenAt(this._whens, length);
    this._handles[length >> chunkShift]![length & inChunk] = placeholder;
    if ((length & inChunk) === 0) this._giveBack();
    let popped = last;
    if (length > 0) {
      popped = handleAt(this._handles, 0);
      put(this._handles, this._whens, 0, last, lastWhen);
      siftUp(this._handles, this._whens, length, 0);
    }
    popped._timers = null;
    return popped;
  }

  /** Lets go of chunks that are not needed. */
  private _giveBack(): void {
    const chunks = Math.min(this._handles.length, (this._length >> chunkShift) + 1);
    this._handles.length = chunks;
    this._whens.length = chunks;
  }
}

const handleAt = (handles: TimerHandle[][], place: number): TimerHandle =>
  handles[place >> chunkShift]![place & inChunk]!;

const whenAt = (whens: number[][], place: number): number => whens[place >> chunkShift]![place & inChunk]!;

const put = (handles: TimerHandle[][], whens: number[][], place: number, handle: TimerHandle, when: number): void => {
  handles[place >> chunkShift]![place & inChunk] = handle;
  whens[place >> chunkShift]![place & inChunk] = when;
};

/** Puts an item at `place`, or towards the root while the parent is later (`heapq._siftdown`); gives where it is. */
function siftDown(
  handles: TimerHandle[][],
  whens: number[][],
  start: number,
  last: number,
  handle: TimerHandle,
  when: number,
): number {
  let place = last;
  while (place > start) {
    const parent = (place - 1) >> 1;
    const parentWhen = whenAt(whens, parent);
    if (!(when < parentWhen)) break;
    put(handles, whens, place, handleAt(handles, parent), parentWhen);
    place = parent;
  }
  put(handles, whens, place, handle, when);
  return place;
}

/** Moves the item at `start` down to a leaf along the earlier children, then up to its place (`heapq._siftup`). */
function siftUp(handles: TimerHandle[][], whens: number[][], length: number, start: number): void {
  const handle = handleAt(handles, start);
  const when = whenAt(whens, start);
  let place = start;
  for (let child = 2 * place + 1; child < length; child = 2 * place + 1) {
    const right = child + 1;
    if (right < length && !(whenAt(whens, child) < whenAt(whens, right))) child = right;
    put(handles, whens, place, handleAt(handles, child), whenAt(whens, child));
    place = child;
  }
  siftDown(handles, whens, start, place, handle, when);
}
