import { Context } from "@tsyncio/context";
import { TimerHandle } from "./handle.ts";

/** Cancelled timers stay in the heap until it holds more than this many timers … */
const sweepAbove = 100;
/** … and more than this share of them is cancelled. */
const cancelledShare = 0.5;

/** Keeps the place of a timer that was cancelled. */
const placeholder = new TimerHandle(Number.NaN, () => {}, undefined, new Context());
placeholder.cancel();

/**
 * To the engine their copies are lists of objects and of doubles from the start, where `[]` is one of integers at first: so
 * it compiles all of what puts a timer in, and one that is set and cancelled takes a fifth fewer instructions.
 */
const noHandles: readonly TimerHandle[] = [placeholder].slice(1);
const noWhens: readonly number[] = [Number.NaN].slice(1);

/**
 * The timers of a loop: a binary heap ordered by deadline.
 *
 * Which of several equal deadlines comes first is decided by the way the heap is sifted, and programs can see it; so
 * every move is the one Python's `heapq` makes, as is the moment when cancelled timers are swept out.
 * The deadlines stand in an array of numbers beside the handles: comparing them touches no object.
 */
export class Timers {
  private _handles = noHandles.slice();
  private _whens = noWhens.slice();
  private _cancelledCount = 0;

  /** How many it holds, cancelled ones included. */
  get length(): number {
    return this._handles.length;
  }

  /** How many it holds that are not cancelled. Looks at each of them. */
  get pending(): number {
    let count = 0;
    for (const handle of this._handles) if (!handle._cancelled) count++;
    return count;
  }

  /** The handles in no particular order, cancelled ones included, or what keeps their places. */
  get handles(): readonly TimerHandle[] {
    return this._handles;
  }

  push(handle: TimerHandle): void {
    handle._timers = this;
    handle._position = this._siftDown(0, this._handles.length, handle, handle.when());
  }

  /** The earliest deadline of a timer that was not cancelled, or null. */
  next(): number | null {
    const handles = this._handles;
    if (handles.length > sweepAbove && this._cancelledCount / handles.length > cancelledShare) {
      this._sweep();
    } else {
      while (handles.length > 0 && handles[0]!._cancelled) {
        this._cancelledCount--;
        this._pop();
      }
    }
    return this._whens.length === 0 ? null : this._whens[0]!;
  }

  /**
   * Takes out the earliest timer if its deadline is before `endMs`, be it cancelled or not. A cancelled one stays
   * counted until the next sweep, as in asyncio: when that comes decides the order of equal deadlines after it.
   */
  popBefore(endMs: number): TimerHandle | undefined {
    if (this._whens.length === 0 || this._whens[0]! >= endMs) return undefined;
    return this._pop();
  }

  /**
   * Told by each timer in the heap that is cancelled. Its place stays taken until the next sweep, which may be long to
   * come; but one that still stands where it was put, as most do that wait equally long, need not be kept alive for that:
   * a million of them, set and cancelled in one turn, take half to two thirds of the time.
   */
  cancelled(handle: TimerHandle): void {
    this._cancelledCount++;
    if (this._handles[handle._position] !== handle) return;
    this._handles[handle._position] = placeholder;
    handle._timers = null;
  }

  clear(): void {
    for (const handle of this._handles) handle._timers = null;
    this._handles = noHandles.slice();
    this._whens = noWhens.slice();
    this._cancelledCount = 0;
  }

  private _sweep(): void {
    const handles = noHandles.slice();
    const whens = noWhens.slice();
    for (const handle of this._handles) {
      if (handle._cancelled) {
        handle._timers = null;
      } else {
        handles.push(handle);
        whens.push(handle.when());
      }
    }
    this._handles = handles;
    this._whens = whens;
    this._cancelledCount = 0;
    for (let index = (handles.length >> 1) - 1; index >= 0; index--) this._siftUp(index);
  }

  private _pop(): TimerHandle {
    const handles = this._handles;
    const whens = this._whens;
    const last = handles.pop()!;
    const lastWhen = whens.pop()!;
    let popped = last;
    if (handles.length > 0) {
      popped = handles[0]!;
      handles[0] = last;
      whens[0] = lastWhen;
      this._siftUp(0);
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
      if (!(when < whens[parent]!)) break;
      handles[index] = handles[parent]!;
      whens[index] = whens[parent]!;
      index = parent;
    }
    handles[index] = handle;
    whens[index] = when;
    return index;
  }

  /** Moves the item at `index` down to a leaf along the earlier children, then up to its place (`heapq._siftup`). */
  private _siftUp(index: number): void {
    const handles = this._handles;
    const whens = this._whens;
    const end = handles.length;
    const start = index;
    const handle = handles[index]!;
    const when = whens[index]!;
    let child = 2 * index + 1;
    while (child < end) {
      const right = child + 1;
      if (right < end && !(whens[child]! < whens[right]!)) child = right;
      handles[index] = handles[child]!;
      whens[index] = whens[child]!;
      index = child;
      child = 2 * index + 1;
    }
    this._siftDown(start, index, handle, when);
  }
}
