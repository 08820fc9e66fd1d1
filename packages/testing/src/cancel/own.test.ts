/** Our own locks, queues and combinators, cancelled everywhere, twice. */
import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { LifoQueue, PriorityQueue, Queue } from "@tsyncio/queue";
import { Barrier, BoundedSemaphore, BrokenBarrierError, Condition, Event, Lock, Semaphore } from "@tsyncio/sync";
import {
  asCompleted,
  ExceptionGroup,
  gather,
  shield,
  sleep,
  type Task,
  type TaskGroup,
  TimeoutError,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "@tsyncio/task";
import { expect, test } from "vitest";
import type { CancellationFailure } from "../errors.ts";
import type { Program } from "../explore/run-schedule.ts";
import { cancelEverywhere } from "./cancel-everywhere.ts";

/** Runs `body` in a group whose children it makes, so that nothing is left over when it is cancelled. */
function inGroup(body: (group: TaskGroup) => Generator<any, void, unknown>): Program {
  return function* main() {
    yield* taskGroup(body);
  };
}

/** Runs `work` for each of `count`; a worker that is cancelled by itself does not disturb the others. */
function workers(count: number, work: (n: number) => Generator<any, void, unknown>): Program {
  const worker = coroutine(function* worker(n: number) {
    yield* work(n);
  });
  return inGroup(function* (group) {
    for (let n = 1; n <= count; n++) group.createTask(worker(n), { name: `worker ${n}` });
  });
}

const programs: Record<string, () => Program> = {
  Lock: () => {
    return function* (world) {
      const lock = new Lock();
      let inside = 0;
      world.invariant(() => expect(inside).toBeLessThan(2));
      yield* workers(3, function* () {
        yield* lock.hold(function* () {
          inside++;
          try {
            yield* sleep(5);
          } finally {
            inside--;
          }
        });
      })(world) as any;
    };
  },
  "Lock with permits": () => {
    return function* (world) {
      const lock = new Lock();
      yield* workers(3, function* () {
        const permit = yield* lock.acquire();
        try {
          yield* sleep(0);
        } finally {
          permit.release();
        }
      })(world) as any;
    };
  },
  Event: () => {
    return inGroup(function* (group) {
      const event = new Event();
      const waiter = coroutine(function* waiter() {
        yield* event.wait();
      });
      group.createTask(waiter());
      group.createTask(waiter());
      yield* sleep(1);
      event.set();
    });
  },
  Condition: () => {
    return inGroup(function* (group) {
      const condition = new Condition();
      let items = 0;
      const consumer = coroutine(function* consumer() {
        // Whoever is cancelled leaves its item to another, so the wait is limited.
        yield* condition.hold(function* () {
          try {
            yield* waitFor(
              condition.waitFor(() => items > 0),
              100,
            );
            items--;
          } catch (error) {
            if (!(error instanceof TimeoutError)) throw error;
          }
        });
      });
      for (let n = 1; n <= 2; n++) group.createTask(consumer(), { name: `consumer ${n}` });
      yield* sleep(1);
      yield* condition.hold(function* () {
        items += 2;
        condition.notify(2);
      });
    });
  },
  Semaphore: () => {
    return function* (world) {
      const semaphore = new Semaphore(2);
      let inside = 0;
      world.invariant(() => expect(inside).toBeLessThan(3));
      yield* workers(4, function* () {
        yield* semaphore.hold(function* () {
          inside++;
          try {
            yield* sleep(5);
          } finally {
            inside--;
          }
        });
      })(world) as any;
    };
  },
  BoundedSemaphore: () => {
    return function* (world) {
      const semaphore = new BoundedSemaphore(1);
      yield* workers(3, function* () {
        yield* semaphore.hold(function* () {
          yield* sleep(0);
        });
      })(world) as any;
    };
  },
  Barrier: () => {
    return inGroup(function* (group) {
      const barrier = new Barrier(2);
      const runner = coroutine(function* runner() {
        try {
          yield* timeout(50, () => barrier.wait());
        } catch (error) {
          // The other one was cancelled, or sent this one away.
          if (!(error instanceof TimeoutError) && !(error instanceof BrokenBarrierError)) throw error;
        }
      });
      for (let n = 1; n <= 4; n++) group.createTask(runner(), { name: `runner ${n}` });
      yield* sleep(5);
    });
  },
  "Barrier that is aborted and reset": () => {
    return inGroup(function* (group) {
      const barrier = new Barrier(3);
      const runner = coroutine(function* runner() {
        try {
          yield* barrier.wait();
        } catch (error) {
          if (!(error instanceof BrokenBarrierError)) throw error;
        }
      });
      group.createTask(runner());
      group.createTask(runner());
      try {
        yield* sleep(5);
        yield* barrier.reset();
      } finally {
        yield* barrier.abort();
      }
    });
  },
};

for (const [name, make] of Object.entries({
  Queue: () => new Queue<number>(1),
  PriorityQueue: () => new PriorityQueue<number>(1),
  LifoQueue: () => new LifoQueue<number>(1),
})) {
  programs[name] = () => {
    return function* (world) {
      const queue = make();
      let put = 0;
      let got = 0;
      world.invariant(() => expect(put - got).toBe(queue.qsize()));
      const putter = coroutine(function* putter() {
        for (let item = 1; item <= 2; item++) {
          yield* queue.put(item);
          put++;
        }
      });
      const getter = coroutine(function* getter() {
        for (let item = 1; item <= 2; item++) {
          try {
            yield* timeout(20, function* () {
              yield* queue.get();
              got++;
            });
            queue.taskDone();
          } catch (error) {
            if (!(error instanceof TimeoutError)) throw error;
          }
        }
      });
      yield* taskGroup(function* (group) {
        const putters = [group.createTask(putter()), group.createTask(putter())];
        group.createTask(getter());
        group.createTask(getter());
        // When getters are cancelled nobody makes room: the putters do not wait for ever.
        try {
          yield* sleep(60);
        } finally {
          for (const task of putters) task.cancel();
        }
      });
    };
  };
}

Object.assign(programs, {
  "Queue that is joined and shut down": () => {
    return inGroup(function* (group) {
      const queue = new Queue<number>();
      const consumer = coroutine(function* consumer() {
        for (;;) {
          yield* queue.get();
          try {
            yield* sleep(5);
          } finally {
            queue.taskDone();
          }
        }
      });
      const consumers: Task<never>[] = [1, 2].map((n) => group.createTask(consumer(), { name: `consumer ${n}` }));
      for (let item = 1; item <= 3; item++) yield* queue.put(item);
      try {
        yield* timeout(100, () => queue.join());
      } catch (error) {
        // All consumers were cancelled.
        if (!(error instanceof TimeoutError)) throw error;
      } finally {
        for (const task of consumers) task.cancel();
      }
    });
  },
  sleep: () => {
    return function* () {
      yield* sleep(5);
      yield* sleep(0);
    };
  },
  wait: () => {
    return inGroup(function* (group) {
      const { pending } = yield* wait([group.createTask(sleep(5)), group.createTask(sleep(10))], {
        timeoutMs: 7,
        returnWhen: "ALL_COMPLETED",
      });
      for (const task of pending) task.cancel();
    });
  },
  waitFor: () => {
    return function* () {
      try {
        yield* waitFor(sleep(10), 5);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    };
  },
  asCompleted: () => {
    return inGroup(function* (group) {
      const tasks = [group.createTask(sleep(10, "b")), group.createTask(sleep(5, "a"))];
      for (const next of asCompleted(tasks, { timeoutMs: 20 })) {
        try {
          yield* next;
        } catch (error) {
          // A child was cancelled by itself.
          if (!(error instanceof CancelledError) || tasks.every((task) => !task.cancelled())) throw error;
        }
      }
    });
  },
  timeout: () => {
    return function* () {
      try {
        yield* timeout(5, function* (scope) {
          yield* sleep(1);
          scope.reschedule(getRunningLoop().time() + 2);
          yield* sleep(10);
        });
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    };
  },
  taskGroup: () => {
    return function* () {
      const failing = coroutine(function* failing() {
        yield* sleep(5);
        throw new Error("no");
      });
      try {
        yield* taskGroup(function* (group) {
          group.createTask(failing(), { name: "failing" });
          group.createTask(sleep(10), { name: "sleeping" });
          yield* sleep(20);
        });
      } catch (error) {
        if (!(error instanceof ExceptionGroup)) throw error;
      }
    };
  },
  "taskGroup in a taskGroup": () => {
    return inGroup(function* (outer) {
      const inner = coroutine(function* inner() {
        yield* taskGroup(function* (group) {
          group.createTask(sleep(5));
          group.createTask(sleep(0));
        });
      });
      outer.createTask(inner());
      yield* sleep(1);
    });
  },
  shield: () => {
    return inGroup(function* (group) {
      const inner = group.createTask(sleep(10), { name: "inner" });
      yield* shield(inner);
    });
  },
  "a future by itself": () => {
    return function* () {
      const reply = new Future<void>();
      const timer = getRunningLoop().callLater(5, () => {
        if (!reply.done()) reply.setResult();
      });
      try {
        yield* reply;
      } finally {
        timer.cancel();
      }
    };
  },
} satisfies Record<string, () => Program>);

for (const [name, make] of Object.entries(programs)) {
  test(`${name} stands cancellation everywhere`, () => {
    const report = cancelEverywhere((world) => make()(world), { twice: true, maxRuns: 5000 });
    expect(report.complete).toBe(true);
    expect(report.points).toBeGreaterThan(0);
  });
}

test("gather stands the cancellation of whoever awaits it", () => {
  for (const returnExceptions of [false, true]) {
    const report = cancelEverywhere(
      function* () {
        yield* gather([sleep(5), sleep(10), sleep(0)], { returnExceptions } as { returnExceptions: true });
      },
      { twice: true, tasks: (name) => name === "main" },
    );
    expect(report.complete).toBe(true);
  }
});

test("gather leaves the others running when one of them is cancelled, as asyncio's does", () => {
  let failure: unknown;
  try {
    cancelEverywhere(
      function* () {
        yield* gather([sleep(5), sleep(10)]);
      },
      { tasks: (name) => name === "task 1" },
    );
  } catch (error) {
    failure = error;
  }
  const { failures } = failure as CancellationFailure;
  expect(failures[0]!.problems).toEqual(["task 2 is left running, in sleep()"]);
});
