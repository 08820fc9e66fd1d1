import { CancelledError } from "@tsyncio/future";
import { cancelOnAbort } from "@tsyncio/promise-interop";
import { expect, test } from "vitest";
import { virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { run } from "./run.ts";
import { sleep } from "./sleep.ts";
import { wait } from "./wait.ts";

/** A signal that counts who listens. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const count = { now: 0, most: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: unknown[]) => {
    count.most = Math.max(count.most, ++count.now);
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    count.now--;
    Reflect.apply(removeEventListener, signal, args);
  };
  return { signal, abort: (reason: unknown) => controller.abort(reason), count };
}

test("100,000 tasks on one long-lived signal leave no listener behind", () => {
  const { signal, abort, count } = countedSignal();
  virtually(function* () {
    // As many at once as there may be, and then those that come and go.
    const together = Array.from({ length: 50_000 }, () => createTask(sleep(1)));
    for (const task of together) cancelOnAbort(task, signal);
    expect(count).toEqual({ now: 1, most: 1 });
    yield* wait(together);
    expect(count.now).toBe(0);
    for (let i = 0; i < 50_000; i++) {
      const task = createTask(sleep(0));
      cancelOnAbort(task, signal);
      yield* task;
    }
    expect(count).toEqual({ now: 0, most: 1 });

    const last = createTask(sleep(1));
    cancelOnAbort(last, signal);
    abort(new Error("enough"));
    yield* wait([last]);
    expect([last.cancelled(), count.now]).toEqual([true, 0]);
  });
});

test("runs that a signal may cancel leave no listener behind", async () => {
  const { signal, abort, count } = countedSignal();
  for (let i = 0; i < 1_000; i++) await run(sleep(0), { signal });
  await run(
    (function* fails() {
      yield* sleep(0);
      throw new Error("no");
    })(),
    { signal },
  ).catch(() => {});
  expect(count).toEqual({ now: 0, most: 1 });
  const stopped = run(sleep(60_000), { signal });
  abort(new Error("enough"));
  const reason: unknown = await stopped.catch((error) => error);
  expect(reason).toBeInstanceOf(CancelledError);
  expect([(reason as Error).message, (reason as Error).cause, count.now]).toEqual(["enough", signal.reason, 0]);
});
