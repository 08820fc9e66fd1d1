import { describe, expect, it } from "vitest";
import { Heap } from "./heap.ts";
import { StableHeap } from "./stable-heap.ts";
import type { Store } from "./store.ts";

function drained<T>(store: Store<T>, items: Iterable<T>): T[] {
  for (const item of items) store.put(item);
  const given: T[] = [];
  while (store.length > 0) given.push(store.take());
  return given;
}

describe("Heap", () => {
  it("gives the least first", () => {
    let seed = 7;
    for (let length = 0; length < 100; length++) {
      const items = Array.from({ length }, () => (seed = (seed * 48271) % 2147483647) % 50);
      const given = drained(new Heap<number>((a, b) => a < b), items);
      expect(given).toEqual([...items].sort((a, b) => a - b));
    }
  });

  it("gives equal items in the order of CPython's heapq", () => {
    const items = [..."a1 b1 c0 d1 e0 f0 g1 h0 i1 j0".split(" ")];
    const heap = new Heap<string>((a, b) => a.charAt(1) < b.charAt(1));
    expect(drained(heap, items).join(" ")).toBe("c0 f0 e0 j0 h0 g1 a1 b1 i1 d1");
  });

  it("is what it was when items cannot be compared", () => {
    const heap = new Heap<number>((a, b) => {
      if (a === 13 || b === 13) throw new TypeError("unlucky");
      return a < b;
    });
    for (const item of [5, 3, 8, 1]) heap.put(item);
    expect(() => heap.put(13)).toThrow("unlucky");
    expect(heap.length).toBe(4);
    const given: number[] = [];
    while (heap.length > 0) given.push(heap.take());
    expect(given).toEqual([1, 3, 5, 8]);
  });

  it("is what it was when the next item cannot be found", () => {
    let broken = false;
    const heap = new Heap<number>((a, b) => {
      if (broken) throw new TypeError("broken");
      return a < b;
    });
    for (const item of [5, 3, 8, 1]) heap.put(item);
    broken = true;
    expect(() => heap.take()).toThrow("broken");
    broken = false;
    expect(heap.length).toBe(4);
    expect(drained(heap, [])).toEqual([1, 3, 5, 8]);
  });
});

describe("StableHeap", () => {
  it("gives equal items in the order they came", () => {
    const items = Array.from({ length: 200 }, (_, order) => ({ priority: (order * 7) % 5, order }));
    const given = drained(new StableHeap<(typeof items)[number]>((a, b) => a.priority - b.priority), items);
    expect(given).toEqual([...items].sort((a, b) => a.priority - b.priority || a.order - b.order));
  });

  it("refuses an answer that is no number", () => {
    for (const wrong of [true, undefined, Number.NaN]) {
      const heap = new StableHeap<number>(() => wrong as never);
      heap.put(1);
      expect(() => heap.put(2)).toThrow(new TypeError(`PriorityQueue's compare must give a number, it gave ${wrong}`));
      expect(heap.length).toBe(1);
    }
  });
});
