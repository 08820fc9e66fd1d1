import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { EventLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test, vi } from "vitest";
import { thrownBy, virtually } from "../test/virtually.ts";
import { asCompleted } from "./as-completed.ts";
import { captureCallGraph, type FutureCallGraph, formatCallGraph, printCallGraph } from "./call-graph.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { gather } from "./gather.ts";
import { shield } from "./shield.ts";
import { sleep } from "./sleep.ts";
import { Task } from "./task.ts";
import { taskGroup } from "./task-group.ts";
import { timeout } from "./timeout.ts";
import { wait } from "./wait.ts";

/** A graph as text: names of tasks with their stacks, and who awaits them in brackets, sorted. */
function shape(graph: FutureCallGraph | null): string {
  if (graph === null) return "nothing";
  const { future, callStack, awaitedBy } = graph;
  const stack = callStack.map(({ coroutine }) => coroutine.name).join(" < ");
  const waiters = awaitedBy.map(shape).sort();
  return `${future instanceof Task ? future.getName() : "future"}(${stack})${waiters.length === 0 ? "" : ` <- [${waiters.join(", ")}]`}`;
}

const deep = coroutine(function* frame(levels: number, future: Future<void>): Generator<any, void, unknown> {
  if (levels > 0) yield* deep(levels - 1, future);
  else yield* future;
});

/** The graph from a future, seen once the tasks have run as far as they can. */
function* seenFrom(future: Future<any>): Generator<any, string, unknown> {
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  return shape(captureCallGraph(future));
}

describe("captureCallGraph", () => {
  test("of a future: the tasks that await it, with their stacks, innermost first", () =>
    virtually(function* () {
      const future = new Future<void>();
      const outer = coroutine(function* outer() {
        yield* deep(2, future);
      });
      const task = createTask(outer(), { name: "A" });
      expect(yield* seenFrom(future)).toBe("future() <- [A(frame < frame < frame < outer)]");
      future.setResult();
      yield* task;
      expect(shape(captureCallGraph(task))).toBe("A()");
    }));

  test("through gather, wait, shield, asCompleted, a timeout and a task group", () =>
    virtually(function* () {
      const future = new Future<void>();
      const waiters = [
        createTask(
          coroutine(function* gathering() {
            yield* gather([future, sleep(1)]);
          })(),
          { name: "gather" },
        ),
        createTask(wait([future]), { name: "wait" }),
        createTask(
          coroutine(function* shielding() {
            yield* shield(future);
          })(),
          { name: "shield" },
        ),
        createTask(
          timeout(1000, () => future),
          { name: "timeout" },
        ),
        createTask(
          taskGroup(function* (group) {
            group.createTask(deep(0, future), { name: "child" });
          }),
          { name: "group" },
        ),
      ];
      expect(yield* seenFrom(future)).toBe(
        "future() <- [" +
          "child(frame) <- [group(taskGroup)], " +
          "gather(gathering), shield(shielding), timeout(timeout), wait(wait)]",
      );
      future.setResult();
      yield* wait(waiters);
      expect(shape(captureCallGraph(future))).toBe("future()");
      // As in asyncio, asCompleted is not in it: nobody awaits the future before it is done.
      const other = new Future<void>();
      const [next] = [...asCompleted([other])];
      const last = createTask(next!);
      expect(yield* seenFrom(other)).toBe("future()");
      other.setResult();
      yield* last;
    }));

  test("through a chain of tasks, up to those nobody awaits", () =>
    virtually(function* () {
      const future = new Future<void>();
      const chain = [createTask(deep(0, future), { name: "t0" })];
      for (let index = 1; index <= 3; index++)
        chain.push(createTask(deep(0, chain[index - 1]!), { name: `t${index}` }));
      expect(yield* seenFrom(future)).toBe("future() <- [t0(frame) <- [t1(frame) <- [t2(frame) <- [t3(frame)]]]]");
      future.setResult();
      yield* chain[3]!;
    }));

  test("of the running task: with the coroutines that run now", () =>
    virtually(function* () {
      currentTask()!.setName("main");
      const seen: string[] = [];
      const inner = coroutine(function* inner() {
        seen.push(shape(captureCallGraph()));
        yield* sleep(0);
        seen.push(shape(captureCallGraph(null, { limit: 1 })));
      });
      const outer = coroutine(function* outer() {
        yield* inner();
        seen.push(shape(captureCallGraph()));
        yield* thrownBy(() => failing());
        seen.push(shape(captureCallGraph()));
      });
      const failing = coroutine(function* failing() {
        throw new Error("failed");
      });
      const task = createTask(outer(), { name: "A" });
      const parent = createTask(
        coroutine(function* parent() {
          yield* task;
        })(),
        { name: "B" },
      );
      yield* parent;
      const above = " <- [B(parent) <- [main(generator)]]";
      expect(seen).toEqual(["A(inner < outer)", `A(outer)${above}`, `A(outer)${above}`, `A(outer)${above}`]);
    }));

  test("of a task that was woken and has not run yet: it still waits", () =>
    virtually(function* () {
      const future = new Future<void>();
      const task = createTask(deep(1, future), { name: "A" });
      yield* sleep(0);
      future.setResult();
      expect(shape(captureCallGraph(future))).toBe("future() <- [A(frame < frame)]");
      yield* task;
      expect(shape(captureCallGraph(future))).toBe("future()");
    }));

  test("of a running task that does not ask for itself: its bottom alone", () =>
    virtually(function* () {
      const seen: string[] = [];
      const eager = coroutine(function* eager() {
        seen.push(shape(captureCallGraph(parent)), shape(captureCallGraph()));
      });
      const done = new Future<void>();
      const starts = coroutine(function* starts() {
        gather([done]);
        done.setResult();
        seen.push(shape(captureCallGraph(done)));
        createTask(eager(), { name: "B", eagerStart: true });
        seen.push(shape(captureCallGraph(parent)));
      });
      const bottom = coroutine(function* bottom() {
        yield* starts();
      });
      const parent = createTask(bottom(), { name: "A" });
      yield* sleep(0);
      expect(seen).toEqual(["future() <- [A(bottom)]", "A(bottom)", "B(eager)", "A(starts < bottom)"]);
    }));

  test("limit: so many of the outermost, or of the innermost, or none", () =>
    virtually(function* () {
      const future = new Future<void>();
      const outer = coroutine(function* outer() {
        yield* deep(1, future);
      });
      const task = createTask(outer(), { name: "A" });
      yield* sleep(0);
      const limited = (limit: number) => shape(captureCallGraph(future, { limit }));
      expect(limited(2)).toBe("future() <- [A(frame < outer)]");
      expect(limited(1)).toBe("future() <- [A(outer)]");
      expect(limited(-2)).toBe("future() <- [A(frame < frame)]");
      expect(limited(0)).toBe("future() <- [A()]");
      expect(limited(9)).toBe("future() <- [A(frame < frame < outer)]");
      future.setResult();
      yield* task;
    }));

  test("of a future that is awaited by several ways, and of tasks in a circle", () =>
    virtually(function* () {
      const future = new Future<void>();
      const left = createTask(deep(0, future), { name: "left" });
      const right = createTask(deep(0, future), { name: "right" });
      const both = createTask(
        coroutine(function* both() {
          yield* gather([left, right]);
        })(),
        { name: "both" },
      );
      expect(yield* seenFrom(future)).toBe("future() <- [left(frame) <- [both(both)], right(frame) <- [both(both)]]");
      future.setResult();
      yield* both;

      const circle: Task<void>[] = [];
      const next = coroutine(function* next(index: number) {
        yield* circle[index % 2]!;
      });
      circle.push(createTask(next(1), { name: "c0" }), createTask(next(2), { name: "c1" }));
      expect(yield* seenFrom(circle[0]!)).toBe("c0(next) <- [c1(next)]");
      circle[0]!.cancel();
      yield* wait(circle);
    }));

  test("10,000 tasks long", () =>
    virtually(function* () {
      const future = new Future<void>();
      let last = createTask(deep(0, future));
      for (let index = 1; index < 10_000; index++) last = createTask(deep(0, last));
      yield* sleep(0);
      let length = 0;
      for (let graph = captureCallGraph(future); graph !== undefined; graph = graph!.awaitedBy[0]!) length++;
      expect(length).toBe(10_001);
      const [nearTheEnd] = [...last.awaitedBy];
      expect(nearTheEnd).toBeUndefined();
      future.setResult();
      yield* last;
    }));

  test("of a task that sleeps, or gives way", () =>
    virtually(function* () {
      const tasks = [createTask(sleep(5), { name: "A" }), createTask(sleep(0), { name: "B" })];
      expect(tasks.map((task) => shape(captureCallGraph(task)))).toEqual(["A(sleep)", "B(sleep)"]);
      yield* wait(tasks);
    }));

  test("outside a task, there is none", () => {
    const loop = new EventLoop({ host: testHost() });
    let graph: unknown = "not asked";
    let text: unknown = "not asked";
    loop.callSoon(() => {
      graph = captureCallGraph();
      text = formatCallGraph();
      loop.stop();
    });
    loop.runForever();
    const future = new Future<void>({ loop });
    expect(shape(captureCallGraph(future))).toBe("future()");
    loop.close();
    expect([graph, text]).toEqual([null, ""]);
  });

  test("misuse", () => {
    expect(() => captureCallGraph()).toThrow(
      "captureCallGraph() outside a running event loop needs a future to start from",
    );
    expect(() => captureCallGraph(3 as never)).toThrow("captureCallGraph() expects a future, got 3");
    expect(() => captureCallGraph(null, { limit: 0.5 })).toThrow("a call graph's limit must be an integer, got 0.5");
  });
});

describe("formatCallGraph and printCallGraph", () => {
  test("one line for each task, future and coroutine", () =>
    virtually(function* () {
      const future = new Future<void>();
      const task = createTask(deep(1, future), { name: "A" });
      const waiters = [createTask(deep(0, task), { name: "B" }), createTask(gatherIt(task), { name: "C" })];
      yield* sleep(0);
      const text = formatCallGraph(future).replaceAll(/id=0x[0-9a-f]+/g, "id=…");
      expect(text.split("\n")).toEqual([
        "* Future(id=…)",
        "  + Awaited by:",
        "    * Task(name='A', id=…)",
        "      + Call stack:",
        "      |   async frame()",
        "      |   async frame()",
        "      + Awaited by:",
        "        * Task(name='B', id=…)",
        "          + Call stack:",
        "          |   async frame()",
        "        * Task(name='C', id=…)",
        "          + Call stack:",
        "          |   async gatherIt()",
      ]);
      const printed: string[] = [];
      printCallGraph(task, { print: (line) => printed.push(line), limit: 0 });
      expect(printed[0]!.split("\n")[0]).toMatch(/^\* Task\(name='A', id=0x[0-9a-f]+\)$/);
      expect(printed[0]).not.toContain("Call stack");
      // The same future has the same number each time.
      expect(formatCallGraph(future)).toBe(formatCallGraph(future));
      future.setResult();
      yield* wait(waiters);
    }));

  test("shows names as Python does, each on one line", () =>
    virtually(function* () {
      for (const [name, shown] of [
        ["it's", `"it's"`],
        ['say "hi"', `'say "hi"'`],
        [`both ' and "`, `'both \\' and "'`],
        ["new\nline\ttab\rcr", "'new\\nline\\ttab\\rcr'"],
        ["back\\slash", "'back\\\\slash'"],
        ["bell\x07 del\x7f nul\x00", "'bell\\x07 del\\x7f nul\\x00'"],
        ["é ✓ 😀", "'é ✓ 😀'"],
        ["\u200b\u2028\xa0\xad", "'\\u200b\\u2028\\xa0\\xad'"],
        ["\ud800\u{e0001}", "'\\ud800\\U000e0001'"],
      ] as const) {
        const task = createTask(sleep(0), { name });
        expect(formatCallGraph(task).split(", id=")[0]).toBe(`* Task(name=${shown}`);
        yield* task;
      }
    }));

  test("prints to the console", () =>
    virtually(function* () {
      const log = vi.spyOn(console, "log").mockImplementation(() => {});
      printCallGraph();
      expect(log.mock.calls.length).toBe(1);
      expect(log.mock.calls[0]![0]).toMatch(/^\* Task\(name='Task-\d+', id=0x[0-9a-f]+\)\n {2}\+ Call stack:\n/);
      log.mockRestore();
      yield* sleep(0);
    }));
});

const gatherIt = coroutine(function* gatherIt(future: Future<void>) {
  yield* gather([future]);
});
