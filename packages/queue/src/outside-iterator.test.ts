import { run, sleep } from "@tsyncio/task";
import { describe, expect, it } from "vitest";
import { Queue } from "./index.ts";

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const item of items) got.push(item);
  return got;
}

describe("a queue from outside", () => {
  it("gives its items to an async function until it is shut down and empty", async () => {
    const queue = new Queue<number>(1);
    const got = all(queue);
    await run(produce());
    function* produce() {
      for (const item of [1, 2, 3]) {
        yield* queue.put(item);
        yield* sleep(0);
      }
      queue.shutdown();
    }
    expect(await got).toEqual([1, 2, 3]);
  });

  it("gives what is in it, and ends at once when it was shut down, without a loop", async () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    queue.shutdown();
    expect(await all(queue)).toEqual([1]);
    expect(queue._loop).toBeNull();
  });

  it("waits without binding the queue to a loop", async () => {
    const queue = new Queue<number>();
    const items = queue[Symbol.asyncIterator]();
    const first = items.next();
    expect(queue._loop).toBeNull();
    queue.putNowait(1);
    expect(await first).toEqual({ done: false, value: 1 });
    expect(items[Symbol.asyncIterator]()).toBe(items);
  });

  it("gives each item once when several next() wait", async () => {
    const queue = new Queue<number>();
    const items = queue[Symbol.asyncIterator]();
    const steps = [items.next(), items.next(), items.next()];
    for (const item of [1, 2, 3]) queue.putNowait(item);
    expect((await Promise.all(steps)).map((step) => step.value)).toEqual([1, 2, 3]);
  });

  it("stops waiting when it is returned, and is done from then on", async () => {
    const queue = new Queue<number>();
    const items = queue[Symbol.asyncIterator]();
    const step = items.next();
    expect(queue.statistics().getters).toBe(1);
    expect(await items.return!()).toEqual({ done: true, value: undefined });
    expect(await step).toEqual({ done: true, value: undefined });
    expect(queue.statistics().getters).toBe(0);
    queue.putNowait(1);
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(queue.qsize()).toBe(1);
  });

  it("wakes the next when it is returned just after it was woken", async () => {
    const queue = new Queue<number>();
    const [first, second] = [queue[Symbol.asyncIterator](), queue[Symbol.asyncIterator]()];
    const [one, two] = [first.next(), second.next()];
    queue.putNowait(1);
    await first.return!();
    expect(await one).toEqual({ done: true, value: undefined });
    expect(await two).toEqual({ done: false, value: 1 });
  });

  it("leaves the loop when the body of for await breaks off", async () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    queue.putNowait(2);
    for await (const item of queue) {
      expect(item).toBe(1);
      break;
    }
    expect(queue.qsize()).toBe(1);
  });
});
