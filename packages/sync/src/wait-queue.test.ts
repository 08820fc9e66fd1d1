import { EventLoop } from "@tsyncio/loop";
import { virtualHost } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { type Waiter, WaitQueue } from "./wait-queue.ts";

const loop = new EventLoop({ host: virtualHost() });
const resource = { toString: () => "the resource" };

function queueOf(length: number): [WaitQueue, ...Waiter[]] {
  const queue = new WaitQueue(resource);
  return [queue, ...Array.from({ length }, () => queue.add(loop))];
}

/** Which of `waiters` stand in the queue, in its order. (A future cannot be compared as a value: it is iterable.) */
function places(queue: WaitQueue, waiters: readonly (Waiter | undefined)[]): number[] {
  return [...queue].map((waiter) => waiters.indexOf(waiter));
}

describe("WaitQueue", () => {
  it("keeps waiters in the order they came", () => {
    const [queue, a, b, c] = queueOf(3);
    expect(places(queue, [a, b, c])).toEqual([0, 1, 2]);
    expect(queue.first === a).toBe(true);
    expect(queue.length).toBe(3);
    expect(a?.resource).toBe(resource);
  });

  it("takes one out of the front, the middle, the end, and out of a queue of one", () => {
    const [queue, a, b, c, d] = queueOf(4);
    expect(queue.remove(b!)).toBe(true);
    expect(places(queue, [a, b, c, d])).toEqual([0, 2, 3]);
    expect(queue.remove(d!)).toBe(true);
    expect(places(queue, [a, b, c, d])).toEqual([0, 2]);
    expect(queue.remove(a!)).toBe(true);
    expect(places(queue, [c])).toEqual([0]);
    expect(queue.remove(c!)).toBe(true);
    expect([...queue]).toEqual([]);
    expect(queue.first).toBeNull();
    expect(queue.length).toBe(0);
    const e = queue.add(loop);
    expect(places(queue, [e])).toEqual([0]);
  });

  it("takes nothing out that is not in it", () => {
    const [queue, a] = queueOf(1);
    const [other, b] = queueOf(1);
    expect(queue.remove(b!)).toBe(false);
    expect(queue.remove(a!)).toBe(true);
    expect(queue.remove(a!)).toBe(false);
    expect(a?.resource).toBe(resource);
    expect([queue.length, other.length]).toEqual([0, 1]);
  });

  it("wakes the first who is pending, and leaves it where it is", () => {
    const [queue, a, b, c] = queueOf(3);
    a!.cancel();
    expect(queue.wakeNext()).toBe(true);
    expect([a, b, c].map((waiter) => waiter!.state)).toEqual(["cancelled", "finished", "pending"]);
    expect(queue.wakeNext()).toBe(true);
    expect(queue.wakeNext()).toBe(false);
    expect(queue.length).toBe(3);
    const d = queue.add(loop);
    expect(queue.wakeNext()).toBe(true);
    expect(d.done()).toBe(true);
  });

  it("is live while somebody in it is not cancelled", () => {
    const [queue, a, b, c] = queueOf(3);
    expect(new WaitQueue(resource).hasLive()).toBe(false);
    a!.cancel();
    c!.cancel();
    expect(queue.hasLive()).toBe(true);
    b!.setResult();
    expect(queue.hasLive()).toBe(true);
    queue.remove(b!);
    expect(queue.hasLive()).toBe(false);
    const d = queue.add(loop);
    expect(queue.hasLive()).toBe(true);
    queue.remove(d);
    expect(queue.hasLive()).toBe(false);
  });

  it("wakes everyone", () => {
    const [queue, a, b, c] = queueOf(3);
    b!.cancel();
    queue.wakeAll();
    expect([a, b, c].map((waiter) => waiter!.state)).toEqual(["finished", "cancelled", "finished"]);
    expect(queue.length).toBe(3);
  });

  it("shifts up to the first who is pending, and wakes it", () => {
    const [queue, a, b, c, d] = queueOf(4);
    a!.cancel();
    b!.setResult();
    expect(queue.shiftNext()).toBe(true);
    expect(places(queue, [d])).toEqual([0]);
    expect([c!.state, d!.state]).toEqual(["finished", "pending"]);
    d!.cancel();
    expect(queue.shiftNext()).toBe(false);
    expect(queue.length).toBe(0);
  });

  it("shifts everyone", () => {
    const [queue, a, b, c] = queueOf(3);
    a!.cancel();
    queue.shiftAll();
    expect([a, b, c].map((waiter) => waiter!.state)).toEqual(["cancelled", "finished", "finished"]);
    expect(queue.length).toBe(0);
  });

  it("answers like a plain list, whatever is done to it", () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const queue = new WaitQueue(resource);
    let list: Waiter[] = [];
    let wrong = 0;
    const check = (given: unknown, expected: unknown) => {
      if (given !== expected) wrong++;
    };
    for (let step = 0; step < 20_000; step++) {
      const some = list[random(Math.max(1, list.length))];
      const choice = random(20);
      if (choice < 8) {
        list.push(queue.add(loop));
      } else if (choice < 11) {
        some?.cancel();
      } else if (choice < 14) {
        if (some !== undefined) check(queue.remove(some), true);
        list = list.filter((waiter) => waiter !== some);
      } else if (choice < 17) {
        const next = list.find((waiter) => !waiter.done());
        check(queue.wakeNext(), next !== undefined);
        check(next?.done(), next && true);
      } else if (choice < 18) {
        const next = list.findIndex((waiter) => !waiter.done());
        check(queue.shiftNext(), next !== -1);
        list = next === -1 ? [] : list.slice(next + 1);
      } else {
        check(
          queue.hasLive(),
          list.some((waiter) => !waiter.cancelled()),
        );
      }
      check(queue.length, list.length);
      check(queue.first, list[0] ?? null);
    }
    expect(places(queue, list)).toEqual(list.map((_, index) => index));
    expect(wrong).toBe(0);
  });
});
