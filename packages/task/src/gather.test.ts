import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { allTasks, currentTask } from "./current-task.ts";
import { gather } from "./gather.ts";
import { sleep } from "./sleep.ts";
import type { Task } from "./task.ts";
import { wait } from "./wait.ts";

const failing = coroutine(function* failing(delayMs: number, message: string = "failed") {
  yield* sleep(delayMs);
  throw new RangeError(message);
});

function turns(count: number) {
  return (function* () {
    for (let turn = 0; turn < count; turn++) yield* sleep(0);
  })();
}

describe("results", () => {
  test("stand in the order of the arguments, whichever comes first", () =>
    virtually(function* (loop) {
      const results = yield* gather([sleep(30, "a"), sleep(10, "b"), createTask(sleep(20, "c"))]);
      expect(results).toEqual(["a", "b", "c"]);
      expect(loop.time()).toBe(30);
    }));

  test("of any kind of awaitable, in any iterable", () =>
    virtually(function* () {
      const future = new Future<string>();
      future.setResult("future");
      const generator = (function* () {
        yield* sleep(1);
        return "generator";
      })();
      expect(yield* gather(new Set([future, generator, sleep(1, "coroutine")]))).toEqual([
        "future",
        "generator",
        "coroutine",
      ]);
    }));

  test("of none: done at once", () =>
    virtually(function* () {
      const none = gather([]);
      expect(none.done()).toBe(true);
      expect(yield* none).toEqual([]);
      expect(none.cancel()).toBe(false);
    }));

  test("of none, outside a loop: on the default loop", () => {
    expect(gather([]).result()).toEqual([]);
  });

  test("of the same awaitable twice: it runs once, and stands in both places", () =>
    virtually(function* () {
      let runs = 0;
      const once = coroutine(function* once() {
        runs++;
        yield* sleep(1);
        return runs;
      })();
      const future = new Future<string>();
      const gathered = gather([once, future, once, future]);
      future.setResult("x");
      expect(yield* gathered).toEqual([1, "x", 1, "x"]);
    }));

  test("that are all there already make the whole done at once", () =>
    virtually(function* () {
      const one = new Future<number>();
      one.setResult(1);
      const eager = createTask(
        (function* () {
          return 2;
        })(),
        { eagerStart: true },
      );
      const gathered = gather([one, eager, one]);
      expect(gathered.done()).toBe(true);
      expect(gathered.result()).toEqual([1, 2, 1]);
    }));

  test("come a turn after the last child", () =>
    virtually(function* () {
      const future = new Future<number>();
      const gathered = gather([future]);
      future.setResult(1);
      expect(gathered.done()).toBe(false);
      yield* turns(1);
      expect(gathered.done()).toBe(true);
    }));
});

describe("failures", () => {
  test("the first is the whole's; the others go on, and their failures are nobody's news", () =>
    virtually(function* () {
      const slow = createTask(sleep(50, "slow"));
      const late = createTask(failing(40, "late"));
      expect(yield* thrownBy(() => gather([slow, failing(10), late]))).toBe("RangeError: failed");
      expect(slow.done()).toBe(false);
      expect(yield* slow).toBe("slow");
      expect(late.done()).toBe(true);
    }));

  test("returnExceptions: they stand among the results", () =>
    virtually(function* () {
      const cancelled = new Future<never>();
      cancelled.cancel("stopped");
      const silently = new Future<never>();
      silently.cancel();
      const [value, error, cancellation, silent] = yield* gather([sleep(1, "value"), failing(2), cancelled, silently], {
        returnExceptions: true,
      });
      expect(value).toBe("value");
      expect(String(error)).toBe("RangeError: failed");
      expect(cancellation).toBeInstanceOf(CancelledError);
      expect(String(cancellation)).toBe("CancelledError: stopped");
      expect(String(silent)).toBe("CancelledError");
    }));

  test("that are there already", () =>
    virtually(function* () {
      const failed = new Future<never>();
      failed.setException(new RangeError("before"));
      const again = new Future<never>();
      again.setException(new RangeError("too"));
      const gathered = gather([failed, again]);
      expect(gathered.done()).toBe(true);
      expect(String(gathered.exception())).toBe("RangeError: before");
    }));

  test("nobody awaits the whole: its failure is reported, once", () => {
    const stray: ExceptionContext[] = [];
    virtually(function* () {
      gather([failing(1), failing(2)]);
      yield* sleep(10);
    }, stray);
    expect(stray.map(({ message }) => message)).toEqual(["Gathering exception was never retrieved"]);
  });
});

describe("cancelling the whole", () => {
  test("cancels every child that is not done, with the message", () =>
    virtually(function* () {
      const children = [createTask(sleep(5, "early")), createTask(sleep(50)), createTask(sleep(60))] as const;
      const gathered = gather(children);
      yield* sleep(10);
      expect(gathered.cancel("enough")).toBe(true);
      expect(gathered.done()).toBe(false);
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError: enough");
      expect(children.map((child) => child.cancelled())).toEqual([false, true, true]);
      expect(gathered.cancelled()).toBe(false);
      expect(gathered.exception()).toBeInstanceOf(CancelledError);
      expect(gathered.cancel()).toBe(false);
    }));

  test("by cancelling the task that awaits it", () =>
    virtually(function* () {
      const children = [createTask(sleep(50)), createTask(sleep(60))] as const;
      const outer = createTask(
        (function* () {
          return yield* gather(children);
        })(),
      );
      yield* sleep(1);
      outer.cancel("outer");
      expect(yield* thrownBy(() => outer)).toBe("CancelledError: outer");
      expect(outer.cancelled()).toBe(true);
      yield* turns(2);
      expect(children.every((child) => child.cancelled())).toBe(true);
    }));

  test("with returnExceptions ends cancelled too, once all children have ended", () =>
    virtually(function* (loop) {
      const slow = coroutine(function* slow() {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(20);
        }
      });
      const gathered = gather([slow(), sleep(1000)], { returnExceptions: true });
      yield* sleep(1);
      gathered.cancel("enough");
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError: enough");
      expect(loop.time()).toBe(21);
    }));

  test("of plain futures, with returnExceptions", () =>
    virtually(function* () {
      const gathered = gather([new Future<void>(), new Future<void>()], { returnExceptions: true });
      gathered.cancel("enough");
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError: enough");
    }));

  test("a child that declines: the whole ends cancelled with returnExceptions, as the child says without", () =>
    virtually(function* () {
      const declining = coroutine(function* declining() {
        try {
          yield* sleep(1000);
        } catch {
          currentTask()!.uncancel();
        }
        return "declined";
      });
      for (const returnExceptions of [true, false]) {
        const gathered = gather([declining()], { returnExceptions });
        yield* sleep(1);
        gathered.cancel("enough");
        // The child was asked through what it awaits, and has kept no message.
        expect(yield* thrownBy(() => gathered)).toBe("CancelledError");
      }
      const early = gather([declining()]);
      yield* turns(0);
      early.cancel("before it began");
      expect(yield* thrownBy(() => early)).toBe("CancelledError: before it began");
    }));

  test("a child that declined a cancellation it was told of before its step keeps the message", () =>
    virtually(function* () {
      const woken = new Future<void>();
      const endings = [() => "declined", () => void thrower(new RangeError("failed"))];
      for (const [index, ending] of endings.entries()) {
        const child = createTask(
          (function* () {
            try {
              yield* sleep(0);
            } catch {
              currentTask()!.uncancel();
              return ending();
            }
          })(),
        );
        yield* turns(1);
        const gathered = gather([child], { returnExceptions: true });
        gathered.cancel(`message ${index}`);
        expect(yield* thrownBy(() => gathered)).toBe(`CancelledError: message ${index}`);
        expect(child.done()).toBe(true);
      }
      woken.cancel();
    }));

  test("the message is that of the last argument, not of the last child to end", () =>
    virtually(function* () {
      const slow = createTask(sleep(5));
      const quick = createTask(sleep(1));
      quick.cancel("quick");
      const gathered = gather([slow, quick], { returnExceptions: true });
      yield* turns(2);
      slow.cancel("slow");
      gathered.cancel("whole");
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError: quick");
    }));

  test("the last argument a plain future that has a result or a failure: a cancellation without a message", () =>
    virtually(function* () {
      const settled = [new Future<string>(), new Future<string>()] as const;
      settled[0].setResult("no message");
      settled[1].setException(new RangeError("no cancellation"));
      for (const last of settled) {
        const gathered = gather([new Future<never>(), last], { returnExceptions: true });
        gathered.cancel("whole");
        expect(yield* thrownBy(() => gathered)).toBe("CancelledError");
      }
    }));

  test("when all children are done already is too late", () =>
    virtually(function* () {
      const future = new Future<string>();
      const gathered = gather([future]);
      future.setResult("result");
      expect(gathered.cancel()).toBe(false);
      expect(yield* gathered).toEqual(["result"]);
    }));

  test("a child that stands twice is asked twice, as in asyncio", () =>
    virtually(function* () {
      const child = createTask(sleep(50));
      yield* turns(1);
      const gathered = gather([child, child]);
      gathered.cancel();
      expect(child.cancelling()).toBe(2);
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError");
    }));
});

describe("a child that is cancelled by somebody else", () => {
  test("counts as failed; the others go on", () =>
    virtually(function* () {
      const [one, two] = [createTask(sleep(50, "one")), createTask(sleep(60, "two"))];
      const gathered = gather([one, two]);
      yield* sleep(1);
      one.cancel("one only");
      expect(yield* thrownBy(() => gathered)).toBe("CancelledError: one only");
      expect(gathered.cancelled()).toBe(false);
      expect(yield* two).toBe("two");
    }));
});

describe("deep nesting", () => {
  test("10,000 gathers and tasks deep, cancelled in one go", () =>
    virtually(function* () {
      const depth = 10_000;
      const bottom = createTask(sleep(1000));
      let tasks = 1;
      let innermost: Future<unknown> = bottom;
      for (let level = 0; level < depth; level++) {
        const inner = innermost;
        if (level % 3 === 2) innermost = gather([inner]);
        else {
          tasks++;
          innermost = createTask(
            (function* () {
              return yield* gather([inner, new Future()]);
            })(),
          );
        }
      }
      yield* sleep(1);
      expect(innermost.cancel("all")).toBe(true);
      expect(yield* thrownBy(() => innermost)).toBe("CancelledError: all");
      expect(bottom.cancelled()).toBe(true);
      expect(tasks).toBeGreaterThan(6000);
    }));

  test("an inner gather that cannot be cancelled any more: its task is asked instead", () =>
    virtually(function* () {
      const future = new Future<void>();
      const task: Task = createTask(
        (function* () {
          yield* gather([future]);
          yield* sleep(1000);
        })(),
      );
      const outer = gather([task]);
      yield* turns(1);
      future.setResult();
      // The gather is pending still, but its child is done.
      expect(outer.cancel("late")).toBe(true);
      expect(yield* thrownBy(() => outer)).toBe("CancelledError: late");
    }));

  test("a gather within a gather answers whether anything in it was cancelled", () =>
    virtually(function* () {
      const future = new Future<string>();
      const inner = gather([future]);
      const outer = gather([inner]);
      future.setResult("x");
      expect(outer.cancel()).toBe(false);
      expect(yield* outer).toEqual([["x"]]);
    }));
});

describe("a circle of tasks that await each other", () => {
  for (const through of ["await", "gather", "nested gather"]) {
    for (const leadIn of [0, 1, 5]) {
      test(`can be cancelled: through ${through}, ${leadIn} tasks before the circle`, () =>
        virtually(function* () {
          const tasks: Task<unknown>[] = [];
          for (let index = 0; index < 3 + leadIn; index++) {
            tasks.push(
              createTask(
                (function* () {
                  // The last three await each other, those before them lead to the circle.
                  const next = tasks[index === tasks.length - 1 ? leadIn : index + 1]!;
                  if (through === "await") return yield* next;
                  if (through === "gather") return yield* gather([next]);
                  return yield* gather([gather([next])]);
                })(),
              ),
            );
          }
          yield* turns(3);
          expect(tasks[0]!.cancel("enough")).toBe(true);
          yield* wait(tasks);
          expect(tasks.map((task) => task.cancelled())).toEqual(tasks.map(() => true));
        }));
    }
  }
});

test("a gather that is reached again through a task of its own is cancelled once", () =>
  virtually(function* () {
    const future = new Future<void>();
    const gathers: Future<unknown>[] = [];
    const task = createTask(
      (function* () {
        yield* gather([gathers[0]!, future]);
      })(),
    );
    gathers.push(gather([task]));
    yield* turns(1);
    expect(gathers[0]!.cancel("enough")).toBe(true);
    yield* wait([task, gathers[0]!]);
    expect([task.cancelled(), future.cancelled()]).toEqual([true, true]);
    gathers[0]!.exception();
  }));

test("who awaits whom is recorded while it lasts", () =>
  virtually(function* () {
    const [one, two] = [new Future<void>(), new Future<void>()];
    const gathered = gather([one, two]);
    expect(one.awaitedBy.has(currentTask()!)).toBe(true);
    one.setResult();
    yield* turns(1);
    expect([one.awaitedBy.size, two.awaitedBy.size]).toEqual([0, 1]);
    two.setResult();
    yield* gathered;
    expect(two.awaitedBy.size).toBe(0);
  }));

test("outside a running loop, of a loop's futures", () => {
  const loop = new EventLoop({ host: testHost() });
  const futures = [new Future<number>({ loop }), new Future<number>({ loop })];
  const gathered = gather(futures);
  expect(gathered.getLoop()).toBe(loop);
  futures[1]!.setResult(2);
  futures[0]!.setResult(1);
  expect(loop.runUntilComplete(gathered)).toEqual([1, 2]);
  loop.close();
});

describe("misuse", () => {
  test("what is no iterable, or has something in it that is not awaitable", () =>
    virtually(function* () {
      expect(() => gather(3 as never)).toThrow("gather() expects an iterable of awaitables, got 3");
      expect(() => gather(null as never)).toThrow("gather() expects an iterable of awaitables, got null");
      const page = async () => "page";
      const late = createTask(failing(1));
      expect(() => gather([late, page as never])).toThrow(
        "a coroutine, a future or another awaitable is required, got function page; an async function becomes a coroutine function with fromAsync()",
      );
      expect(() => gather([7 as never])).toThrow("a coroutine, a future or another awaitable is required, got 7");
      // The one that was taken before goes on, and its failure is not reported.
      yield* sleep(5);
      expect(late.done()).toBe(true);
    }));

  test("an iterable that fails half-way: it is gone through before any task is made, as Python's arguments are", () =>
    virtually(function* () {
      const given = sleep(1);
      function* half() {
        yield given;
        throw new RangeError("half-way");
      }
      expect(() => gather(half())).toThrow("half-way");
      expect(allTasks()).toEqual(new Set([currentTask()]));
      expect(given.state).toBe("created");
      yield* given;
    }));

  test("the array that was given stays as it is, and what becomes of it does not matter", () =>
    virtually(function* () {
      const given = [sleep(1, "a"), sleep(2, "b")];
      const copy = [...given];
      const gathered = gather(given);
      expect(given.every((awaitable, index) => awaitable === copy[index])).toBe(true);
      given.pop();
      expect(yield* gathered).toEqual(["a", "b"]);
    }));

  test("futures of another loop", () =>
    virtually(function* () {
      const loop = new EventLoop({ host: testHost() });
      expect(() => gather([new Future({ loop })])).toThrow(
        "The future belongs to a different loop than the one specified as the loop argument",
      );
      loop.close();
    }));
});

test("100,000 children, in linear time: as many handles as children, and no more", () =>
  virtually(function* () {
    const count = 100_000;
    const children = Array.from({ length: count }, (_, index) => sleep(index % 7, index));
    const results = yield* gather(children);
    expect(results.length).toBe(count);
    expect(results[count - 1]).toBe(count - 1);
  }));

function thrower(error: Error): never {
  throw error;
}
