import { expect, test } from "vitest";
import { ReadyQueue } from "./ready-queue.ts";

/** Several of the arrays that the queue is made of. */
const many = 1000;

test("gives back what it got, in order", () => {
  const queue = new ReadyQueue<number>();
  const model: number[] = [];
  let next = 0;
  // More in than out, so that both ends wander on, apart from each other.
  for (let round = 1; round < 60; round++) {
    for (let i = 0; i < round; i++) {
      queue.push(next);
      model.push(next++);
    }
    for (let i = 0; i < round - 1; i++) expect(queue.shift()).toBe(model.shift());
    expect(queue.length).toBe(model.length);
    expect(queue.at(0)).toBe(model[0]);
    expect(queue.at(model.length - 1)).toBe(model.at(-1));
  }
  while (model.length > 0) expect(queue.shift()).toBe(model.shift());
  expect(queue.length).toBe(0);
  expect(queue.at(0)).toBe(undefined);
  expect(queue.at(-1)).toBe(undefined);
});

test("may be empty at any place, and be filled again", () => {
  const queue = new ReadyQueue<number>();
  for (let i = 0; i < many; i++) {
    queue.push(i);
    expect([queue.length, queue.at(0), queue.shift(), queue.length]).toEqual([1, i, i, 0]);
  }
});

test("shows what it holds, item by item", () => {
  const queue = new ReadyQueue<number>();
  for (let i = 0; i < many; i++) queue.push(i);
  for (let shifted = 0; shifted < many; shifted += 100) {
    for (let index = 0; index < queue.length; index++) expect(queue.at(index)).toBe(shifted + index);
    expect(queue.at(queue.length)).toBe(undefined);
    for (let i = 0; i < 100; i++) queue.shift();
  }
});

test("an item can be taken from anywhere, and the others keep their order", () => {
  for (let index = 0; index < many; index += 83) {
    const queue = new ReadyQueue<number>();
    const model = Array.from({ length: many }, (_, i) => i);
    for (let i = 0; i < 200; i++) queue.push(-1);
    for (let i = 0; i < 200; i++) queue.shift();
    for (const item of model) queue.push(item);
    expect(queue.take(index)).toBe(index);
    model.splice(index, 1);
    expect(queue.take(queue.length - 1)).toBe(model.pop());
    expect(queue.length).toBe(model.length);
    for (const item of model) expect(queue.shift()).toBe(item);
    expect(queue.take(0)).toBe(undefined);
    expect(queue.take(-1)).toBe(undefined);
  }
});

test("what stands beside an item goes where it goes, and is let go of with it", () => {
  const queue = new ReadyQueue<number>();
  const besides = Array.from({ length: many }, (_, i) => (i % 3 === 0 ? null : { beside: i }));
  for (let i = 0; i < 100; i++) queue.push(-1);
  for (const [i, beside] of besides.entries()) {
    if (beside === null) queue.push(i);
    else queue.pushWith(i, beside);
  }
  for (let i = 0; i < 100; i++) queue.shift();
  const isIn = new Set(besides.keys());
  const check = () => {
    for (let i = 0; i < many; i += 37) expect(queue.besideOf(i)).toBe(isIn.has(i) ? besides[i] : null);
  };
  check();
  for (const index of [0, 300, 299, 600, 800]) {
    isIn.delete(queue.take(index)!);
    check();
  }
  while (queue.length > 0) isIn.delete(queue.shift());
  check();
  const { _head: emptied } = queue as unknown as { _head: unknown[] };
  expect(new Set(emptied)).toEqual(new Set([undefined]));
});

test("can be cleared", () => {
  const queue = new ReadyQueue<number>();
  for (let i = 0; i < many; i++) queue.push(i);
  queue.clear();
  expect([queue.length, queue.at(0)]).toEqual([0, undefined]);
  queue.push(1);
  expect([queue.length, queue.at(0), queue.shift()]).toEqual([1, 1, 1]);
});

test("an array that was emptied holds nothing, the array behind it included", () => {
  const queue = new ReadyQueue<object>();
  const { _head: emptied } = queue as unknown as { _head: unknown[] };
  for (let i = 0; i < many; i++) queue.push({});
  expect(emptied.filter((place) => place !== undefined)).toHaveLength((emptied.length - 1) / 2 + 1);
  for (let i = 0; i < many; i++) queue.shift();
  expect(new Set(emptied)).toEqual(new Set([undefined]));
});

test("asks no setter of Array.prototype", () => {
  let got = 0;
  const set = () => {
    throw new Error("a setter of Array.prototype was asked");
  };
  for (let index = 0; index < many; index++) Object.defineProperty(Array.prototype, index, { set, configurable: true });
  try {
    const queue = new ReadyQueue<number>();
    for (let i = 0; i < many; i++) queue.push(i);
    for (let i = 0; i < many; i++) got += queue.shift();
    queue.clear();
    queue.push(0);
  } finally {
    for (let index = 0; index < many; index++) Reflect.deleteProperty(Array.prototype, index);
  }
  expect(got).toBe((many * (many - 1)) / 2);
});
