import { describe, expect, it } from "vitest";
import { lessThan } from "./less-than.ts";

describe("lessThan", () => {
  it("compares numbers of every kind", () => {
    expect([lessThan(9, 10), lessThan(10, 9), lessThan(1, 1)]).toEqual([true, false, false]);
    expect([lessThan(1, 2n), lessThan(2n, 1), lessThan(false, true)]).toEqual([true, false, true]);
    expect([lessThan(Number.NaN, 1), lessThan(1, Number.NaN)]).toEqual([false, false]);
  });

  it("compares strings", () => {
    expect([lessThan("a", "b"), lessThan("b", "a"), lessThan("10", "9")]).toEqual([true, false, true]);
  });

  it("compares arrays by the first items that differ, then by length", () => {
    expect([lessThan([10, "a"], [9, "b"]), lessThan([9, "b"], [10, "a"])]).toEqual([false, true]);
    expect([lessThan([1, "a"], [1, "b"]), lessThan([1], [1, 0]), lessThan([1, 0], [1])]).toEqual([true, true, false]);
    expect([lessThan([1, 1], [1, 1]), lessThan([], [])]).toEqual([false, false]);
    expect([lessThan([[1, 2], 3], [[1, 2], 4]), lessThan([[1], 3], [[1, 2], 0])]).toEqual([true, true]);
    expect([lessThan([1n, "a"], [1, "b"]), lessThan([null, 1], [null, 2])]).toEqual([true, true]);
  });

  it("compares objects with a primitive value", () => {
    expect(lessThan(new Date(1), new Date(2))).toBe(true);
    expect(lessThan(new Date(2), new Date(1))).toBe(false);
  });

  it("refuses what has no order", () => {
    const remedy =
      "; give PriorityQueue a comparator: new PriorityQueue(maxsize, {compare: (a, b) => a.priority - b.priority})";
    for (const [a, b, kinds] of [
      [1, "a", "'number' and 'string'"],
      ["a", 1, "'string' and 'number'"],
      [{}, {}, "'Object' and 'Object'"],
      [null, 1, "'null' and 'number'"],
      [undefined, undefined, "'undefined' and 'undefined'"],
      [[1], 1, "'Array' and 'number'"],
      [[1, {}], [1, { a: 1 }], "'Object' and 'Object'"],
      [Object.create(null), 1, "'object' and 'number'"],
    ] as const) {
      expect(() => lessThan(a, b)).toThrow(new TypeError(`'<' not supported between instances of ${kinds}${remedy}`));
    }
  });
});
