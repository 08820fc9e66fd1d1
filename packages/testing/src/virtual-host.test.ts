import { coroutine } from "@tsyncio/coroutine";
import { EventLoop } from "@tsyncio/loop";
import { fromPromise } from "@tsyncio/promise-interop";
import { createTask, sleep } from "@tsyncio/task";
import { expect, test } from "vitest";
import { VirtualTimeError } from "./errors.ts";
import { virtualHost } from "./virtual-host.ts";

function setUp(startMs = 0) {
  const host = virtualHost({ startMs });
  const loop = new EventLoop({ host });
  const order: string[] = [];
  return { host, loop, order };
}

test("advance() runs what is due, and stops the clock where it was told to", () => {
  const { host, loop, order } = setUp();
  loop.callLater(10, () => order.push(`first at ${host.now()}`));
  loop.callLater(25, () => order.push(`second at ${host.now()}`));
  host.advance(20);
  expect(order).toEqual(["first at 10"]);
  expect(host.now()).toBe(20);
  host.advance(5);
  expect(order).toEqual(["first at 10", "second at 25"]);
  expect(host.now()).toBe(25);
});

test("a timer due at the very end is run, with all that follows from it", () => {
  const { host, loop, order } = setUp();
  loop.callLater(10, () => {
    order.push("timer");
    loop.callSoon(() => {
      order.push("next turn");
      loop.callSoon(() => order.push("turn after"));
    });
  });
  host.advance(10);
  expect(order).toEqual(["timer", "next turn", "turn after"]);
});

test("advance(0) runs what is ready", () => {
  const { host, loop, order } = setUp(7);
  loop.callSoon(() => order.push("soon"));
  expect(order).toEqual([]);
  host.advance(0);
  expect(order).toEqual(["soon"]);
  expect(host.now()).toBe(7);
});

test("with nothing to do time passes all the same", () => {
  const { host } = setUp();
  host.advance(1000);
  expect(host.now()).toBe(1000);
});

test("a task is stepped by hand", () => {
  const { host, loop, order } = setUp();
  const ticks = coroutine(function* ticks() {
    for (let i = 1; i <= 3; i++) {
      yield* sleep(100);
      order.push(`tick ${i}`);
    }
    return "over";
  });
  const task = createTask(ticks(), { loop });
  host.advance(250);
  expect(order).toEqual(["tick 1", "tick 2"]);
  expect(task.done()).toBe(false);
  host.advance(50);
  expect(task.result()).toBe("over");
});

test("an async test may await between two steps", async () => {
  const { host, loop } = setUp();
  const task = createTask(
    (function* main() {
      return yield* fromPromise(Promise.resolve("page"));
    })(),
    { loop },
  );
  host.advance(0);
  expect(task.done()).toBe(false);
  await Promise.resolve();
  await Promise.resolve();
  host.advance(0);
  expect(task.result()).toBe("page");
});

test("advance() says why it cannot", () => {
  expect(() => virtualHost().advance(1)).toThrow("advance() has no loop to run: make one with new EventLoop({ host })");
  const { host, loop } = setUp();
  let thrown: unknown;
  loop.callSoon(() => {
    try {
      host.advance(1);
    } catch (error) {
      thrown = error;
    }
  });
  host.advance(0);
  expect(thrown).toEqual(
    new VirtualTimeError(
      "advance() was called while its loop is running: call it from outside the loop, or `yield* sleep(delayMs)` inside",
    ),
  );
  expect(() => host.advance(-1)).toThrow(new RangeError("delayMs must be 0 or more milliseconds, got -1"));
  expect(() => host.advance(Number.NaN)).toThrow(new RangeError("delayMs must be 0 or more milliseconds, got NaN"));
  // @ts-expect-error a number is expected
  expect(() => host.advance("1")).toThrow(new TypeError("delayMs must be a number of milliseconds, got 1"));
});

test("an error inside leaves the host usable", () => {
  const host = virtualHost({ maxTimeMs: 100 });
  const loop = new EventLoop({ host });
  loop.callLater(200, () => {});
  expect(() => host.advance(300)).toThrow("the next timer is due at 200 ms, beyond the limit of 100 ms");
  host.advance(10);
  expect(host.now()).toBe(10);
  loop.close();
});

test("runUntilComplete() works on it, and a loop without anything to do is told so", () => {
  const { loop } = setUp();
  expect(loop.runUntilComplete(createTask(sleep(5, "slept"), { loop }))).toBe("slept");
  expect(() => loop.runForever()).toThrow(
    "the loop has nothing ready and no timer, and nothing else can wake it in virtual time",
  );
});
