import { Context, ContextVar, copyContext, RuntimeError } from "@tsyncio/context";
import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop, type ExceptionContext, getRunningLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { allTasks, currentTask } from "./current-task.ts";
import { ensureFuture } from "./ensure-future.ts";
import { sleep } from "./sleep.ts";
import { Task } from "./task.ts";
import { wait } from "./wait.ts";

const napping = coroutine(function* napping(delayMs: number, result: string) {
  yield* sleep(delayMs);
  return result;
});

describe("a task", () => {
  test("begins in the next turn, and is a future of its coroutine's result", () => {
    virtually(function* () {
      const order: string[] = [];
      const task = createTask(
        coroutine(function* body() {
          order.push("body");
          return "result";
        })(),
      );
      order.push("made");
      expect([task.state, task.done()]).toEqual(["pending", false]);
      expect(yield* task).toBe("result");
      expect(order).toEqual(["made", "body"]);
      expect(task.getCoro()).toBe(null);
    });
  });

  test("fails with what its coroutine throws, and throws it at whoever awaits it", () => {
    virtually(function* () {
      const error = new Error("inside");
      const task = createTask(
        coroutine(function* body() {
          throw error;
        })(),
      );
      expect(
        yield* thrownBy(function* () {
          yield* task;
        }),
      ).toBe("Error: inside");
      expect(task.exception()).toBe(error);
    });
  });

  test("whose coroutine returns a future has that future as its result, and does not wait for it", () => {
    virtually(function* () {
      const future = new Future<string>();
      const task = createTask(
        coroutine(function* body() {
          return future;
        })(),
      );
      expect((yield* task) === future).toBe(true);
      expect(future.done()).toBe(false);
      future.setResult("later");
      expect(yield* future).toBe("later");
    });
  });

  test("whose failure nobody sees does not disturb the others, and is reported", () => {
    const strays: ExceptionContext[] = [];
    const seen = virtually(function* () {
      const failing = createTask(
        (function* () {
          throw new Error("unseen");
        })(),
      );
      yield* sleep(1);
      return String(failing);
    }, strays);
    expect(seen).toMatch(/^<Task finished exception=Error\("unseen"\) name="Task-\d+">$/);
    expect(strays.map(({ message, exception }) => [message, String(exception)])).toEqual([
      ["Task exception was never retrieved", "Error: unseen"],
    ]);
  });

  test("interleaves with others where it suspends, first in, first out", () => {
    virtually(function* () {
      const order: string[] = [];
      const counting = coroutine(function* counting(name: string) {
        for (let i = 0; i < 3; i++) {
          order.push(name + i);
          yield* sleep(0);
        }
      });
      const tasks = ["a", "b"].map((name) => createTask(counting(name)));
      for (const task of tasks) yield* task;
      expect(order).toEqual(["a0", "b0", "a1", "b1", "a2", "b2"]);
    });
  });

  test("does not take a result or an error from outside", () => {
    virtually(function* () {
      const task = createTask(napping(1, "own"));
      expect(() => task.setResult("other")).toThrow(new RuntimeError("Task does not support set_result operation"));
      expect(() => task.setException(new Error())).toThrow(
        new RuntimeError("Task does not support set_exception operation"),
      );
      yield* task;
    });
  });

  test("has a name, its own or a numbered one", () => {
    virtually(function* () {
      const named = createTask(napping(1, ""), { name: "fetch" });
      const numbered = createTask(napping(1, ""));
      expect(named.getName()).toBe("fetch");
      expect(numbered.getName()).toMatch(/^Task-\d+$/);
      const next = createTask(napping(1, ""));
      expect(Number(next.getName().slice(5))).toBe(Number(numbered.getName().slice(5)) + 1);
      numbered.setName("renamed");
      expect(numbered.getName()).toBe("renamed");
      expect(() => named.setName(5 as never)).toThrow(new TypeError("a task's name must be a string, got 5"));
      yield* next;
    });
  });

  test("shows what it is doing", () => {
    virtually(function* () {
      const task = createTask(napping(5, "x"), { name: "fetch" });
      expect(String(task)).toBe('<Task pending name="fetch" coro=napping()>');
      yield* sleep(0);
      expect(String(task)).toBe('<Task pending name="fetch" coro=napping() awaiting=<Future pending>>');
      const waiting = createTask(
        coroutine(function* waiting() {
          return yield* task;
        })(),
        { name: "waiting" },
      );
      yield* sleep(0);
      expect(String(waiting)).toBe('<Task pending name="waiting" coro=waiting() awaiting=<Task pending name="fetch">>');
      yield* waiting;
      expect(String(task)).toBe('<Task finished result="x" name="fetch">');
      const cancelling = createTask(napping(5, ""), { name: "c" });
      cancelling.cancel();
      expect(String(cancelling)).toBe('<Task cancelling name="c" coro=napping()>');
      yield* sleep(0);
      expect(String(cancelling)).toBe('<Task cancelled name="c">');
    });
  });
});

describe("the current task", () => {
  test("is known inside it, and is none in callbacks and outside", () => {
    expect(currentTask()).toBe(null);
    virtually(function* (): Generator<any, void, any> {
      const main = currentTask();
      expect(main).toBeInstanceOf(Task);
      const seen: unknown[] = [];
      getRunningLoop().callSoon(() => seen.push(currentTask()));
      const child = createTask(
        (function* () {
          seen.push(currentTask());
        })(),
      );
      yield* child;
      expect(seen[0]).toBe(null);
      expect(seen[1]).toBe(child);
      expect(currentTask()).toBe(main);
    });
  });

  test("is each task's own while they take turns", () => {
    virtually(function* () {
      const [one, other] = [new Future<void>(), new Future<void>()];
      const seen: (Task<any> | null)[] = [];
      const first = createTask(
        coroutine(function* first() {
          seen.push(currentTask());
          yield* one;
          seen.push(currentTask());
          other.setResult();
        })(),
      );
      const second = createTask(
        coroutine(function* second() {
          seen.push(currentTask());
          one.setResult();
          yield* other;
          seen.push(currentTask());
        })(),
      );
      yield* second;
      expect(seen.map((task) => (task === first ? 1 : task === second ? 2 : task))).toEqual([1, 2, 1, 2]);
    });
  });

  test("is switched by an eager start, and switched back", () => {
    virtually(function* (): Generator<any, void, any> {
      const main = currentTask();
      const seen: unknown[] = [];
      const inner = coroutine(function* inner() {
        seen.push(currentTask());
      });
      const outer = createTask(
        coroutine(function* outer() {
          seen.push(currentTask());
          const innerTask = createTask(inner(), { eagerStart: true });
          seen.push(currentTask(), innerTask);
        })(),
        { eagerStart: true },
      );
      expect(currentTask()).toBe(main);
      const same = seen.map((each) => (each === outer ? "outer" : each === seen[3] ? "inner" : "?"));
      expect(same).toEqual(["outer", "inner", "outer", "inner"]);
    });
  });
});

describe("all tasks", () => {
  test("are those that are not done, oldest first, and are held by their loop", () => {
    virtually(function* (loop): Generator<any, void, any> {
      const main = currentTask()!;
      const tasks = [3, 1, 2].map((delayMs) => createTask(napping(delayMs, "")));
      const names = () => [...allTasks(loop)].map((task) => (task === main ? "main" : tasks.indexOf(task)));
      expect(names()).toEqual(["main", 0, 1, 2]);
      yield* tasks[1]!;
      expect(names()).toEqual(["main", 0, 2]);
      yield* tasks[2]!;
      yield* tasks[0]!;
      expect(names()).toEqual(["main"]);
    });
  });
});

describe("eager start", () => {
  test("runs until the first suspension inside the call, and may be done when it returns", () => {
    virtually(function* () {
      const order: string[] = [];
      const done = createTask(
        (function* () {
          order.push("ran");
          return "at once";
        })(),
        { eagerStart: true },
      );
      expect([done.done(), done.result(), done.getCoro()]).toEqual([true, "at once", null]);
      const suspended = createTask(
        (function* () {
          order.push("began");
          yield* sleep(0);
          order.push("went on");
        })(),
        { eagerStart: true },
      );
      order.push("made");
      yield* suspended;
      const failed = createTask(
        (function* () {
          throw new Error("at once");
        })(),
        { eagerStart: true },
      );
      expect(String(failed.exception())).toBe("Error: at once");
      expect(order).toEqual(["ran", "began", "made", "went on"]);
    });
  });

  test("is declined: the task begins in the next turn", () => {
    virtually(function* () {
      let name = "";
      const task = createTask(
        coroutine(function* body() {
          name = currentTask()!.getName();
        })(),
        { eagerStart: false, name: "example" },
      );
      expect([task.done(), name]).toEqual([false, ""]);
      yield* task;
      expect(name).toBe("example");
    });
  });

  test("waits for the next turn when the loop is not running", () => {
    const loop = new EventLoop({ host: testHost() });
    const task = new Task(napping(0, "x"), { loop, eagerStart: true });
    expect(task.getCoro()?.state).toBe("created");
    expect(loop.runUntilComplete(task)).toBe("x");
  });
});

describe("mistakes", () => {
  const after = (body: () => Generator<any, unknown, any>) =>
    virtually(function* () {
      const task = createTask(coroutine(body as never)(), { name: "t" });
      return yield* thrownBy(function* () {
        yield* task;
      });
    });

  test("a bare yield, or anything foreign yielded, is thrown back with the remedy", () => {
    expect(
      after(function* body() {
        yield;
      }),
    ).toBe(
      'RuntimeError: Task <Task pending name="t" coro=body()> got bad yield: undefined; to give way for a turn write yield* sleep(0)',
    );
    expect(
      after(function* body() {
        yield Promise.resolve(1);
      }),
    ).toBe(
      'RuntimeError: Task <Task pending name="t" coro=body()> got bad yield: <Promise>; a coroutine awaits futures, tasks and coroutines, with yield*',
    );
    expect(
      after(function* body() {
        yield new Future();
      }),
    ).toBe(
      'RuntimeError: Task <Task pending name="t" coro=body()> got bad yield: <Future pending>; write yield* instead of yield',
    );
  });

  test("it can be caught, and the task goes on", () => {
    expect(
      virtually(function* () {
        try {
          yield 5 as never;
        } catch {
          return "went on";
        }
      }),
    ).toBe("went on");
  });

  test("cancelling while the mistake is on its way cancels", () => {
    virtually(function* () {
      const task = createTask(
        (function* (): Generator<any, void, any> {
          yield 5;
        })(),
      );
      yield* sleep(0);
      task.cancel("enough");
      expect(
        yield* thrownBy(function* () {
          yield* task;
        }),
      ).toBe("CancelledError: enough");
    });
  });

  test("a task cannot await itself", () => {
    virtually(function* () {
      const task: Task<void> = createTask(
        coroutine(function* body() {
          yield* task;
        })(),
        { name: "t" },
      );
      expect(
        yield* thrownBy(function* () {
          yield* task;
        }),
      ).toBe('RuntimeError: Task cannot await on itself: <Task pending name="t" coro=body()>');
    });
  });

  test("a task cannot await a future of another loop", () => {
    const other = new EventLoop({ host: testHost() });
    expect(
      after(function* body() {
        yield* new Future({ loop: other });
      }),
    ).toBe(
      'RuntimeError: Task <Task pending name="t" coro=body()> got Future <Future pending> attached to a different loop',
    );
  });

  test("a task cannot run inside another one's step", () => {
    virtually(function* (loop): Generator<any, void, any> {
      const inner = createTask(napping(0, ""), { name: "inner" });
      const outer = currentTask(loop)!;
      outer.setName("outer");
      expect(() => inner._run()).toThrow(
        new RuntimeError(
          'Cannot enter into task <Task pending name="inner" coro=napping()> while another task <Task pending name="outer" coro=generator()> is being executed.',
        ),
      );
      yield* inner;
    });
  });

  test("a coroutine that is over cannot be run again", () => {
    virtually(function* () {
      const once = napping(0, "");
      yield* createTask(once);
      const again = createTask(once);
      yield* sleep(1);
      expect(String(again.exception())).toBe(
        "RuntimeError: cannot reuse already awaited coroutine <Coroutine closed napping()>; call its function again",
      );
    });
  });

  test("arguments of the wrong kind", () => {
    virtually(function* () {
      const message = (make: () => unknown) => {
        try {
          make();
        } catch (error) {
          return String(error);
        }
      };
      expect(message(() => createTask(napping as never))).toBe(
        "TypeError: new Task() expects a coroutine, got function napping; call the function, and give what it returns",
      );
      expect(message(() => createTask(napping(1, ""), 5 as never))).toBe(
        "TypeError: createTask() expects options such as {name, eagerStart}, got 5",
      );
      expect(message(() => createTask(napping(1, ""), { name: 5 as never }))).toBe(
        "TypeError: a task's name must be a string, got 5",
      );
      expect(message(() => createTask(napping(1, ""), { context: {} as never }))).toBe(
        "TypeError: new Task() expects a Context as its context, got {}",
      );
      expect(message(() => sleep("5" as never))).toBe(
        'TypeError: sleep() expects a delay in milliseconds, a number, got "5"',
      );
      expect(message(() => sleep(Number.NaN))).toBe("RangeError: sleep() expects a delay in milliseconds, got NaN");
    });
  });

  test("a task needs a running loop, or one that is given and open", () => {
    expect(() => createTask(napping(1, ""))).toThrow(new RuntimeError("no running event loop"));
    const loop = new EventLoop({ host: testHost() });
    const task = createTask(napping(1, "given"), { loop });
    expect(loop.runUntilComplete(task)).toBe("given");
    loop.close();
    expect(() => createTask(napping(1, ""), { loop })).toThrow("Event loop is closed");
    expect(allTasks(loop).size).toBe(0);
  });
});

describe("contexts", () => {
  test("a task runs in a copy of its maker's, or in the one given", () => {
    virtually(function* () {
      const variable = new ContextVar<string>("v", { default: "default" });
      variable.set("maker");
      const seen: string[] = [];
      const body = coroutine(function* body() {
        seen.push(variable.get());
        variable.set("task");
        yield* sleep(1);
        seen.push(variable.get());
      });
      const task = createTask(body());
      variable.set("maker, later");
      yield* task;
      expect(variable.get()).toBe("maker, later");
      const given = copyContext();
      const second = createTask(body(), { context: given });
      expect(second.getContext()).toBe(given);
      yield* second;
      expect(given.get(variable)).toBe("task");
      const third = createTask(body(), { context: new Context(), eagerStart: true });
      yield* third;
      expect(seen).toEqual(["maker", "task", "maker, later", "task", "default", "task"]);
    });
  });
});

describe("instruments", () => {
  test("see a task spawned, scheduled, stepped and ended", () => {
    virtually(function* (loop) {
      const seen: string[] = [];
      const see = (event: string) => (task: object) => {
        if ((task as Task).getName() === "t") seen.push(event);
      };
      const remove = loop.addInstrument({
        taskSpawned: see("spawned"),
        taskScheduled: see("scheduled"),
        beforeTaskStep: see("before"),
        afterTaskStep: see("after"),
        taskExited: see("exited"),
      });
      yield* createTask(
        (function* () {
          yield* sleep(0);
        })(),
        { name: "t" },
      );
      remove();
      expect(seen).toEqual(["spawned", "scheduled", "before", "scheduled", "after", "before", "after", "exited"]);
    });
  });

  test("see a task woken by a future, begun eagerly, failed and cancelled", () => {
    virtually(function* (loop) {
      const seen: string[] = [];
      const see = (event: string) => (task: object) => {
        const name = (task as Task).getName();
        if (!name.startsWith("Task-")) seen.push(`${name} ${event}`);
      };
      const remove = loop.addInstrument({
        taskSpawned: see("spawned"),
        taskScheduled: see("scheduled"),
        beforeTaskStep: see("before"),
        afterTaskStep: see("after"),
        taskExited: see("exited"),
      });
      const tell = (what: string) => seen.push(what);
      const future = new Future<void>();
      const waiting = createTask(
        (function* () {
          yield* future;
          throw new Error("failed");
        })(),
        { name: "waiting", eagerStart: true },
      );
      tell("is made");
      future.setResult();
      tell("future is done");
      yield* wait([waiting]);
      const cancelled = createTask(sleep(1), { name: "cancelled" });
      cancelled.cancel();
      yield* wait([cancelled]);
      const atOnce = createTask((function* () {})(), { name: "at once", eagerStart: true });
      expect([waiting.exception(), cancelled.cancelled(), atOnce.done()]).toEqual([expect.any(Error), true, true]);
      remove();
      yield* createTask(sleep(0), { name: "unseen" });
      expect(seen).toEqual([
        ...["waiting spawned", "waiting before", "waiting after", "is made"],
        ...["waiting scheduled", "future is done", "waiting before", "waiting after", "waiting exited"],
        ...["cancelled spawned", "cancelled scheduled", "cancelled before", "cancelled after", "cancelled exited"],
        ...["at once spawned", "at once before", "at once after", "at once exited"],
      ]);
    });
  });
});

describe("sleep", () => {
  test("gives its result after its delay, on the loop's clock", () => {
    virtually(function* (loop) {
      expect(yield* sleep(10, "slept")).toBe("slept");
      expect(loop.time()).toBe(10);
      expect(yield* sleep(0, "gave way")).toBe("gave way");
      expect(yield* sleep(-5, "likewise")).toBe("likewise");
      expect(loop.time()).toBe(10);
    });
  });
});

describe("ensureFuture", () => {
  test("takes whatever can be awaited", () => {
    virtually(function* () {
      const future = new Future<string>();
      expect(ensureFuture(future)).toBe(future);
      const task = ensureFuture(napping(1, "coroutine"));
      expect(task).toBeInstanceOf(Task);
      expect(yield* task).toBe("coroutine");
      expect(
        yield* ensureFuture(
          (function* () {
            return yield* sleep(0, "generator");
          })(),
        ),
      ).toBe("generator");
      const awaitable = {
        *[Symbol.iterator](): Generator<any, string, any> {
          return yield* sleep(0, "object");
        },
      };
      expect(yield* ensureFuture(awaitable as unknown as Coroutine<string>)).toBe("object");
      future.cancel();
    });
  });

  test("takes a promise", async () => {
    const loop = new EventLoop();
    expect(await ensureFuture(Promise.resolve("promise"), { loop })).toBe("promise");
  });

  test("refuses the rest, and futures of another loop than the one asked for", () => {
    const loop = new EventLoop({ host: testHost() });
    expect(() => ensureFuture(5 as never)).toThrow(
      new TypeError("a coroutine, a future or another awaitable is required, got 5"),
    );
    expect(() => ensureFuture([1] as never)).toThrow(TypeError);
    expect(() => ensureFuture((async () => {}) as never)).toThrow(
      "; an async function becomes a coroutine function with fromAsync()",
    );
    expect(() => ensureFuture(new Future({ loop }), { loop: new EventLoop() })).toThrow(
      new RangeError("The future belongs to a different loop than the one specified as the loop argument"),
    );
    expect(ensureFuture(new Future({ loop }), { loop })).toBeInstanceOf(Future);
  });
});

describe("the context of a task", () => {
  test("is its own though it was made without one, from the first variable it sets", () => {
    const variable = new ContextVar("variable", { default: 0 });
    const reader = coroutine(function* reader() {
      return variable.get();
    });
    const setter = coroutine(function* setter() {
      variable.set(1);
      yield* sleep(0);
      const child = createTask(reader());
      variable.set(2);
      return [yield* child, variable.get()];
    });
    virtually(function* () {
      const task = createTask(setter());
      expect(yield* task).toEqual([1, 2]);
      expect(yield* createTask(reader(), { eagerStart: true })).toBe(0);
      expect(task.getContext().get(variable)).toBe(2);
      const other = createTask(reader());
      expect(other.getContext()).not.toBe(task.getContext());
      other.getContext().run(() => variable.set(3));
      expect(other.getContext()).toBe(other.getContext());
      expect(yield* other).toBe(3);
      expect(variable.get()).toBe(0);
    });
  });
});
