import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future, type Suspension } from "@tsyncio/future";

import { describe, expect, test } from "vitest";
import { virtually } from "../test/virtually.ts";
import { createTask, currentTask, sleep } from "./index.ts";

type Steps<T> = Generator<Suspension, T, unknown>;

const names = () =>
  currentTask()!
    .getStack()
    .map(({ name }) => name);

const states = (...coroutines: Coroutine<unknown>[]) => coroutines.map(({ state }) => state);

/** Deeper than callees are begun inside their callers. */
const deep = 120;

describe("a coroutine that a task's coroutine awaits", () => {
  test("is on the stack from its first line on", () => {
    const inner = coroutine(function* inner(): Steps<string[]> {
      const first = names();
      yield* sleep(0);
      return [...first, "then", ...names()];
    });
    const outer = coroutine(function* outer(): Steps<string[]> {
      return [...(yield* inner()), "and", ...names()];
    });
    expect(virtually(outer)).toEqual(["outer", "inner", "then", "outer", "inner", "and", "outer"]);
  });

  test("ends in its first part: with a result, or with an error its caller sees at the await", () => {
    const made: Coroutine<number>[] = [];
    const inner = coroutine(function* inner(fails: boolean): Steps<number> {
      expect(states(...made)).toEqual(fails ? ["closed", "running"] : ["running"]);
      if (fails) throw new Error("inside");
      return 1;
    });
    const outer = coroutine(function* outer(): Steps<unknown[]> {
      const seen: unknown[] = [];
      for (const fails of [false, true]) {
        made.push(inner(fails));
        try {
          seen.push(yield* made.at(-1)!);
        } catch (error) {
          seen.push((error as Error).message);
        }
      }
      yield* sleep(0);
      return [...seen, ...states(...made), ...names()];
    });
    expect(virtually(outer)).toEqual([1, "inside", "closed", "closed", "outer"]);
  });

  test("may recurse far deeper than the native stack", () => {
    const sum = coroutine(function* sum(n: number): Steps<number> {
      return n === 0 ? 0 : n + (yield* sum(n - 1));
    }) as (n: number) => Coroutine<number>;
    const down = coroutine(function* down(n: number): Steps<number> {
      if (n > 0) return 1 + (yield* again(n - 1));
      yield* sleep(1);
      return 0;
    });
    const again: (n: number) => Coroutine<number> = down;
    expect(virtually(() => sum(3))).toBe(6);
    expect(virtually(() => down(100_000))).toBe(100_000);
  });

  test("suspends in its first part however deep it is, and its callers go on one after another", () => {
    const order: string[] = [];
    const descend: (depth: number) => Coroutine<number> = coroutine(function* descend(depth: number): Steps<number> {
      if (depth === 0) {
        yield* sleep(1);
        return 0;
      }
      try {
        return 1 + (yield* descendAgain(depth - 1));
      } finally {
        order.push(`${depth} of ${names().length}`);
      }
    });
    const descendAgain = descend;
    const main = coroutine(function* main(): Steps<[number, number]> {
      const task = createTask(descend(deep));
      yield* sleep(0);
      const length = task.getStack().length;
      return [yield* task, length];
    });
    // The leaf, sleep(), is on the stack too.
    expect(virtually(main)).toEqual([deep, deep + 2]);
    expect(order).toEqual(Array.from({ length: deep }, (_, index) => `${index + 1} of ${deep - index}`));
  });

  test("is not on the stack when its iterator was only begun by hand, and something else is awaited", () => {
    const waiting = coroutine(function* waiting(gate: Future<void>): Steps<void> {
      sleep(0)[Symbol.iterator]().next();
      yield* gate;
    });
    const main = coroutine(function* main(): Steps<string[]> {
      const gate = new Future<void>();
      const task = createTask(waiting(gate));
      yield* sleep(0);
      const stack = task.getStack().map(({ name }) => name);
      gate.setResult(undefined);
      yield* task;
      return stack;
    });
    expect(virtually(main)).toEqual(["waiting"]);
  });

  test("is cancelled where it is suspended, and all clean-ups run, innermost first", () => {
    const order: number[] = [];
    const descend: (depth: number) => Coroutine<void> = coroutine(function* descend(depth: number): Steps<void> {
      try {
        if (depth === deep) yield* new Future<void>();
        else yield* descendAgain(depth + 1);
      } finally {
        yield* sleep(0);
        order.push(depth);
      }
    });
    const descendAgain = descend;
    const main = coroutine(function* main(): Steps<void> {
      const task = createTask(descend(0));
      yield* sleep(0);
      task.cancel();
      yield* task;
    });
    expect(() => virtually(main)).toThrow(CancelledError);
    expect(order).toEqual(Array.from({ length: deep + 1 }, (_, index) => deep - index));
  });

  test("may begin tasks that begin at once", () => {
    const child = coroutine(function* child(): Steps<string[]> {
      return yield* nested();
    });
    const nested = coroutine(function* nested(): Steps<string[]> {
      yield* sleep(0);
      return names();
    });
    const inner = coroutine(function* inner(): Steps<string[]> {
      const task = createTask(child(), { eagerStart: true });
      return [...names(), ...(yield* task), ...names()];
    });
    const outer = coroutine(function* outer(): Steps<string[]> {
      return yield* inner();
    });
    expect(virtually(outer)).toEqual(["outer", "inner", "child", "nested", "outer", "inner"]);
  });

  test("may drive others by hand, which await others", () => {
    const leafless = coroutine(function* leafless(): Steps<string> {
      return "found";
    });
    const driven = coroutine(function* driven(): Steps<string> {
      yield* sleep(0);
      return yield* leafless();
    });
    const main = coroutine(function* main(): Steps<unknown[]> {
      const byHand = driven();
      const first = byHand.send();
      yield* sleep(0);
      return [first.done, byHand.send(), names(), yield* leafless()];
    });
    expect(virtually(main)).toEqual([false, { done: true, value: "found" }, ["main"], "found"]);
  });

  test("whose step somebody keeps for himself is forgotten", () => {
    const waiting = coroutine(function* waiting(): Steps<void> {
      yield* sleep(0);
    });
    const main = coroutine(function* main(): Steps<unknown[]> {
      const raw = (function* (): Steps<void> {
        yield* waiting();
      })();
      raw.next();
      yield* sleep(0);
      return [names(), yield* sleep(1, "slept")];
    });
    expect(virtually(main)).toEqual([["main"], "slept"]);
  });
});
