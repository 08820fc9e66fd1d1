import { Context } from "@tsyncio/context";
import { describe, expect, test } from "vitest";
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
});
