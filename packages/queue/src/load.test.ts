import { createTask, gather, sleep, type Task } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { LifoQueue, PriorityQueue, Queue } from "./index.ts";

describe.each([
  { name: "Queue", Kind: Queue<number>, maxsize: 7 },
  { name: "Queue without a maxsize", Kind: Queue<number>, maxsize: 0 },
  { name: "LifoQueue", Kind: LifoQueue<number>, maxsize: 7 },
  { name: "PriorityQueue", Kind: PriorityQueue<number>, maxsize: 7 },
])("$name under load", ({ Kind, maxsize }) => {
  it("loses and doubles no item of 1,000 producers and 1,000 consumers that are cancelled at random", () =>
    runVirtual(function* () {
      let seed = 4242;
      const random = (below: number) => {
        seed = (seed * 48271) % 2147483647;
        return seed % below;
      };
      const people = 1_000;
      const itemsEach = 10;
      const queue = new Kind(maxsize);
      const put: number[] = [];
      const got: number[] = [];
      const producers = Array.from({ length: people }, (_, producer) =>
        start(function* () {
          for (let i = 0; i < itemsEach; i++) {
            const item = producer * itemsEach + i;
            yield* queue.put(item);
            put.push(item);
            if (random(3) === 0) yield* sleep(random(5));
          }
        }),
      );
      const consumers = Array.from({ length: people }, () =>
        start(function* () {
          for (let i = 0; i < itemsEach; i++) {
            got.push(yield* queue.get());
            queue.taskDone();
            if (random(3) === 0) yield* sleep(random(5));
          }
        }),
      );
      const everyone: Task<void>[] = [...producers, ...consumers];
      for (let i = 0; i < people; i++) {
        everyone[random(everyone.length)]!.cancel();
        if (i % 20 === 0) yield* sleep(random(2));
      }
      // Whoever is left over on one side waits for ever: it is cancelled once nothing moves any more.
      yield* sleep(1_000_000);
      for (const task of everyone) task.cancel();
      yield* gather(everyone, { returnExceptions: true });
      const left: number[] = [];
      while (!queue.empty()) left.push(queue.getNowait());
      const found = [...got, ...left].sort((a, b) => a - b);
      expect(found).toEqual([...put].sort((a, b) => a - b));
      expect(new Set(found).size).toBe(found.length);
      expect(got.length).toBeGreaterThan(people);
      expect(queue.statistics()).toMatchObject({ getters: 0, putters: 0, unfinished: left.length });
      const last = createTask(queue.put(-1));
      yield* sleep(0);
      expect(last.done()).toBe(true);
      expect(queue.getNowait()).toBe(-1);
    }));
});
