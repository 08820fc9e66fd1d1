import { RuntimeError } from "@tsyncio/context";
import { createTask, gather, sleep, type Task, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { BoundedSemaphore, Semaphore } from "./index.ts";

function taker(semaphore: Semaphore, name: string, log: string[]): Task<void> {
  return start(function* () {
    yield* semaphore.acquire();
    log.push(name);
  });
}

describe.each([
  { name: "Semaphore", Kind: Semaphore },
  { name: "BoundedSemaphore", Kind: BoundedSemaphore },
])("$name", ({ Kind }) => {
  it("prints how many permits are free and how many wait", () =>
    runVirtual(function* () {
      const semaphore = new Kind(2);
      expect(String(semaphore)).toBe(`<${Kind.name} [unlocked, value:2]>`);
      yield* semaphore.acquire();
      expect(String(semaphore)).toBe(`<${Kind.name} [unlocked, value:1]>`);
      yield* semaphore.acquire();
      expect(String(semaphore)).toBe(`<${Kind.name} [locked]>`);
      const tasks = [createTask(semaphore.acquire()), createTask(semaphore.acquire())];
      yield* sleep(0);
      expect(String(semaphore)).toBe(`<${Kind.name} [locked, waiters:2]>`);
      expect(semaphore.nWaiting).toBe(2);
      expect(semaphore.statistics()).toEqual({ value: 0, waiting: 2 });
      semaphore.release();
      semaphore.release();
      yield* gather(tasks);
    }));

  it("has one permit unless told otherwise", () =>
    runVirtual(function* () {
      const semaphore = new Kind();
      expect(semaphore.locked()).toBe(false);
      yield* semaphore.acquire();
      expect(semaphore.locked()).toBe(true);
    }));

  it("refuses a number of permits that is none", () => {
    expect(() => new Kind(-1)).toThrow(new RangeError("Semaphore initial value must be >= 0"));
    expect(() => new Kind(1.5)).toThrow(new TypeError(`${Kind.name} expects a whole number of permits, got 1.5`));
    expect(() => new Kind("2" as never)).toThrow(
      new TypeError(`${Kind.name} expects a whole number of permits, got 2`),
    );
  });

  it("gives permits in the order of asking", () =>
    runVirtual(function* () {
      const semaphore = new Kind(2);
      const log: string[] = [];
      yield* semaphore.acquire();
      yield* semaphore.acquire();
      const tasks = ["a", "b", "c"].map((name) => taker(semaphore, name, log));
      yield* sleep(0);
      expect(log).toEqual([]);
      semaphore.release();
      yield* sleep(0);
      expect(log).toEqual(["a"]);
      semaphore.release();
      yield* sleep(0);
      expect(log).toEqual(["a", "b"]);
      semaphore.release();
      yield* gather(tasks);
      expect(log).toEqual(["a", "b", "c"]);
    }));

  it("lets nobody in front of those who wait, though a permit is free", () =>
    runVirtual(function* () {
      const semaphore = new Kind(2);
      const log: string[] = [];
      yield* semaphore.acquire();
      yield* semaphore.acquire();
      const a = taker(semaphore, "a", log);
      yield* sleep(0);
      semaphore.release();
      semaphore.release();
      expect(semaphore.locked()).toBe(true);
      expect(semaphore.statistics()).toEqual({ value: 1, waiting: 1 });
      const b = start(
        function* () {
          yield* semaphore.acquire();
          log.push("b");
        },
        { eagerStart: true },
      );
      expect(b.done()).toBe(false);
      yield* gather([a, b]);
      expect(log).toEqual(["a", "b"]);
      expect(semaphore.locked()).toBe(true);
    }));

  it("wakes one waiter for each release, and the rest when that one runs", () =>
    runVirtual(function* () {
      const semaphore = new Kind(4);
      const log: string[] = [];
      for (let i = 0; i < 4; i++) yield* semaphore.acquire();
      const a = taker(semaphore, "a", log);
      yield* sleep(0);
      semaphore.release();
      semaphore.release();
      semaphore.release();
      const late = ["b", "c", "d"].map((name) => createTask(taking(semaphore, name, log), { eagerStart: true }));
      expect(semaphore.statistics()).toEqual({ value: 2, waiting: 4 });
      semaphore.release();
      expect(semaphore.statistics()).toEqual({ value: 2, waiting: 4 });
      yield* a;
      yield* gather(late);
      expect(log).toEqual(["a", "b", "c", "d"]);
      expect(semaphore.statistics()).toEqual({ value: 0, waiting: 0 });
    }));

  it("passes by who was cancelled while waiting", () =>
    runVirtual(function* () {
      const semaphore = new Kind(1);
      const log: string[] = [];
      yield* semaphore.acquire();
      const [a, b, c] = ["a", "b", "c"].map((name) => taker(semaphore, name, log));
      yield* sleep(0);
      b!.cancel();
      yield* wait([b!]);
      expect(b!.cancelled()).toBe(true);
      semaphore.release();
      yield* a!;
      semaphore.release();
      yield* c!;
      expect(log).toEqual(["a", "c"]);
    }));

  it("gives the permit to the next when the one it was given to is cancelled before it runs", () =>
    runVirtual(function* () {
      const semaphore = new Kind(1);
      const log: string[] = [];
      yield* semaphore.acquire();
      const [a, b, c] = ["a", "b", "c"].map((name) => taker(semaphore, name, log));
      yield* sleep(0);
      semaphore.release();
      a!.cancel();
      yield* wait([a!]);
      expect(a!.cancelled()).toBe(true);
      yield* b!;
      expect(log).toEqual(["b"]);
      semaphore.release();
      yield* c!;
      expect(semaphore.statistics()).toEqual({ value: 0, waiting: 0 });
    }));

  it("has the permit back when nobody else waits for it", () =>
    runVirtual(function* () {
      const semaphore = new Kind(1);
      const log: string[] = [];
      yield* semaphore.acquire();
      const a = taker(semaphore, "a", log);
      yield* sleep(0);
      semaphore.release();
      a.cancel();
      yield* wait([a]);
      expect(semaphore.statistics()).toEqual({ value: 1, waiting: 0 });
    }));

  it("does not hang when a waiter is cancelled and another comes in the same turn", () =>
    runVirtual(function* () {
      const semaphore = new Kind(1);
      const a = createTask(semaphore.acquire());
      const b = createTask(semaphore.acquire());
      yield* sleep(0);
      b.cancel();
      yield* sleep(0);
      semaphore.release();
      yield* semaphore.acquire();
      yield* a;
      expect(b.cancelled()).toBe(true);
      expect(semaphore.locked()).toBe(true);
    }));

  it("gives a permit that goes back once, and holds while a body runs", () =>
    runVirtual(function* () {
      const semaphore = new Kind(1);
      {
        using permit = yield* semaphore.acquire();
        expect(semaphore.locked()).toBe(true);
        permit.release();
      }
      expect(semaphore.statistics()).toEqual({ value: 1, waiting: 0 });
      const inside = yield* semaphore.hold(function* () {
        yield* sleep(1);
        return semaphore.locked();
      });
      expect(inside).toBe(true);
      expect(semaphore.locked()).toBe(false);
    }));

  it("never lets more in than it has permits", () =>
    runVirtual(function* () {
      const semaphore = new Kind(3);
      let inside = 0;
      let most = 0;
      yield* gather(
        Array.from({ length: 20 }, (_, i) =>
          semaphore.hold(function* () {
            most = Math.max(most, ++inside);
            yield* sleep(i % 7);
            inside--;
          }),
        ),
      );
      expect(most).toBe(3);
      expect(semaphore.statistics()).toEqual({ value: 3, waiting: 0 });
    }));

  it("keeps to the loop it was first waited for on", () => {
    const semaphore = new Kind(0);
    const round = () =>
      runVirtual(function* () {
        const task = createTask(semaphore.acquire());
        yield* sleep(0);
        task.cancel();
        yield* wait([task]);
        return task.cancelled() || task.exception();
      });
    expect(round()).toBe(true);
    expect(round()).toEqual(new RuntimeError(`<${Kind.name} [locked]> is bound to a different event loop`));
  });
});

function* taking(semaphore: Semaphore, name: string, log: string[]) {
  yield* semaphore.acquire();
  log.push(name);
}

describe("Semaphore", () => {
  it("may be released more often than acquired", () => {
    const semaphore = new Semaphore(0);
    semaphore.release();
    semaphore.release();
    expect(semaphore.statistics()).toEqual({ value: 2, waiting: 0 });
  });
});

describe("BoundedSemaphore", () => {
  it("may not be released more often than acquired", () =>
    runVirtual(function* () {
      const semaphore = new BoundedSemaphore(1);
      const refusal = new RangeError("BoundedSemaphore released too many times");
      expect(() => semaphore.release()).toThrow(refusal);
      yield* semaphore.acquire();
      semaphore.release();
      expect(() => semaphore.release()).toThrow(refusal);
    }));
});
