import { coroutine } from "@tsyncio/coroutine";
import { checkpoint } from "@tsyncio/coroutine/protocol";
import { Future } from "@tsyncio/future";
import { describe, expect, test } from "vitest";
import { virtually } from "../test/virtually.ts";
import { createTask } from "./create-task.ts";
import { sleep } from "./sleep.ts";
import type { Task } from "./task.ts";

describe("the stack", () => {
  test("is the whole chain of awaits, outermost first, through the tasks it awaits", () => {
    virtually(function* () {
      const inner = createTask(
        coroutine(function* inner() {
          yield* sleep(5);
        })(),
        { name: "inner" },
      );
      const middle = coroutine(function* middle() {
        yield* inner;
      });
      const outer = createTask(
        coroutine(function* outer() {
          yield* middle();
        })(),
        { name: "outer" },
      );
      yield* sleep(1);
      expect(outer.getStack().map(({ name, task }) => `${name} in ${task.getName()}`)).toEqual([
        "outer in outer",
        "middle in outer",
        "inner in inner",
        "sleep in inner",
      ]);
      const lines: string[] = [];
      outer.printStack((line) => lines.push(line));
      expect(lines).toEqual([
        'Stack for <Task pending name="outer" coro=outer() awaiting=<Task pending name="inner">> (outermost first):',
        "  outer() in outer",
        "  middle() in outer",
        "  inner() in inner",
        "  sleep() in inner",
      ]);
      yield* outer;
      lines.length = 0;
      outer.printStack((line) => lines.push(line));
      expect(lines).toEqual(['No stack for <Task finished result=undefined name="outer">']);
      expect(outer.getStack()).toEqual([]);
    });
  });

  test("has the leaf by which it gave way, whoever else did, until it goes on", () => {
    virtually(function* () {
      const stack = (task: Task<any>) => task.getStack().map(({ name }) => name);
      const resting = coroutine(function* resting() {
        yield* sleep(0, "rested");
        yield* checkpoint;
      });
      const tasks = Array.from({ length: 1000 }, () => createTask(resting()));
      const stacks = (some: Iterable<Task<any>>) => new Set([...some].map((task) => stack(task).join(" ")));
      expect(stacks(tasks)).toEqual(new Set(["resting"]));
      yield* sleep(0);
      expect(stacks(tasks)).toEqual(new Set(["resting sleep"]));
      expect(tasks[0]!.getStack().at(-1)!.coroutine.state).toBe("suspended");
      yield* sleep(0);
      expect(stacks(tasks)).toEqual(new Set(["resting"]));
      yield* sleep(0);
      expect(stacks(tasks)).toEqual(new Set([""]));
    });
  });

  test("has a leaf while it waits, once, and none where a future is awaited after it", () => {
    virtually(function* () {
      const stack = (task: Task<any>) => task.getStack().map(({ name }) => name);
      const bare = createTask(sleep(5));
      const future = new Future<string>();
      const slept = createTask(
        coroutine(function* slept() {
          yield* sleep(1);
          return yield* future;
        })(),
      );
      yield* sleep(0);
      expect([stack(bare), stack(slept)]).toEqual([["sleep"], ["slept", "sleep"]]);
      yield* sleep(2);
      expect([stack(bare), stack(slept)]).toEqual([["sleep"], ["slept"]]);
      // Nothing is kept of the sleep that is over.
      expect(slept.getCoro()!._caller).toBe(null);
      future.setResult("done");
      expect([yield* slept, yield* bare]).toEqual(["done", undefined]);
    });
  });
});
