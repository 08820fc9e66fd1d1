import { coroutine, fromAsync } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { createTask, sleep } from "@tsyncio/task";
import { expect, test, vi } from "vitest";
import { DeadlockError } from "./deadlock.ts";
import { VirtualTimeError } from "./errors.ts";
import { runVirtual } from "./run-virtual.ts";

const yearMs = 365 * 24 * 60 * 60 * 1000;

test("gives the result of main, in the same call", () => {
  const order: string[] = [];
  const result = runVirtual(
    (function* main() {
      order.push("before");
      yield* sleep(yearMs);
      order.push("after");
      return getRunningLoop().time();
    })(),
  );
  order.push("returned");
  expect(result).toBe(yearMs);
  expect(order).toEqual(["before", "after", "returned"]);
});

test("tasks interleave by their deadlines", () => {
  const order: string[] = [];
  const worker = coroutine(function* worker(name: string, periodMs: number) {
    for (let i = 1; i <= 2; i++) {
      yield* sleep(periodMs);
      order.push(`${name}${i}@${getRunningLoop().time()}`);
    }
  });
  runVirtual(
    (function* main() {
      const tasks = [createTask(worker("a", 30)), createTask(worker("b", 20))];
      for (const task of tasks) yield* task;
    })(),
  );
  expect(order).toEqual(["b1@20", "a1@30", "b2@40", "a2@60"]);
});

test("throws what main throws", () => {
  const error = new Error("no");
  const main = coroutine(function* main() {
    yield* sleep(1);
    throw error;
  });
  expect(() => runVirtual(main())).toThrow(error);
});

test("the clock begins where it is told to", () => {
  const main = coroutine(function* main() {
    yield* sleep(5);
    return getRunningLoop().time();
  });
  expect(runVirtual(main(), { startMs: 100 })).toBe(105);
});

test("what is left over is cancelled and cleans up", () => {
  const order: string[] = [];
  const leftover = coroutine(function* leftover() {
    try {
      yield* sleep(yearMs);
    } catch (error) {
      order.push((error as Error).name);
      throw error;
    } finally {
      yield* sleep(10);
      order.push(`cleaned up at ${getRunningLoop().time()}`);
    }
  });
  const main = coroutine(function* main() {
    createTask(leftover());
    yield* sleep(1);
    return "result";
  });
  expect(runVirtual(main())).toBe("result");
  expect(order).toEqual(["CancelledError", "cleaned up at 11"]);
});

test("what is ready when main ends still runs, for as many turns as at the end of run()", () => {
  const order: string[] = [];
  const chain = (turn: number) => {
    getRunningLoop().callSoon(() => {
      order.push(`turn ${turn}`);
      chain(turn + 1);
    });
  };
  runVirtual(function* main() {
    createTask(sleep(0)).addDoneCallback(() => order.push("child is done"));
    yield* sleep(0);
    chain(1);
  });
  expect(order).toEqual(["turn 1", "child is done", "turn 2", "turn 3", "turn 4", "turn 5"]);
});

test("a failure of a leftover is reported, and so is one nobody retrieved", () => {
  const reported: string[] = [];
  const failing = coroutine(function* failing() {
    try {
      yield* sleep(yearMs);
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: the clean-up fails
      throw new Error("clean-up failed");
    }
  });
  const main = coroutine(function* main() {
    getRunningLoop().setExceptionHandler((_, { message, exception }) => {
      reported.push(`${message}: ${(exception as Error).message}`);
    });
    createTask(failing());
    new Future().setException(new Error("forgotten"));
    yield* sleep(1);
  });
  runVirtual(main());
  expect(reported).toEqual([
    "unhandled exception during runVirtual() shutdown: clean-up failed",
    "Future exception was never retrieved: forgotten",
  ]);
});

test("a native promise is refused, and the error says what to do", () => {
  const load = fromAsync(async () => "page");
  const main = coroutine(function* main() {
    return yield* load();
  });
  expect(() => runVirtual(main())).toThrow(VirtualTimeError);
  expect(() => runVirtual(main())).toThrow(
    "a native promise cannot settle in virtual time, where the whole program runs in one call stack: inject it, by a coroutine function or a Future that the test settles (loop.callLater(20, () => future.setResult(value))); or run the program with run(), in real time",
  );
});

test("a promise that is refused and then rejects is no unhandled rejection", async () => {
  const load = fromAsync(() => Promise.reject(new Error("offline")));
  expect(() => runVirtual(load())).toThrow(VirtualTimeError);
  await new Promise((resolve) => setTimeout(resolve, 0));
});

test("what the error recommends works", () => {
  const main = coroutine(function* main() {
    const reply = new Future<string>();
    getRunningLoop().callLater(20, () => reply.setResult("page"));
    return yield* reply;
  });
  expect(runVirtual(main())).toBe("page");
});

test("main may be cancelled from inside", () => {
  const main = coroutine(function* main() {
    const waiting = createTask(sleep(yearMs));
    yield* sleep(1);
    waiting.cancel("enough");
    return yield* waiting;
  });
  expect(() => runVirtual(main())).toThrow(CancelledError);
});

test("a spinning program meets a limit", () => {
  const spin = coroutine(function* spin() {
    for (;;) yield* sleep(0);
  });
  expect(() => runVirtual(spin(), { maxTurns: 1000 })).toThrow(
    "the loop ran 1000 turns while the clock stood still at 0 ms: something spins, such as a loop around sleep(0); raise maxTurns if it does not",
  );
});

test("a program that sleeps for ever meets a limit", () => {
  const forever = coroutine(function* forever() {
    for (;;) yield* sleep(1000);
  });
  expect(() => runVirtual(forever(), { maxJumps: 50 })).toThrow(
    "the clock jumped more than 50 times and shows 50000 ms: the program seems to sleep in an endless loop; raise maxJumps if it does not",
  );
  expect(() => runVirtual(forever(), { maxTimeMs: 3500 })).toThrow(
    "the next timer is due at 4000 ms, beyond the limit of 3500 ms: raise maxTimeMs if the program may sleep so long",
  );
});

test("a program that declines to be cancelled at the end is given up", () => {
  const stubborn = coroutine(function* stubborn() {
    for (;;) {
      try {
        yield* sleep(yearMs);
      } catch {
        // Declines.
      }
    }
  });
  const main = coroutine(function* main() {
    createTask(stubborn());
    yield* sleep(1);
    return "result";
  });
  expect(runVirtual(main(), { maxJumps: 10 })).toBe("result");
});

test("takes a coroutine, a raw generator, or the function of either, and nothing else", () => {
  const main = coroutine(function* main() {
    yield* sleep(1);
    return 1;
  });
  expect(runVirtual(main)).toBe(1);
  expect(
    runVirtual(function* () {
      return yield* main();
    }),
  ).toBe(1);
  // @ts-expect-error a number is no coroutine
  expect(() => runVirtual(1)).toThrow(new TypeError("a coroutine was expected by runVirtual(), got 1"));
  // @ts-expect-error a promise is no coroutine
  expect(() => runVirtual(async () => 1)).toThrow(
    "a coroutine was expected by runVirtual(), got <Promise>; a promise or a future is awaited as it is: ensureFuture(), or yield* fromPromise()",
  );
});

test("runs inside another run", () => {
  const inner = coroutine(function* inner() {
    yield* sleep(yearMs);
    return 1;
  });
  const outer = coroutine(function* outer() {
    const before = getRunningLoop();
    const result = runVirtual(inner());
    expect(getRunningLoop()).toBe(before);
    yield* sleep(1);
    return result;
  });
  expect(runVirtual(outer())).toBe(1);
});

test("nothing to wait for is a deadlock", () => {
  const log = vi.spyOn(console, "error");
  const main = coroutine(function* main() {
    yield* new Future();
  });
  expect(() => runVirtual(main())).toThrow(DeadlockError);
  expect(log).not.toHaveBeenCalled();
});
