import { Context, ContextVar, RuntimeError } from "@tsyncio/context";
import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext, getRunningLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { run } from "./run.ts";
import { Runner } from "./runner.ts";
import { sleep } from "./sleep.ts";
import { toAsync } from "./to-async.ts";

const virtualLoop = () => new EventLoop({ host: testHost() });

function watched(loop: EventLoop) {
  const strays: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => strays.push(context));
  return { loop, strays };
}

const answer = coroutine(function* answer() {
  yield* sleep(0);
  return 42;
});

describe("run", () => {
  test("gives a native promise of main's result", async () => {
    const promise = run(answer());
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBe(42);
    expect(
      await run(
        (function* () {
          return (yield* sleep(1, "raw")) as string;
        })(),
      ),
    ).toBe("raw");
  });

  test("rejects with what main throws", async () => {
    const failing = coroutine(function* failing() {
      throw new Error("main failed");
    });
    await expect(run(failing())).rejects.toThrow("main failed");
  });

  test("makes a loop of its own and closes it; debug mode is its own too", async () => {
    let loop!: EventLoop;
    await run(
      coroutine(function* main() {
        loop = getRunningLoop();
      })(),
      { debug: true },
    );
    expect([loop.debug, loop.isClosed()]).toEqual([true, true]);
  });

  test("on a loop that is given leaves it open, and what else is on it alone", async () => {
    const loop = new EventLoop();
    const other = createTask(sleep(20, "other"), { loop });
    await run(answer(), { loop });
    expect([loop.isClosed(), other.done(), other.cancelling()]).toEqual([false, false, 0]);
    expect(await other).toBe("other");
    loop.close();
  });

  test("on a blocking host runs within the call", async () => {
    const loop = virtualLoop();
    let result: unknown;
    const running = run(
      coroutine(function* main() {
        yield* sleep(1_000_000);
        result = "a thousand seconds later";
      })(),
      { loop },
    );
    expect(result).toBe("a thousand seconds later");
    await running;
  });

  test("cancels what is left over, waits for its clean-up, and reports what that throws", async () => {
    const { loop, strays } = watched(virtualLoop());
    const order: string[] = [];
    const leftover = coroutine(function* leftover(name: string, fails: boolean) {
      try {
        yield* sleep(1_000);
      } finally {
        yield* sleep(5);
        order.push(name);
        // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws takes the place of what it cleans up after
        if (fails) throw new Error("clean-up failed");
      }
    });
    await run(
      coroutine(function* main() {
        createTask(leftover("a", false));
        createTask(leftover("b", true));
        createTask(
          (function* () {
            yield* sleep(1_000);
          })(),
        );
        createTask(
          coroutine(function* stubborn() {
            try {
              yield* sleep(1_000);
            } catch {}
          })(),
        );
        yield* sleep(1);
      })(),
      { loop },
    );
    expect(order).toEqual(["a", "b"]);
    expect(strays.map(({ message, exception }) => [message, String(exception)])).toEqual([
      ["unhandled exception during run() shutdown", "Error: clean-up failed"],
    ]);
  });

  test("runs what is ready when main ends, and what that makes ready, as asyncio does in its last turns", async () => {
    const order: string[] = [];
    const chain = (loop: EventLoop, turn: number, last: number) => {
      loop.callSoon(() => {
        order.push(`turn ${turn}`);
        if (turn < last) chain(loop, turn + 1, last);
      });
    };
    const main = coroutine(function* main(last: number) {
      const child = createTask(sleep(0), { name: "child" });
      child.addDoneCallback(() => order.push("child is done"));
      yield* sleep(0);
      chain(getRunningLoop(), 1, last);
    });
    const all = ["turn 1", "child is done", "turn 2", "turn 3", "turn 4", "turn 5"];
    await run(main(5));
    expect(order).toEqual(all);

    order.length = 0;
    const runner = new Runner({ loopFactory: virtualLoop });
    await runner.run(main(100));
    expect(order).toEqual(["turn 1"]);
    await runner.close();
    // A loop that blocks runs just these turns.
    expect(order).toEqual(all);
  });

  test("reports the failures nobody has retrieved", async () => {
    const { loop, strays } = watched(virtualLoop());
    await run(
      coroutine(function* main() {
        createTask(
          (function* () {
            throw new Error("unseen");
          })(),
        );
        new Future().setException(new Error("unseen too"));
        yield* sleep(1);
      })(),
      { loop },
    );
    expect(strays.map(({ message }) => message).sort()).toEqual([
      "Future exception was never retrieved",
      "Task exception was never retrieved",
    ]);
  });

  test("is cancelled by its signal, with the signal's reason", async () => {
    const controller = new AbortController();
    const order: string[] = [];
    const running = run(
      coroutine(function* main() {
        try {
          yield* sleep(60_000);
        } catch (error) {
          order.push(String(error));
          throw error;
        }
      })(),
      { signal: controller.signal },
    );
    await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort("the user left");
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    expect(order).toEqual(["CancelledError: the user left"]);
  });

  test("does not begin when its signal has been aborted", async () => {
    let began = false;
    await expect(
      run(
        coroutine(function* main() {
          began = true;
        })(),
        { signal: AbortSignal.abort(new Error("too late")) },
      ),
    ).rejects.toThrow("too late");
    expect(began).toBe(false);
  });

  describe("with onDeadlock", () => {
    /** A guest host that says when it is idle. */
    function idleHost() {
      const listeners = new Set<() => void>();
      return {
        kind: "guest" as const,
        clockResolutionMs: 1,
        now: () => 0,
        wakeSoon: (wake: () => void) => queueMicrotask(wake),
        wakeAt: () => () => {},
        turnBudgetMs: 8,
        giveWay: (run: () => void) => void setTimeout(run, 0),
        onIdle(listener: () => void) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        listeners,
        /** Nothing is left to do. */
        async idle(): Promise<void> {
          await new Promise((resolve) => setTimeout(resolve, 0));
          for (const listener of [...listeners]) listener();
        },
      };
    }

    test("a main that can never go on is cancelled, and the explanation thrown", async () => {
      const host = idleHost();
      const loop = new EventLoop({ host });
      const log: string[] = [];
      const running = run(
        coroutine(function* main() {
          try {
            yield* new Future<void>();
          } finally {
            log.push("cleaned up");
          }
        })(),
        { loop, onDeadlock: () => new Error("all wait") },
      );
      const outcome = expect(running).rejects.toThrow("all wait");
      await host.idle();
      await outcome;
      expect(log).toEqual(["cleaned up"]);
      expect(host.listeners.size).toBe(0);
      loop.close();
    });

    test("one that declines to be cancelled is given up, once it is idle again", async () => {
      const host = idleHost();
      const loop = new EventLoop({ host });
      const running = run(
        coroutine(function* main() {
          try {
            yield* new Future<void>();
          } catch {
            yield* new Future<void>();
          }
        })(),
        { loop, onDeadlock: () => new Error("all wait") },
      );
      const outcome = expect(running).rejects.toThrow("all wait");
      await host.idle();
      await host.idle();
      await outcome;
      loop.close();
    });

    test("one that has ended is not in a deadlock", async () => {
      const host = idleHost();
      const loop = new EventLoop({ host });
      const future = new Future<void>({ loop });
      const running = run(
        coroutine(function* main() {
          // In the turn in which it ends, the host says that it is idle.
          loop.callSoon(() => loop.callSoon(() => [...host.listeners].forEach((listener) => void listener())));
          yield* sleep(0);
          return "ended";
        })(),
        { loop, onDeadlock: () => new Error("all wait") },
      );
      expect(await running).toBe("ended");
      future.cancel();
      loop.close();
    });
  });

  test("on a blocking host, a loop that is stopped before main has ended", async () => {
    const loop = new EventLoop({ host: testHost() });
    const log: string[] = [];
    const running = run(
      coroutine(function* main() {
        loop.stop();
        try {
          yield* sleep(5);
        } finally {
          log.push("cleaned up");
        }
      })(),
      { loop },
    );
    await expect(running).rejects.toThrow("Event loop stopped before Future completed.");
    expect(log).toEqual(["cleaned up"]);
    loop.close();
  });

  test("the reason its signal was aborted with is the cause", async () => {
    const controller = new AbortController();
    const reason = new RangeError("closed");
    const promise = run(sleep(1000), { signal: controller.signal });
    controller.abort(reason);
    await expect(promise).rejects.toMatchObject({ name: "CancelledError", message: "closed", cause: reason });
  });

  test("awaits a promise, or a future of its loop", async () => {
    expect(await run(Promise.resolve("promised"))).toBe("promised");
    await expect(run(Promise.reject(new RangeError("no")))).rejects.toThrow(new RangeError("no"));
    const loop = new EventLoop();
    const future = new Future<string>({ loop });
    future.setResult("published");
    expect(await run(future, { loop })).toBe("published");
    loop.close();
    const elsewhere = new Future<string>();
    await expect(run(elsewhere)).rejects.toThrow("attached to a different loop");
    const runner = new Runner();
    expect(await runner.run(Promise.resolve("promised"))).toBe("promised");
    await runner.close();
  });

  test("refuses what is not awaitable, and what is no signal", async () => {
    await expect(run(5 as never)).rejects.toThrow(new TypeError("a coroutine was expected by run(), got 5"));
    await expect(run((async () => {}) as never)).rejects.toThrow(
      "a coroutine was expected by run(), got an anonymous function; an async function becomes a coroutine function with fromAsync()",
    );
    await expect(run(answer as never)).rejects.toThrow("call the function, and give what it returns");
    await expect(run(answer(), { signal: 5 as never })).rejects.toThrow("expects an AbortSignal, got 5");
  });
});

describe("Runner", () => {
  test("runs several mains on one loop, in one context", async () => {
    const variable = new ContextVar<number>("v", { default: 0 });
    const counting = coroutine(function* counting() {
      variable.set(variable.get() + 1);
      return variable.get();
    });
    await using runner = new Runner();
    const loop = runner.getLoop();
    expect(runner.getLoop()).toBe(loop);
    expect(await runner.run(counting())).toBe(1);
    expect(await runner.run(counting())).toBe(2);
    expect(await runner.run(counting(), { context: new Context() })).toBe(1);
  });

  test("closes its loop and what is left on it; then it is over", async () => {
    const loop = virtualLoop();
    const runner = new Runner({ loopFactory: () => loop, debug: true });
    const order: string[] = [];
    await runner.run(
      coroutine(function* main() {
        createTask(
          coroutine(function* leftover() {
            try {
              yield* sleep(1_000);
            } finally {
              order.push("cleaned up");
            }
          })(),
        );
        yield* sleep(0);
      })(),
    );
    expect([order, loop.debug, loop.isClosed()]).toEqual([[], true, false]);
    await runner.close();
    await runner.close();
    expect([order, loop.isClosed()]).toEqual([["cleaned up"], true]);
    expect(() => runner.getLoop()).toThrow(new RuntimeError("Runner is closed"));
    await expect(runner.run(answer())).rejects.toThrow("Runner is closed");
    await new Runner().close();
  });

  test("runs one main at a time", async () => {
    await using runner = new Runner();
    const first = runner.run(answer());
    await expect(runner.run(answer())).rejects.toThrow(
      new RuntimeError("Runner.run() cannot be called while another main task is running"),
    );
    expect(await first).toBe(42);
    await expect(runner.run(5 as never)).rejects.toThrow("a coroutine was expected by Runner.run(), got 5");
    expect(() => new Runner(5 as never)).toThrow(
      new TypeError("new Runner() expects options such as {debug: true}, got 5"),
    );
  });

  test("a main that was cancelled from inside rejects", async () => {
    await using runner = new Runner();
    const main: () => Coroutine<void> = coroutine(function* main() {
      currentTask()!.cancel("by itself");
      yield* sleep(1_000);
    });
    await expect(runner.run(main())).rejects.toThrow("by itself");
  });
});

describe("toAsync", () => {
  test("makes an async function of a coroutine function", async () => {
    const add = toAsync(
      coroutine(function* add(a: number, b: number) {
        yield* sleep(0);
        return a + b;
      }),
    );
    expect(add.name).toBe("add");
    expect(await add(1, 2)).toBe(3);
  });

  test("rejects with what the coroutine throws", async () => {
    const failing = toAsync(function* () {
      throw new Error("inside");
    });
    await expect(failing()).rejects.toThrow("inside");
    expect(() => toAsync(5 as never)).toThrow(new TypeError("toAsync() expects a coroutine function, got 5"));
  });
});
