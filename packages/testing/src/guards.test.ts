import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop } from "@tsyncio/loop";
import { createTask, currentTask, run, sleep } from "@tsyncio/task";
import { afterEach, expect, test } from "vitest";
import { Guard } from "./guards.ts";
import { runVirtual } from "./run-virtual.ts";
import { virtualHost } from "./virtual-host.ts";
import { allowLeftovers } from "./vitest.ts";

const loops: EventLoop[] = [];

function newLoop(): EventLoop {
  const loop = new EventLoop({ host: virtualHost() });
  loops.push(loop);
  return loop;
}

afterEach(() => {
  for (const loop of loops.splice(0)) loop.close();
});

/** What `body` leaves behind. */
function leftBy(body: () => void, guard = new Guard()): string[] {
  try {
    body();
  } finally {
    // Not to be found by the guard of this test.
    for (const loop of loops) loop._failures.clear();
  }
  return guard.end();
}

const idle = coroutine(function* idle() {
  yield* new Future();
});

test("nothing is left by a run that ends", () => {
  expect(
    leftBy(() => {
      runVirtual(function* () {
        createTask(sleep(1000));
        yield* sleep(10);
      });
    }),
  ).toEqual([]);
});

test("tasks and timers", () => {
  allowLeftovers("tasks", "timers");
  const left = leftBy(() => {
    const loop = newLoop();
    createTask(idle(), { loop, name: "idle" });
    loop.callLater(10, function alarm() {});
    (loop.host as ReturnType<typeof virtualHost>).advance(0);
  });
  expect(left).toEqual([
    'a task is left: <Task pending name="idle" coro=idle() awaiting=<Future pending>>',
    "a timer is left: <TimerHandle alarm() when=10>",
  ]);
});

test("a task that has not begun is told of, and not its coroutine too", () => {
  // Its loop is closed before the guard of this test looks, and the coroutine will never run.
  allowLeftovers("tasks", "coroutines");
  expect(
    leftBy(() => {
      createTask(idle(), { loop: newLoop(), name: "idle" });
    }),
  ).toEqual(['a task is left: <Task pending name="idle" coro=idle()>']);
});

test("what was there before the test is not its own", () => {
  allowLeftovers("tasks", "timers", "coroutines");
  const loop = newLoop();
  createTask(idle(), { loop });
  loop.callLater(10, () => {});
  expect(leftBy(() => loop.callSoon(() => {}))).toEqual([]);
});

test("what was on a loop that is closed is gone", () => {
  expect(
    leftBy(() => {
      const loop = newLoop();
      loop.callLater(10, () => {});
      loop.close();
    }),
  ).toEqual([]);
});

test("failures nobody retrieved, and errors of callbacks", () => {
  allowLeftovers("failures");
  const guard = new Guard();
  const loop = newLoop();
  loop.callSoon(() => {});
  new Future({ loop }).setException(new Error("forgotten"));
  loop.defaultExceptionHandler = () => {};
  expect(guard.end()).toEqual(["failures nobody retrieved: 1"]);
  loop._failures.clear();
});

test("errors that go to the console", () => {
  allowLeftovers("failures");
  const log = console.error;
  console.error = () => {};
  try {
    const left = leftBy(() => {
      const loop = newLoop();
      loop.callSoon(function fails() {
        throw new Error("no");
      });
      (loop.host as ReturnType<typeof virtualHost>).advance(0);
      loop.callExceptionHandler({ message: "by itself" });
    });
    expect(left).toEqual(["Exception in callback <Handle fails()>: Error: no", "by itself"]);
    const expected = new Guard(() => true);
    expect(leftBy(() => newLoop().callExceptionHandler({ message: "looked for" }), expected)).toEqual([]);
  } finally {
    console.error = log;
  }
});

test("coroutines nobody awaited", () => {
  allowLeftovers("coroutines");
  expect(leftBy(() => idle())).toEqual(["a coroutine was never awaited: <Coroutine created idle()>"]);
  expect(leftBy(() => idle().close())).toEqual([]);
});

test("cancellations that were swallowed", () => {
  allowLeftovers("cancellations");
  const swallow = coroutine(function* swallow(takeBack: boolean) {
    const task = createTask(
      (function* stubborn() {
        try {
          yield* sleep(10);
        } catch {
          if (takeBack) currentTask()!.uncancel();
        }
      })(),
      { name: "stubborn" },
    );
    yield* sleep(1);
    task.cancel();
    yield* task;
  });
  expect(leftBy(() => runVirtual(swallow(false)))).toEqual([
    "a cancellation was swallowed by stubborn: let the CancelledError pass, or call uncancel()",
  ]);
  expect(leftBy(() => runVirtual(swallow(true)))).toEqual([]);
});

test("what is allowed is not told", () => {
  allowLeftovers("coroutines");
  const guard = new Guard();
  guard.allow("coroutines");
  expect(leftBy(() => idle(), guard)).toEqual([]);
});

test("an async test is watched to its end", async () => {
  const guard = new Guard();
  await run(sleep(0));
  expect(guard.end()).toEqual([]);
});
