import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Condition, Lock, Semaphore } from "@tsyncio/sync";
import { createTask, gather, sleep, taskGroup } from "@tsyncio/task";
import { expect, test } from "vitest";
import { CancellationFailure } from "../errors.ts";
import type { Program } from "../explore/run-schedule.ts";
import { type CancelEverywhereOptions, cancelEverywhere } from "./cancel-everywhere.ts";

function failureOf(program: Program, options?: CancelEverywhereOptions): CancellationFailure {
  try {
    cancelEverywhere(program, options);
  } catch (error) {
    if (error instanceof CancellationFailure) return error;
    throw error;
  }
  throw new Error("no failure was found");
}

/** What was wrong, without the places. */
function problemsOf(failure: CancellationFailure): string[] {
  return [...new Set(failure.failures.flatMap(({ problems }) => problems))];
}

test("a program that cleans up stands it everywhere", () => {
  const report = cancelEverywhere(
    function* clean() {
      const lock = new Lock();
      const work = coroutine(function* work() {
        yield* lock.hold(function* () {
          yield* sleep(10);
        });
      });
      yield* taskGroup(function* (group) {
        group.createTask(work());
        group.createTask(work());
        yield* sleep(5);
      });
    },
    { twice: true },
  );
  expect(report.complete).toBe(true);
  expect(report.points).toBe(8);
  expect(report.runs).toBeGreaterThan(report.points);
});

test("a lock that is not given back: the task, the chain and the place are named", () => {
  const failure = failureOf(function* careless() {
    const lock = new Lock();
    const work = coroutine(function* work() {
      yield* lock.acquire();
      yield* sleep(10);
      lock.release();
    });
    yield* taskGroup(function* (group) {
      group.createTask(work(), { name: "worker" });
    });
  });
  const worker = failure.failures.find(({ task }) => task === "worker")!;
  expect(worker.where).toMatch(
    /^work\(\) > sleep\(\) at cancel\/cancel-everywhere\.test\.ts:\d+:\d+, waiting for a future$/,
  );
  expect(worker.problems).toEqual(["Lock 1 <Lock [locked]> is left locked"]);
  expect(failure.message).toContain("worker, cancelled in work() > sleep() at cancel/cancel-everywhere.test.ts:");
  expect(Object.keys(failure)).not.toContain("failures");
});

test("a permit too many", () => {
  const failure = failureOf(function* overRelease() {
    const permits = new Semaphore(1);
    const query = coroutine(function* query() {
      try {
        yield* permits.acquire();
        yield* sleep(10);
      } finally {
        permits.release();
      }
    });
    yield* gather([query(), query()]);
  });
  expect(problemsOf(failure)).toContain(
    "Semaphore 1 <Semaphore [unlocked, value:2]> has 2 permits, not 1 as in the beginning",
  );
});

test("children that outlive main", () => {
  const failure = failureOf(function* unstructured() {
    const child = createTask(sleep(100), { name: "child" });
    yield* sleep(10);
    yield* child;
  });
  expect(problemsOf(failure)).toEqual(["child is left running, in sleep()"]);
});

test("a timer that is not taken back", () => {
  const failure = failureOf(function* timer() {
    const loop = getRunningLoop();
    const reply = new Future<void>();
    const alarm = loop.callLater(1000, () => {});
    loop.callLater(10, () => {
      if (!reply.done()) reply.setResult();
    });
    yield* reply;
    alarm.cancel();
  });
  expect(problemsOf(failure)).toEqual(["2 timers are left", "1 timer is left"]);
});

test("a program that does not end once it is cancelled", () => {
  const failure = failureOf(
    function* stubborn() {
      for (let done = false; !done; ) {
        try {
          yield* sleep(10);
          done = true;
        } catch {
          yield* new Future();
        }
      }
    },
    { tasks: (name) => name === "main" },
  );
  expect(problemsOf(failure)[0]).toContain("it does not end: DeadlockError: nothing is ready");
});

test("a failure nobody sees", () => {
  const failure = failureOf(function* unseen() {
    const helper = coroutine(function* helper() {
      try {
        yield* sleep(10);
      } finally {
        yield* sleep(0);
        // biome-ignore lint/correctness/noUnsafeFinally: the clean-up fails
        if (getRunningLoop().time() < 10) throw new Error("clean-up failed");
      }
    });
    const task = createTask(helper());
    try {
      yield* sleep(20);
    } finally {
      task.cancel();
    }
  });
  expect(problemsOf(failure).join()).toContain("clean-up failed");
});

test("a coroutine that is abandoned half-way", () => {
  const failure = failureOf(function* abandon() {
    const half = coroutine(function* half() {
      try {
        yield* sleep(1);
      } finally {
        // Never comes here.
      }
    });
    yield* sleep(1);
    const abandoned = half();
    abandoned.send();
    try {
      yield* sleep(10);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
    }
    try {
      abandoned.throw(new Error("over"));
    } catch {
      // Over.
    }
  });
  expect(problemsOf(failure)).toContain("<Coroutine suspended half()> was abandoned: its finally blocks did not run");
});

test("the second cancellation, during the clean-up", () => {
  function* main() {
    const lock = new Lock();
    yield* lock.acquire();
    try {
      yield* sleep(10);
    } finally {
      yield* sleep(5);
      lock.release();
    }
  }
  expect(failureOf(main).failures.map(({ where }) => where.split(" at ")[0])).toEqual([
    "main() > sleep()",
    "main() > sleep()",
  ]);
  function* cleansUpOnce() {
    const lock = new Lock();
    yield* lock.acquire();
    try {
      yield* sleep(10);
    } catch (error) {
      yield* sleep(5);
      lock.release();
      throw error;
    }
    lock.release();
  }
  expect(cancelEverywhere(cleansUpOnce).complete).toBe(true);
  const failure = failureOf(cleansUpOnce, { twice: true });
  expect(failure.failures[0]!.secondWhere).toContain("cleansUpOnce() > sleep()");
  expect(failure.failures[0]!.problems).toEqual(["Lock 1 <Lock [locked]> is left locked"]);
});

test("the invariants of the program", () => {
  const failure = failureOf(function* transfer(world) {
    const balances = { ann: 100, bob: 0 };
    world.atEnd(() => {
      if (balances.ann + balances.bob !== 100) throw new Error("money was lost");
    });
    yield* sleep(1);
    balances.ann -= 10;
    yield* sleep(1);
    balances.bob += 10;
  });
  expect(problemsOf(failure)).toEqual(["a check at the end failed: Error: money was lost"]);
  let runs = 0;
  cancelEverywhere(
    function* () {
      yield* sleep(1);
    },
    { invariant: () => runs++ },
  );
  expect(runs).toBe(4);
});

test("a program that fails by itself is told so", () => {
  const failure = failureOf(function* failing() {
    throw new Error("no");
  });
  expect(failure.message).toBe("after 1 runs:\n  not cancelled at all:\n    main failed: Error: no");
});

test("errors that may come instead", () => {
  function* main() {
    try {
      yield* sleep(1);
    } catch {
      throw new Error("service stopped");
    }
  }
  expect(problemsOf(failureOf(main))).toEqual(["main failed: Error: service stopped"]);
  const { complete } = cancelEverywhere(main, { mayFail: (error) => (error as Error).message === "service stopped" });
  expect(complete).toBe(true);
});

test("limits", () => {
  function* long() {
    for (let i = 0; i < 50; i++) yield* sleep(1);
  }
  expect(cancelEverywhere(long, { maxRuns: 10 })).toEqual({ points: 51, runs: 10, complete: false });
  expect(cancelEverywhere(long, { twice: true, maxRuns: 10 }).complete).toBe(false);
  function* leaky() {
    const queue = new Queue();
    const lock = new Condition();
    yield* lock.acquire();
    for (let i = 0; i < 50; i++) yield* sleep(1);
    lock.release();
    queue.putNowait(1);
  }
  expect(failureOf(leaky, { maxFailures: 3 }).failures.length).toBe(3);
  expect(problemsOf(failureOf(leaky, { maxSteps: 20 }))).toEqual(["it did not end within 20 steps"]);
  // @ts-expect-error a function is expected
  expect(() => cancelEverywhere(1)).toThrow(
    new TypeError("cancelEverywhere() expects a program such as function* (world) {…}, got 1"),
  );
});
