import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop, type GuestHost } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Barrier, Condition, Event, Lock, Semaphore } from "@tsyncio/sync";
import { createTask, run, sleep } from "@tsyncio/task";
import { expect, test } from "vitest";
import { DeadlockError, explainDeadlocks } from "./deadlock.ts";
import { runVirtual } from "./run-virtual.ts";
import { allowLeftovers } from "./vitest.ts";

function deadlockIn(main: Parameters<typeof runVirtual>[0], debug = false): DeadlockError {
  try {
    runVirtual(main, { debug });
  } catch (error) {
    expect(error).toBeInstanceOf(DeadlockError);
    return error as DeadlockError;
  }
  throw new Error("no deadlock");
}

const transfer = coroutine(function* transfer(first: Lock, second: Lock) {
  yield* first.acquire();
  yield* sleep(1);
  yield* second.acquire();
});

test("two locks taken in opposite orders: who holds what, and the circle", () => {
  const main = coroutine(function* main() {
    const accounts = [new Lock(), new Lock()] as const;
    const tasks = [
      createTask(transfer(accounts[0], accounts[1]), { name: "a to b" }),
      createTask(transfer(accounts[1], accounts[0]), { name: "b to a" }),
    ];
    for (const task of tasks) yield* task;
  });
  const error = deadlockIn(main());
  expect(error.message).toBe(
    [
      "nothing is ready, no timer is set, and 3 tasks wait for what can never come:",
      "  main",
      "    in main()",
      "    waits for the task a to b",
      "  a to b",
      "    in transfer() > acquire()",
      "    waits for Lock 1 <Lock [locked, waiters:1]>, held by b to a",
      "  b to a",
      "    in transfer() > acquire()",
      "    waits for Lock 2 <Lock [locked, waiters:1]>, held by a to b",
      "  They wait in a circle: a to b -> b to a -> a to b",
    ].join("\n"),
  );
  // Where the error is printed its message is enough.
  expect(Object.keys(error)).toEqual(["name"]);
  const { tasks, cycles } = error.graph;
  expect(tasks.map(({ awaits }) => awaits.kind)).toEqual(["task", "resource", "resource"]);
  expect(tasks[1]!.awaits.waitsFor[0]).toBe(tasks[2]!.task);
  expect(cycles.map((cycle) => cycle.map(({ name }) => name))).toEqual([["a to b", "b to a"]]);
});

/** What the only task besides main waits for. */
function waitingFor(body: () => Generator<any, unknown, unknown>): string {
  const main = coroutine(function* main() {
    yield* createTask(body(), { name: "waiter" });
  });
  return deadlockIn(main()).graph.tasks.at(-1)!.awaits.description;
}

test("each thing says why it cannot come", () => {
  expect(
    waitingFor(function* () {
      yield* new Future();
    }),
  ).toBe("<Future pending>, which nobody is about to settle");
  expect(
    waitingFor(function* () {
      yield* new Event().wait();
    }),
  ).toBe("Event 1 <Event [unset, waiters:1]>, which nobody sets");
  expect(
    waitingFor(function* () {
      const semaphore = new Semaphore(1);
      yield* semaphore.acquire();
      yield* semaphore.acquire();
    }),
  ).toBe("Semaphore 1 <Semaphore [locked, waiters:1]>, held by waiter");
  expect(
    waitingFor(function* () {
      yield* new Semaphore(0).acquire();
    }),
  ).toBe("Semaphore 1 <Semaphore [locked, waiters:1]>, whose permits nobody holds");
  expect(
    waitingFor(function* () {
      const condition = new Condition();
      yield* condition.acquire();
      yield* condition.wait();
    }),
  ).toBe("Condition 1 <Condition [unlocked, waiters:1]>, which nobody notifies");
  expect(
    waitingFor(function* () {
      yield* new Barrier(3).wait();
    }),
  ).toBe("Barrier 1 <Barrier [filling, waiters:1/3]>, at which 1 of 3 have come");
  expect(
    waitingFor(function* () {
      yield* new Queue().get();
    }),
  ).toBe("Queue 1 <Queue maxsize=0 qsize=0 getters=1>, for an item: it is empty, and no task puts");
  expect(
    waitingFor(function* () {
      const queue = new Queue<number>(1);
      yield* queue.put(1);
      yield* queue.put(2);
    }),
  ).toBe("Queue 1 <Queue maxsize=1 qsize=1 putters=1 tasks=1>, for room: it is full, and no task gets");
  expect(
    waitingFor(function* () {
      const queue = new Queue<number>(1);
      yield* queue.put(1);
      yield* queue.join();
    }),
  ).toBe("Queue 1 <Queue maxsize=1 qsize=1 tasks=1>, for its items to be done: 1 of them not yet");
});

test("a task that holds a lock and has ended holds it for ever", () => {
  const main = coroutine(function* main() {
    const lock = new Lock();
    yield* createTask(
      (function* careless() {
        yield* lock.acquire();
      })(),
      { name: "careless" },
    );
    yield* lock.acquire();
  });
  expect(deadlockIn(main()).graph.tasks[0]!.awaits.description).toBe(
    "Lock 1 <Lock [locked, waiters:1]>, held by careless, which has ended",
  );
});

test("the whole chain of coroutines is shown, and in debug mode where tasks were made", () => {
  const inner = coroutine(function* inner() {
    yield* new Future();
  });
  const outer = coroutine(function* outer() {
    yield* inner();
  });
  const main = coroutine(function* main() {
    yield* createTask(outer(), { name: "worker" });
  });
  const { tasks } = deadlockIn(main(), true).graph;
  expect(tasks[1]!.coroutines).toEqual(["outer", "inner"]);
  expect(tasks[1]!.madeAt).toMatch(/^src\/deadlock\.test\.ts:\d+:\d+$/);
});

test("a lock that is given back is held by nobody", () => {
  const main = coroutine(function* main() {
    const lock = new Lock();
    const hold = coroutine(function* hold() {
      yield* lock.hold(function* () {
        yield* sleep(1);
      });
    });
    yield* createTask(hold());
    yield* createTask(hold());
    yield* new Future();
  });
  expect(deadlockIn(main()).graph.cycles).toEqual([]);
});

test("clean-up still runs", () => {
  const order: string[] = [];
  const main = coroutine(function* main() {
    try {
      yield* new Future();
    } finally {
      yield* sleep(1);
      order.push("cleaned up");
    }
  });
  deadlockIn(main());
  expect(order).toEqual(["cleaned up"]);
});

/** A host whose platform has nothing left to do as soon as its loop has not. */
function idleHost() {
  const listeners = new Set<() => void>();
  const host: GuestHost = {
    kind: "guest",
    clockResolutionMs: 1e-3,
    turnBudgetMs: 8,
    now: () => 0,
    wakeSoon: (wake) => void Promise.resolve().then(wake),
    wakeAt: () => () => {},
    giveWay: (wake) => void Promise.resolve().then(wake),
    onIdle(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tellIdle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    for (const listener of listeners) listener();
  };
  return { host, tellIdle, listeners };
}

test("run() tells of a deadlock when the platform has nothing left to do", async () => {
  const { host, tellIdle, listeners } = idleHost();
  const order: string[] = [];
  const main = coroutine(function* main() {
    const lock = new Lock();
    try {
      yield* lock.acquire();
      yield* lock.acquire();
    } finally {
      order.push("cleaned up");
    }
  });
  const running = run(main(), { loop: new EventLoop({ host }), onDeadlock: explainDeadlocks() });
  await tellIdle();
  await expect(running).rejects.toThrow(DeadlockError);
  await expect(running).rejects.toThrow("waits for Lock 1 <Lock [locked, waiters:1]>, held by");
  expect(order).toEqual(["cleaned up"]);
  expect(listeners.size).toBe(0);
});

test("run() says nothing when main has ended in time", async () => {
  const { host, tellIdle, listeners } = idleHost();
  const running = run(sleep(0), { loop: new EventLoop({ host }), onDeadlock: explainDeadlocks() });
  await tellIdle();
  await running;
  expect(listeners.size).toBe(0);
});

test("run() gives up a main that cannot even be cancelled", async () => {
  allowLeftovers("cancellations");
  const { host, tellIdle } = idleHost();
  const main = coroutine(function* stubborn() {
    for (let attempts = 0; attempts < 2; attempts++) {
      try {
        yield* new Future();
      } catch {
        // Declines.
      }
    }
  });
  const running = run(main(), { loop: new EventLoop({ host }), onDeadlock: explainDeadlocks() });
  await tellIdle();
  await tellIdle();
  await expect(running).rejects.toThrow(DeadlockError);
});
