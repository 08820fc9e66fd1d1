import { RuntimeError } from "@tsyncio/context";
import { createTask, gather, sleep, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { Event } from "./index.ts";

describe("Event", () => {
  it("prints whether it is set and how many wait", () =>
    runVirtual(function* () {
      const event = new Event();
      expect(String(event)).toBe("<Event [unset]>");
      const task = createTask(event.wait());
      yield* sleep(0);
      expect(String(event)).toBe("<Event [unset, waiters:1]>");
      expect(event.nWaiting).toBe(1);
      expect(event.statistics()).toEqual({ set: false, waiting: 1 });
      event.set();
      expect(String(event)).toBe("<Event [set, waiters:1]>");
      yield* task;
      expect(event.statistics()).toEqual({ set: true, waiting: 0 });
    }));

  it("wakes everyone in the order they came", () =>
    runVirtual(function* () {
      const event = new Event();
      const log: string[] = [];
      const tasks = ["a", "b", "c"].map((name) =>
        start(function* () {
          expect(yield* event.wait()).toBe(true);
          log.push(name);
        }),
      );
      yield* sleep(0);
      expect(event.isSet()).toBe(false);
      expect(log).toEqual([]);
      event.set();
      expect(log).toEqual([]);
      yield* sleep(0);
      expect(log).toEqual(["a", "b", "c"]);
      yield* gather(tasks);
    }));

  it("lets everyone through while it is set, without suspending", () =>
    runVirtual(function* () {
      const event = new Event();
      event.set();
      event.set();
      let others = 0;
      const task = start(function* () {
        others++;
      });
      expect(yield* event.wait()).toBe(true);
      expect(others).toBe(0);
      yield* task;
    }));

  it("lets a task through that was made of wait() while it was unset", () =>
    runVirtual(function* () {
      const event = new Event();
      const task = createTask(event.wait());
      event.set();
      expect(yield* task).toBe(true);
      expect(event.nWaiting).toBe(0);
    }));

  it("forgets who was cancelled", () =>
    runVirtual(function* () {
      const event = new Event();
      const [a, b] = [createTask(event.wait()), createTask(event.wait())];
      yield* sleep(0);
      a.cancel();
      event.set();
      yield* wait([a, b]);
      expect(a.cancelled()).toBe(true);
      expect(b.result()).toBe(true);
      expect(event.nWaiting).toBe(0);
    }));

  it("makes those who come after clear() wait", () =>
    runVirtual(function* () {
      const event = new Event();
      event.set();
      event.clear();
      expect(event.isSet()).toBe(false);
      const task = createTask(event.wait());
      yield* sleep(0);
      expect(task.done()).toBe(false);
      event.set();
      yield* task;
    }));

  it("wakes those who waited although it is cleared before they run, and nobody twice", () =>
    runVirtual(function* () {
      const event = new Event();
      const log: string[] = [];
      const waiter = (name: string) =>
        start(function* () {
          yield* event.wait();
          log.push(name);
        });
      const a = waiter("a");
      yield* sleep(0);
      event.set();
      event.clear();
      const b = waiter("b");
      yield* sleep(0);
      expect(log).toEqual(["a"]);
      event.set();
      event.clear();
      event.set();
      yield* gather([a, b]);
      expect(log).toEqual(["a", "b"]);
    }));

  it("keeps to the loop it was first waited for on", () => {
    const event = new Event();
    runVirtual(function* () {
      const task = createTask(event.wait());
      yield* sleep(0);
      event.set();
      yield* task;
    });
    event.clear();
    runVirtual(function* () {
      const task = createTask(event.wait());
      yield* wait([task]);
      expect(task.exception()).toEqual(new RuntimeError("<Event [unset]> is bound to a different event loop"));
    });
  });
});
