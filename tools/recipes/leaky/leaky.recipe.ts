/** Each of these tests passes, but for the guards. */
import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop } from "@tsyncio/loop";
import { createTask, sleep } from "@tsyncio/task";
import { runVirtual, virtualHost } from "@tsyncio/testing";
import { test } from "vitest";

test("a task", () => {
  const loop = new EventLoop({ host: virtualHost() });
  createTask(sleep(1000), { loop, name: "forgotten" });
});

test("a timer", () => {
  new EventLoop({ host: virtualHost() }).callLater(1000, () => {});
});

test("a failure", () => {
  runVirtual(function* () {
    new Future().setException(new Error("nobody looks"));
    yield* sleep(0);
  });
});

test("a coroutine", () => {
  coroutine(function* forgotten() {})();
});

test("a cancellation", () => {
  runVirtual(function* () {
    const task = createTask(
      (function* swallows() {
        try {
          yield* sleep(1000);
        } catch {
          // Swallowed.
        }
      })(),
    );
    yield* sleep(0);
    task.cancel();
    yield* task;
  });
});
