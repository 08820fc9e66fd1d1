import { describe, expect, it } from "vitest";
import { Fifo } from "./fifo.ts";

describe("Fifo", () => {
  it("gives what came first, through growing, wrapping and shrinking", () => {
    const fifo = new Fifo<number>();
    const list: number[] = [];
    const given: number[] = [];
    const expected: number[] = [];
    let next = 0;
    for (const [puts, takes] of [
      [5, 3],
      [20, 10],
      [500, 40],
      [3, 470],
      [40, 40],
      [0, 5],
    ] as const) {
      for (let i = 0; i < puts; i++) {
        fifo.put(next);
        list.push(next++);
      }
      for (let i = 0; i < takes; i++) {
        given.push(fifo.take());
        expected.push(list.shift()!);
      }
      expect(fifo.length).toBe(list.length);
    }
    expect(given).toEqual(expected);
    expect(fifo.length).toBe(0);
  });
});
