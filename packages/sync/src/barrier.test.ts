import { createTask, gather, sleep, type Task, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { Barrier, BrokenBarrierError } from "./index.ts";

function waiters(barrier: Barrier, count: number): Task<number>[] {
  return Array.from({ length: count }, () => createTask(barrier.wait()));
}

/** How each task ended. */
function ends(tasks: readonly Task<number>[]): unknown[] {
  return tasks.map((task) => (task.cancelled() ? "cancelled" : (task.exception() ?? task.result())));
}

const aborted = new BrokenBarrierError("Barrier aborted");
const sentAway = new BrokenBarrierError("Abort or reset of barrier");

describe("Barrier", () => {
  it("prints its state and how many wait", () =>
    runVirtual(function* () {
      const barrier = new Barrier(2);
      expect(String(barrier)).toBe("<Barrier [filling, waiters:0/2]>");
      const tasks = waiters(barrier, 1);
      yield* sleep(0);
      expect(String(barrier)).toBe("<Barrier [filling, waiters:1/2]>");
      expect(barrier.statistics()).toEqual({ parties: 2, waiting: 1, state: "filling" });
      tasks.push(...waiters(barrier, 1));
      yield* sleep(0);
      expect(String(barrier)).toBe("<Barrier [draining, waiters:0/2]>");
      yield* gather(tasks);
      expect(String(barrier)).toBe("<Barrier [filling, waiters:0/2]>");
      yield* barrier.abort();
      expect(String(barrier)).toBe("<Barrier [broken]>");
      expect(barrier.broken).toBe(true);
    }));

  it("refuses a number of parties that is none", () => {
    expect(() => new Barrier(0)).toThrow(new RangeError("parties must be >= 1"));
    expect(() => new Barrier(-1)).toThrow(new RangeError("parties must be >= 1"));
    expect(() => new Barrier(1.5)).toThrow(new TypeError("Barrier expects a whole number of parties, got 1.5"));
    expect(() => new Barrier("2" as never)).toThrow(new TypeError("Barrier expects a whole number of parties, got 2"));
  });

  it("lets go when all have come, and gives each a position", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 2);
      yield* sleep(0);
      expect(barrier.nWaiting).toBe(2);
      expect(ends([]).length).toBe(0);
      expect(tasks.some((task) => task.done())).toBe(false);
      expect(yield* barrier.wait()).toBe(2);
      expect(yield* gather(tasks)).toEqual([0, 1]);
      expect(barrier.nWaiting).toBe(0);
    }));

  it("of one party lets everyone pass", () =>
    runVirtual(function* () {
      const barrier = new Barrier(1);
      expect([yield* barrier.wait(), yield* barrier.wait()]).toEqual([0, 0]);
    }));

  it("is used round after round, also by more tasks than parties", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 9);
      const positions = yield* gather(tasks);
      expect([...positions].sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
      expect(barrier.statistics()).toEqual({ parties: 3, waiting: 0, state: "filling" });
    }));

  it("keeps those who come while it drains for the next round", () =>
    runVirtual(function* () {
      const barrier = new Barrier(2);
      const log: string[] = [];
      const round = (name: string) =>
        start(function* () {
          for (let i = 0; i < 2; i++) {
            yield* barrier.wait();
            log.push(`${name}${i}`);
          }
        });
      yield* gather([round("a"), round("b")]);
      expect(log.map((entry) => entry[1])).toEqual(["0", "0", "1", "1"]);
    }));

  it("waits for one more when a task is cancelled, whose position is given again", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 2);
      yield* sleep(0);
      tasks[0]!.cancel();
      yield* wait([tasks[0]!]);
      expect(barrier.nWaiting).toBe(1);
      tasks.push(...waiters(barrier, 2));
      yield* wait(tasks);
      expect(ends(tasks)).toEqual(["cancelled", 1, 1, 2]);
    }));

  it("sends those who wait away when it is aborted, and everyone after", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 2);
      yield* sleep(0);
      yield* barrier.abort();
      tasks.push(...waiters(barrier, 1));
      yield* wait(tasks);
      expect(ends(tasks)).toEqual([sentAway, sentAway, aborted]);
      expect(barrier.nWaiting).toBe(0);
      yield* barrier.reset();
      expect(barrier.broken).toBe(false);
      expect(yield* gather(waiters(barrier, 3))).toEqual([0, 1, 2]);
    }));

  it("sends those who wait away when it is reset, and starts anew", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 2);
      yield* sleep(0);
      yield* barrier.reset();
      expect(String(barrier)).toBe("<Barrier [resetting, waiters:0/3]>");
      const next = waiters(barrier, 3);
      yield* wait(tasks);
      expect(ends(tasks)).toEqual([sentAway, sentAway]);
      expect((yield* gather(next)).toSorted()).toEqual([0, 1, 2]);
      expect(String(barrier)).toBe("<Barrier [filling, waiters:0/3]>");
    }));

  it("sends those away who have not gone out when it is reset while draining", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 3);
      yield* sleep(0);
      expect(barrier.statistics().state).toBe("draining");
      yield* barrier.reset();
      yield* wait(tasks);
      expect(ends(tasks).at(-1)).toBe(2);
      expect(barrier.statistics().state).toBe("filling");
    }));

  it("keeps those who came too early for the round that is reset while draining", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 3);
      yield* sleep(0);
      tasks.push(...waiters(barrier, 2));
      yield* barrier.reset();
      for (let turn = 0; turn < 3; turn++) yield* sleep(0);
      expect([tasks.map((task) => task.done()), barrier.nWaiting]).toEqual([[true, true, true, false, false], 2]);
      expect(yield* barrier.wait()).toBe(2);
      yield* wait(tasks);
      expect(ends(tasks)).toEqual([sentAway, sentAway, 2, 0, 1]);
    }));

  it("sends those away who have not gone out, and those who came too early, when it is aborted while draining", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const tasks = waiters(barrier, 3);
      yield* sleep(0);
      tasks.push(...waiters(barrier, 2));
      yield* barrier.abort();
      yield* wait(tasks);
      expect(ends(tasks).map((end) => (end instanceof BrokenBarrierError ? "sent away" : end))).toEqual([
        "sent away",
        "sent away",
        2,
        "sent away",
        "sent away",
      ]);
      expect(barrier.broken).toBe(true);
      yield* barrier.reset();
      expect(yield* gather(waiters(barrier, 3))).toEqual([0, 1, 2]);
    }));

  it("is broken for the others when one of them fails after a round and aborts it, until it is reset", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3);
      const log: string[] = [];
      const meet = function* () {
        try {
          if ((yield* barrier.wait()) === 1) throw new RangeError("failed");
          yield* barrier.wait();
          log.push("met again");
        } catch (error) {
          log.push((error as Error).name);
          if (error instanceof RangeError) yield* barrier.abort();
        }
      };
      yield* gather([start(meet), start(meet), start(meet)]);
      expect(log).toEqual(["RangeError", "BrokenBarrierError", "BrokenBarrierError"]);
      expect([barrier.broken, barrier.nWaiting]).toEqual([true, 0]);
      yield* barrier.reset();
      expect(yield* gather(waiters(barrier, 3))).toEqual([0, 1, 2]);
    }));

  it("stays as it is when it is reset while nobody waits", () =>
    runVirtual(function* () {
      const barrier = new Barrier(2);
      yield* barrier.reset();
      expect(yield* gather(waiters(barrier, 2))).toEqual([0, 1]);
    }));
});
