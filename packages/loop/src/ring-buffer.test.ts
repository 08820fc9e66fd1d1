import { expect, test } from "vitest";
import { RingBuffer } from "./ring-buffer.ts";

test("gives back what it got, in order, through growth and wrapping round", () => {
  const buffer = new RingBuffer<number>();
  const model: number[] = [];
  let next = 0;
  // Ever more in than out, so that the front wanders through the array and the array grows while wrapped.
  for (let round = 1; round < 60; round++) {
    for (let i = 0; i < round; i++) {
      buffer.push(next);
      model.push(next++);
    }
    for (let i = 0; i < round - 1; i++) expect(buffer.shift()).toBe(model.shift());
    expect(buffer.length).toBe(model.length);
    expect(buffer.at(0)).toBe(model[0]);
    expect(buffer.at(model.length - 1)).toBe(model.at(-1));
  }
  while (model.length > 0) expect(buffer.shift()).toBe(model.shift());
  expect(buffer.shift()).toBe(undefined);
  expect(buffer.at(0)).toBe(undefined);
  expect(buffer.at(-1)).toBe(undefined);
});

test("an item can be taken from anywhere, and the others keep their order", () => {
  for (let index = 0; index < 5; index++) {
    const buffer = new RingBuffer<number>();
    for (let i = 0; i < 13; i++) buffer.push(-1);
    for (let i = 0; i < 13; i++) buffer.shift();
    for (let i = 0; i < 5; i++) buffer.push(i);
    expect(buffer.take(index)).toBe(index);
    const rest = [0, 1, 2, 3, 4].filter((item) => item !== index);
    expect([buffer.shift(), buffer.shift(), buffer.shift(), buffer.shift(), buffer.shift()]).toEqual([
      ...rest,
      undefined,
    ]);
    expect(buffer.take(0)).toBe(undefined);
    expect(buffer.take(-1)).toBe(undefined);
  }
});

test("can be cleared", () => {
  const buffer = new RingBuffer<string>();
  buffer.push("a");
  buffer.clear();
  expect(buffer.length).toBe(0);
  expect(buffer.shift()).toBe(undefined);
});

test("asks no setter of Array.prototype", () => {
  const sum = 40 * 39 * 0.5;
  let got = 0;
  const set = () => {
    throw new Error("a setter of Array.prototype was asked");
  };
  for (let index = 0; index < 64; index++) Object.defineProperty(Array.prototype, index, { set, configurable: true });
  try {
    const buffer = new RingBuffer<number>();
    for (let i = 0; i < 40; i++) buffer.push(i);
    for (let i = 0; i < 40; i++) got += buffer.shift()!;
    buffer.clear();
    buffer.push(0);
  } finally {
    for (let index = 0; index < 64; index++) Reflect.deleteProperty(Array.prototype, index);
  }
  expect(got).toBe(sum);
});
