import { Context, ContextVar } from "@tsyncio/context";
import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { expect, test } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { allTasks, currentTask } from "./current-task.ts";
import { gather } from "./gather.ts";
import { sleep } from "./sleep.ts";
import type { Task } from "./task.ts";
import { taskGroup } from "./task-group.ts";
import { timeout } from "./timeout.ts";

const eager = { eagerStart: true } as const;

test("a future that an eager task publishes is done when the call that made the task returns", () =>
  virtually(function* () {
    const future = new Future<string>();
    const task = createTask(
      coroutine(function* publish() {
        future.setResult("published");
      })(),
      eager,
    );
    expect([task.done(), yield* future]).toEqual([true, "published"]);
  }));

test("one that has ended cannot be cancelled; one that waits can, with a message", () =>
  virtually(function* () {
    const ended = createTask(
      coroutine(function* () {
        return "ended";
      })(),
      eager,
    );
    expect([ended.cancel(), yield* ended]).toEqual([false, "ended"]);
    const waiting = createTask(sleep(100), eager);
    expect([waiting.cancel("message"), waiting.cancelling()]).toEqual([true, 1]);
    expect(yield* thrownBy(() => waiting)).toBe("CancelledError: message");
  }));

test("it is the current task in its first step and after, and its maker is again when that is over", () =>
  virtually(function* () {
    const maker = currentTask();
    const seen: (Task<any> | null)[] = [];
    const task = createTask(
      coroutine(function* () {
        seen.push(currentTask());
        yield* sleep(1);
        seen.push(currentTask());
      })(),
      eager,
    );
    expect(currentTask() === maker).toBe(true);
    yield* task;
    expect(seen.map((one) => one === task)).toEqual([true, true]);
  }));

test("it is among all tasks while it runs and waits, and no longer when it has ended", () =>
  virtually(function* () {
    const counts: number[] = [];
    const count = coroutine(function* count(delayMs: number | null) {
      counts.push(allTasks().size);
      if (delayMs !== null) yield* sleep(delayMs);
    });
    createTask(count(null), eager);
    expect([...counts, allTasks().size]).toEqual([2, 1]);
    const waiting = createTask(count(1), eager);
    expect([...counts, allTasks().size]).toEqual([2, 2, 2]);
    yield* waiting;
    expect(allTasks().size).toBe(1);
  }));

test("it comes before the tasks that it makes in its first step, eager or not, and whether anybody looks meanwhile or not", () =>
  virtually(function* () {
    const before = allTasks().size;
    const names = () => [...allTasks()].slice(before).map((task) => task.getName());
    const nest: (depth: number, looks: boolean) => Coroutine<void> = coroutine(function* (
      depth: number,
      looks: boolean,
    ) {
      if (looks) expect(names().at(-1)).toBe(`${depth}`);
      createTask(sleep(1), { name: `made by ${depth}` });
      if (depth > 0) createTask(nest(depth - 1, looks), { name: `${depth - 1}`, eagerStart: true });
      yield* sleep(1);
    });
    for (const looks of [false, true]) {
      createTask(nest(2, looks), { name: "2", eagerStart: true });
      expect(names()).toEqual(["2", "made by 2", "1", "made by 1", "0", "made by 0"]);
      yield* sleep(2);
      expect(names()).toEqual([]);
    }
  }));

test("in a context that is entered already it cannot start, and leaves nothing behind", () =>
  virtually(function* () {
    const context = new Context();
    const maker = coroutine(function* maker() {
      const before = allTasks().size;
      const never = coroutine(function* never() {
        throw new Error("it ran");
      });
      expect(yield* thrownBy(() => createTask(never(), { context, eagerStart: true }))).toBe(
        "RuntimeError: cannot enter context: <Context 0 variables> is already entered; enter a copy() of it",
      );
      expect([allTasks().size, currentTask() === task]).toEqual([before, true]);
    });
    const task: Task<void> = createTask(maker(), { context });
    yield* task;
  }));

test("its first step has a context of its own already", () =>
  virtually(function* () {
    const variable = new ContextVar("variable", { default: 0 });
    const log: number[] = [];
    variable.set(1);
    const task = createTask(
      coroutine(function* () {
        log.push(variable.get());
        variable.set(2);
        yield* sleep(1);
        log.push(variable.get());
        variable.set(3);
      })(),
      eager,
    );
    log.push(variable.get());
    yield* task;
    log.push(variable.get());
    expect(log).toEqual([1, 1, 2, 1]);
  }));

test("groups of groups of eager tasks that never wait", () =>
  virtually(function* (loop) {
    let tasks = 0;
    const nest: (width: number, depth: number) => Coroutine<void> = coroutine(function* (width: number, depth: number) {
      tasks++;
      if (depth === 0) return;
      yield* taskGroup(function* (group) {
        for (let index = 0; index < width; index++) group.createTask(nest(width, depth - 1), eager);
      });
    });
    yield* nest(5, 4);
    expect(tasks).toBe(1 + 5 + 25 + 125 + 625);
    expect(loop.time()).toBe(0);
  }));

test("a group of eager tasks that all wait, one of which fails", () =>
  virtually(function* () {
    const log: string[] = [];
    const error = yield* thrownBy(() =>
      taskGroup(function* (group) {
        for (const delayMs of [5, 1, 9]) {
          group.createTask(
            coroutine(function* () {
              try {
                yield* sleep(delayMs);
                if (delayMs === 1) throw new RangeError("failed");
              } finally {
                log.push(`${delayMs}`);
              }
            })(),
            eager,
          );
        }
        log.push("body");
      }),
    );
    expect(error).toBe("ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)");
    expect(log).toEqual(["body", "1", "5", "9"]);
  }));

test("a gather of eager tasks that have ended is done at once", () =>
  virtually(function* () {
    const quick = coroutine(function* quick(value: number) {
      return value;
    });
    const gathered = gather([1, 2, 3].map((value) => createTask(quick(value), eager)));
    expect([gathered.done(), yield* gathered]).toEqual([true, [1, 2, 3]]);
  }));

test("a timeout in its first step is the eager task's, not its maker's", () =>
  virtually(function* () {
    const task = createTask(
      timeout(5, () => sleep(100)),
      eager,
    );
    expect(yield* sleep(10, "undisturbed")).toBe("undisturbed");
    expect(yield* thrownBy(() => task)).toBe("TimeoutError: timed out after 5 ms");
  }));
