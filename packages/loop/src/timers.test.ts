import { Context } from "@tsyncio/context";
import { describe, expect, test } from "vitest";
import { inChunk } from "./chunks.ts";
import { TimerHandle } from "./handle.ts";
import { Timers } from "./timers.ts";

const context = new Context();

function timer(whenMs: number): TimerHandle {
  return new TimerHandle(whenMs, () => {}, undefined, context);
}

function drain(timers: Timers): TimerHandle[] {
  const popped: TimerHandle[] = [];
  for (let next = timers.popBefore(Infinity); next !== undefined; next = timers.popBefore(Infinity)) popped.push(next);
  return popped;
}

describe("Timers", () => {
  test("gives deadlines in order", () => {
    const timers = new Timers();
    let seed = 42;
    for (let i = 0; i < 1_000; i++) {
      seed = (seed * 48271) % 2147483647;
      timers.push(timer(seed % 100));
    }
    const whens = drain(timers).map((handle) => handle.when());
    expect(whens).toEqual([...whens].sort((a, b) => a - b));
    expect(whens.length).toBe(1_000);
  });

  test("gives equal deadlines in the order of Python's heapq, which is not the order they came in", () => {
    // >>> class T:                                   # a timer compares by its deadline alone
    // ...     def __init__(self, w, n): self.w, self.n = w, n
    // ...     def __lt__(self, other): return self.w < other.w
    // >>> h = []
    // >>> for i in range(8): heapq.heappush(h, T(0, i))
    // >>> [heapq.heappop(h).n for _ in range(8)]
    // [0, 2, 6, 5, 7, 4, 1, 3]
    const timers = new Timers();
    const handles = Array.from({ length: 8 }, () => timer(0));
    for (const handle of handles) timers.push(handle);
    expect(drain(timers).map((handle) => handles.indexOf(handle))).toEqual([0, 2, 6, 5, 7, 4, 1, 3]);
  });

  test("likewise among others", () => {
    const whens = [3, 1, 2, 1, 3, 2, 1, 1, 2, 3, 3, 1];
    const timers = new Timers();
    const handles = whens.map((when) => timer(when));
    for (const handle of handles) timers.push(handle);
    expect(drain(timers).map((handle) => handles.indexOf(handle))).toEqual([1, 6, 11, 3, 7, 2, 5, 8, 9, 10, 4, 0]);
  });

  test("gives only what is due before the end of the turn", () => {
    const timers = new Timers();
    for (const when of [3, 1, 2]) timers.push(timer(when));
    expect(timers.popBefore(1)).toBe(undefined);
    expect(timers.popBefore(2)?.when()).toBe(1);
    expect(timers.next()).toBe(2);
    expect(timers.length).toBe(2);
  });

  test("passes over cancelled timers at its front", () => {
    const timers = new Timers();
    const handles = [1, 2, 3].map((when) => timer(when));
    for (const handle of handles) timers.push(handle);
    handles[0]!.cancel();
    handles[1]!.cancel();
    expect(timers.pending).toBe(1);
    expect(timers.next()).toBe(3);
    expect(timers.length).toBe(1);
    handles[2]!.cancel();
    expect(timers.next()).toBe(null);
  });

  test("sweeps out the cancelled when they are more than half of more than a hundred", () => {
    const timers = new Timers();
    const handles = Array.from({ length: 120 }, (_, index) => timer(index));
    for (const handle of handles) timers.push(handle);
    for (const handle of handles.slice(60)) handle.cancel();
    timers.next();
    expect(timers.length).toBe(120);
    handles[59]!.cancel();
    timers.next();
    expect(timers.length).toBe(59);
    expect(drain(timers).map((handle) => handle.when())).toEqual(Array.from({ length: 59 }, (_, index) => index));
  });

  test("a timer that has left is counted no more when it is cancelled", () => {
    const timers = new Timers();
    const gone = timer(1);
    timers.push(gone);
    timers.popBefore(2);
    gone.cancel();
    timers.push(timer(5));
    const dropped = timer(6);
    timers.push(dropped);
    timers.clear();
    dropped.cancel();
    expect(timers.next()).toBe(null);
    expect(timers.handles).toEqual([]);
  });

  test("a cancelled timer is let go at once where it was put, and what comes after it is in the same order", () => {
    /** Keeps every cancelled timer in its place. */
    class Keeping extends Timers {
      override cancelled(): void {
        (this as unknown as { _cancelledCount: number })._cancelledCount++;
      }
    }
    let seed = 5;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    let letGo = 0;
    for (let run = 0; run < 60; run++) {
      const both = [new Timers(), new Keeping()];
      const names = new Map<TimerHandle, number>();
      const set: TimerHandle[][] = [];
      const popped: number[][] = [[], []];
      const deadlines = 1 + random(6);
      for (let step = 0; step < 600; step++) {
        const move = random(10);
        if (move < 5) {
          const when = step + random(deadlines) * 50;
          const pair = both.map((timers) => {
            const handle = timer(when);
            names.set(handle, step);
            timers.push(handle);
            return handle;
          });
          set.push(pair);
        } else if (move < 9) {
          const pair = set[random(set.length)] ?? [];
          for (const handle of pair) handle.cancel();
          const [dropped, kept] = pair.map((handle, which) => both[which]!.handles.includes(handle));
          if (dropped === false && kept === true) letGo++;
        } else {
          expect(both[0]!.next()).toBe(both[1]!.next());
          expect([both[0]!.length, both[0]!.pending]).toEqual([both[1]!.length, both[1]!.pending]);
          both.forEach((timers, which) => {
            for (let due = timers.popBefore(step); due !== undefined; due = timers.popBefore(step)) {
              if (!due._cancelled) popped[which]!.push(names.get(due)!);
            }
          });
        }
      }
      expect(popped[0]).toEqual(popped[1]);
    }
    expect(letGo).toBeGreaterThan(1_000);
  });

  test("one that was moved far from where it was put is cancelled as others are", () => {
    const timers = new Timers();
    for (let when = 0; when < 2_000; when++) timers.push(timer(when));
    const last = timer(5_000);
    timers.push(last);
    while (timers.popBefore(5_000) !== undefined);
    last.cancel();
    expect(timers.length).toBe(1);
    expect(timers.next()).toBe(null);
    expect(timers.length).toBe(0);
  });

  test("thousands come, are cancelled and leave in the order of one plain heap, and the room is given back", () => {
    interface Entry {
      readonly when: number;
      readonly handle: TimerHandle;
    }
    let seed = 77;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const timers = new Timers();
    let model: Entry[] = [];
    let cancelled = 0;
    const modelPop = () => {
      const last = model.pop()!;
      const first = model[0];
      if (first === undefined) return last;
      model[0] = last;
      siftUp(model, 0);
      return first;
    };
    /** What asyncio does between two turns. */
    const modelNext = () => {
      if (model.length > 100 && cancelled / model.length > 0.5) {
        model = model.filter(({ handle }) => !handle._cancelled);
        for (let place = (model.length >> 1) - 1; place >= 0; place--) siftUp(model, place);
        cancelled = 0;
      } else {
        while (model[0]?.handle._cancelled) {
          cancelled--;
          modelPop();
        }
      }
      return model[0]?.when ?? null;
    };
    let longest = 0;
    let sweeps = 0;
    for (let wave = 0; wave < 6; wave++) {
      const pending: TimerHandle[] = [];
      for (let i = 0; i < 4_000; i++) {
        // Few deadlines, so that most are equal to others.
        const handle = timer(random(10 + 100 * wave));
        timers.push(handle);
        model.push({ when: handle.when(), handle });
        siftDown(model, 0, model.length - 1);
        pending.push(handle);
        // In every other wave most are cancelled.
        for (let left = 2 * (wave % 2); left > 0; left--) {
          const one = pending[random(pending.length)]!;
          if (!one._cancelled) cancelled++;
          one.cancel();
        }
      }
      longest = Math.max(longest, timers.length);
      const before = timers.length;
      expect(timers.next()).toBe(modelNext());
      if (timers.length < before / 2) sweeps++;
      const stay = [2_000, 0, inChunk, inChunk + 1, inChunk + 2, 0][wave]!;
      while (model.length > stay) {
        expect(timers.length).toBe(model.length);
        const popped = timers.popBefore(Infinity)!;
        const expected = modelPop().handle;
        // In place of one that was cancelled there may be another, to keep the place.
        expect(popped === expected || (popped._cancelled && expected._cancelled)).toBe(true);
        if (model.length % 97 === 0) expect(timers.next()).toBe(modelNext());
      }
      const { _handles, _whens } = timers as unknown as { _handles: unknown[]; _whens: unknown[] };
      expect(_handles.length).toBe(_whens.length);
      // One more than is needed may be there.
      expect(_handles.length).toBeLessThanOrEqual(Math.floor(model.length / (inChunk + 1)) + 2);
    }
    expect(longest).toBeGreaterThan(4_000);
    expect(sweeps).toBeGreaterThan(0);

    function siftDown(heap: Entry[], start: number, last: number): void {
      const entry = heap[last]!;
      let place = last;
      for (; place > start; place = (place - 1) >> 1) {
        const parent = heap[(place - 1) >> 1]!;
        if (!(entry.when < parent.when)) break;
        heap[place] = parent;
      }
      heap[place] = entry;
    }

    function siftUp(heap: Entry[], start: number): void {
      const entry = heap[start]!;
      let place = start;
      for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
        if (child + 1 < heap.length && !(heap[child]!.when < heap[child + 1]!.when)) child++;
        heap[place] = heap[child]!;
        place = child;
      }
      heap[place] = entry;
      siftDown(heap, start, place);
    }
  });
});
