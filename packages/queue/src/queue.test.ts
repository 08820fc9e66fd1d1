import { RuntimeError } from "@tsyncio/context";
import { createTask, gather, sleep, type Task, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import { start } from "../test/start.ts";
import { LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull, QueueShutDown } from "./index.ts";

/** A task that gets one item and notes it with its name. */
function getter(queue: Queue<number>, name: string, log: string[]): Task<void> {
  return start(function* () {
    log.push(`${name}${yield* queue.get()}`);
  });
}

/** A task that puts one item and notes its name. */
function putter(queue: Queue<number>, item: number, log: string[]): Task<void> {
  return start(function* () {
    yield* queue.put(item);
    log.push(`put ${item}`);
  });
}

describe.each([
  { name: "Queue", Kind: Queue<number> },
  { name: "LifoQueue", Kind: LifoQueue<number> },
  { name: "PriorityQueue", Kind: PriorityQueue<number> },
])("$name", ({ name, Kind }) => {
  it("prints what is in it and who waits", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      expect(String(queue)).toBe(`<${name} maxsize=1 qsize=0>`);
      const get = createTask(queue.get());
      yield* sleep(0);
      expect(String(queue)).toBe(`<${name} maxsize=1 qsize=0 getters=1>`);
      queue.putNowait(1);
      yield* get;
      queue.putNowait(2);
      const put = createTask(queue.put(3));
      yield* sleep(0);
      expect(String(queue)).toBe(`<${name} maxsize=1 qsize=1 putters=1 tasks=2>`);
      expect(queue.statistics()).toEqual({
        size: 1,
        maxsize: 1,
        getters: 0,
        putters: 1,
        unfinished: 2,
        isShutDown: false,
      });
      queue.getNowait();
      yield* put;
      queue.shutdown();
      expect(String(queue)).toBe(`<${name} maxsize=1 qsize=1 tasks=3 shutdown>`);
      expect(queue.isShutDown).toBe(true);
    }));

  it("is empty, full, or neither", () => {
    const queue = new Kind(2);
    const states = [[queue.empty(), queue.full(), queue.qsize()]];
    for (const item of [1, 2]) {
      queue.putNowait(item);
      states.push([queue.empty(), queue.full(), queue.qsize()]);
    }
    expect(states).toEqual([
      [true, false, 0],
      [false, false, 1],
      [false, true, 2],
    ]);
  });

  it("is never full without a maxsize", () => {
    for (const queue of [new Kind(), new Kind(0), new Kind(-1), new Kind(Number.POSITIVE_INFINITY)]) {
      for (let item = 0; item < 100; item++) queue.putNowait(item);
      expect(queue.full()).toBe(false);
    }
  });

  it("takes a maxsize with a fraction: it is full at the next whole number", () =>
    runVirtual(function* () {
      const queue = new Kind(1.3);
      queue.putNowait(1);
      expect(queue.full()).toBe(false);
      queue.putNowait(2);
      expect(queue.full()).toBe(true);
    }));

  it("refuses a maxsize that is no number", () => {
    expect(() => new Kind("1" as never)).toThrow(new TypeError(`${name} expects a number as its maxsize, got 1`));
    expect(() => new Kind(Number.NaN)).toThrow(new TypeError(`${name} expects a number as its maxsize, got NaN`));
  });

  it("says so when it is empty or full", () => {
    const queue = new Kind(1);
    expect(() => queue.getNowait()).toThrow(
      new QueueEmpty(`<${name} maxsize=1 qsize=0> is empty; get() waits for an item`),
    );
    queue.putNowait(1);
    expect(() => queue.putNowait(2)).toThrow(
      new QueueFull(`<${name} maxsize=1 qsize=1 tasks=1> is full; put() waits for room`),
    );
    expect(queue.qsize()).toBe(1);
  });

  it("does not suspend when there is an item or room", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      let others = 0;
      const task = start(function* () {
        others++;
      });
      yield* queue.put(7);
      expect(yield* queue.get()).toBe(7);
      expect(others).toBe(0);
      yield* task;
    }));

  it("does nothing before put() and get() are awaited, and nothing twice", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const put = queue.put(1);
      expect(queue.qsize()).toBe(0);
      yield* put;
      expect(queue.qsize()).toBe(1);
      const get = queue.get();
      expect(queue.qsize()).toBe(1);
      expect(yield* get).toBe(1);
      expect(() => put[Symbol.iterator]().next()).toThrow(RuntimeError);
      expect(queue.qsize()).toBe(0);
    }));

  it("wakes getters in the order they came", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const log: string[] = [];
      const tasks = ["a", "b"].map((getterName) => getter(queue, getterName, log));
      yield* sleep(0);
      queue.putNowait(1);
      yield* sleep(0);
      queue.putNowait(2);
      yield* gather(tasks);
      expect(log).toEqual(["a1", "b2"]);
    }));

  it("wakes putters in the order they came", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      const log: string[] = [];
      queue.putNowait(0);
      const tasks = [1, 2].map((item) => putter(queue, item, log));
      yield* sleep(0);
      const got = [queue.getNowait()];
      yield* sleep(0);
      expect(log).toEqual(["put 1"]);
      got.push(queue.getNowait());
      yield* gather(tasks);
      got.push(queue.getNowait());
      expect(got).toEqual([0, 1, 2]);
      expect(log).toEqual(["put 1", "put 2"]);
    }));

  it("passes by a getter that was cancelled", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const log: string[] = [];
      const [a, b] = ["a", "b"].map((getterName) => getter(queue, getterName, log));
      yield* sleep(0);
      a!.cancel();
      queue.putNowait(1);
      yield* wait([a!, b!]);
      expect(a!.cancelled()).toBe(true);
      expect(log).toEqual(["b1"]);
    }));

  it("wakes the next getter when the one woken is cancelled", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const log: string[] = [];
      const [a, b] = ["a", "b"].map((getterName) => getter(queue, getterName, log));
      yield* sleep(0);
      queue.putNowait(1);
      a!.cancel();
      yield* wait([a!, b!]);
      expect(a!.cancelled()).toBe(true);
      expect(log).toEqual(["b1"]);
      expect(queue.empty()).toBe(true);
    }));

  it("wakes nobody when the getter woken is cancelled and another took the item", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const log: string[] = [];
      const [a, b] = ["a", "b"].map((getterName) => getter(queue, getterName, log));
      yield* sleep(0);
      queue.putNowait(1);
      expect(queue.getNowait()).toBe(1);
      a!.cancel();
      yield* wait([a!]);
      yield* sleep(0);
      expect(log).toEqual([]);
      expect(queue.statistics().getters).toBe(1);
      queue.putNowait(2);
      yield* b!;
    }));

  it("makes a getter wait again when another took the item it was woken for", () =>
    runVirtual(function* () {
      const queue = new Kind();
      const log: string[] = [];
      const a = getter(queue, "a", log);
      yield* sleep(0);
      queue.putNowait(1);
      queue.getNowait();
      yield* sleep(0);
      expect(queue.statistics().getters).toBe(1);
      queue.putNowait(2);
      yield* a;
      expect(log).toEqual(["a2"]);
    }));

  it("passes by a putter that was cancelled, and puts nothing in for it", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      const log: string[] = [];
      queue.putNowait(0);
      const [one, two] = [1, 2].map((item) => putter(queue, item, log));
      yield* sleep(0);
      one!.cancel();
      expect(queue.getNowait()).toBe(0);
      yield* wait([one!, two!]);
      expect(one!.cancelled()).toBe(true);
      expect(queue.getNowait()).toBe(2);
      expect(queue.empty()).toBe(true);
    }));

  it("wakes the next putter when the one woken is cancelled", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      const log: string[] = [];
      queue.putNowait(0);
      const [one, two] = [1, 2].map((item) => putter(queue, item, log));
      yield* sleep(0);
      expect(queue.getNowait()).toBe(0);
      one!.cancel();
      yield* wait([one!, two!]);
      expect(log).toEqual(["put 2"]);
      expect(queue.statistics().putters).toBe(0);
    }));

  it("wakes nobody when the putter woken is cancelled and another took the room", () =>
    runVirtual(function* () {
      const queue = new Kind(1);
      const log: string[] = [];
      queue.putNowait(0);
      const [one, two] = [1, 2].map((item) => putter(queue, item, log));
      yield* sleep(0);
      queue.getNowait();
      queue.putNowait(3);
      one!.cancel();
      yield* wait([one!]);
      yield* sleep(0);
      expect(log).toEqual([]);
      queue.getNowait();
      yield* two!;
    }));

  it("joins when everything put is done", () =>
    runVirtual(function* () {
      const queue = new Kind();
      for (const item of [1, 2, 3]) queue.putNowait(item);
      let done = 0;
      const workers = [0, 1].map(() =>
        start(function* () {
          for (;;) {
            yield* queue.get();
            yield* sleep(1);
            done++;
            queue.taskDone();
          }
        }),
      );
      yield* queue.join();
      expect(done).toBe(3);
      for (const worker of workers) worker.cancel();
      yield* wait(workers);
    }));

  it("joins at once when nothing was put, and again after more was", () =>
    runVirtual(function* () {
      const queue = new Kind();
      yield* queue.join();
      queue.putNowait(1);
      const joined = createTask(queue.join());
      yield* sleep(0);
      expect(joined.done()).toBe(false);
      queue.getNowait();
      queue.taskDone();
      yield* joined;
    }));

  it("refuses taskDone() when everything is done", () => {
    const queue = new Kind();
    const refusal = new RangeError("task_done() called too many times");
    expect(() => queue.taskDone()).toThrow(refusal);
    queue.putNowait(1);
    queue.taskDone();
    expect(() => queue.taskDone()).toThrow(refusal);
  });

  it("gives what is left after a shutdown, and takes nothing", () =>
    runVirtual(function* () {
      const queue = new Kind();
      queue.putNowait(1);
      queue.putNowait(2);
      queue.shutdown();
      expect(() => queue.putNowait(3)).toThrow(
        new QueueShutDown(`<${name} maxsize=0 qsize=2 tasks=2 shutdown> was shut down`),
      );
      const put = createTask(queue.put(3));
      yield* wait([put]);
      expect(put.exception()).toBeInstanceOf(QueueShutDown);
      expect([yield* queue.get(), queue.getNowait()].sort()).toEqual([1, 2]);
      expect(() => queue.getNowait()).toThrow(
        new QueueShutDown(`<${name} maxsize=0 qsize=0 tasks=2 shutdown> was shut down`),
      );
      const get = createTask(queue.get());
      yield* wait([get]);
      expect(get.exception()).toBeInstanceOf(QueueShutDown);
      const joined = createTask(queue.join());
      yield* sleep(0);
      queue.taskDone();
      queue.taskDone();
      yield* joined;
    }));

  it("wakes everyone who waits when it is shut down", () =>
    runVirtual(function* () {
      const empty = new Kind(1);
      const full = new Kind(1);
      full.putNowait(0);
      const tasks: Task<unknown>[] = [];
      for (let i = 0; i < 3; i++) tasks.push(createTask(empty.get()), createTask(full.put(i)));
      yield* sleep(0);
      tasks[0]!.cancel();
      empty.shutdown();
      full.shutdown();
      yield* wait(tasks);
      expect(tasks[0]!.cancelled()).toBe(true);
      for (const task of tasks.slice(1)) expect(task.exception()).toBeInstanceOf(QueueShutDown);
      expect(full.getNowait()).toBe(0);
    }));

  it("throws what is left away when it is shut down immediately", () =>
    runVirtual(function* () {
      const queue = new Kind(2);
      queue.putNowait(1);
      queue.putNowait(2);
      const put = createTask(queue.put(3));
      const joined = createTask(queue.join());
      yield* sleep(0);
      expect(queue.getNowait()).toBeGreaterThan(0);
      queue.shutdown(true);
      yield* wait([put]);
      expect(put.exception()).toBeInstanceOf(QueueShutDown);
      expect(queue.empty()).toBe(true);
      yield* sleep(0);
      expect(joined.done()).toBe(false);
      queue.taskDone();
      yield* joined;
    }));

  it("lets join() go when nothing but what was thrown away was left", () =>
    runVirtual(function* () {
      const queue = new Kind();
      queue.putNowait(1);
      const joined = createTask(queue.join());
      yield* sleep(0);
      queue.shutdown(true);
      yield* joined;
      expect(() => queue.taskDone()).toThrow(RangeError);
    }));

  it("throws away what was counted as done before", () => {
    const queue = new Kind();
    queue.putNowait(1);
    queue.taskDone();
    queue.shutdown(true);
    expect(queue.statistics()).toMatchObject({ size: 0, unfinished: 0 });
  });

  it("keeps to the loop it was first waited for on", () => {
    const queue = new Kind();
    const round = () =>
      runVirtual(function* () {
        const task = createTask(queue.get());
        yield* sleep(0);
        task.cancel();
        yield* wait([task]);
        return task.cancelled() || task.exception();
      });
    expect(round()).toBe(true);
    expect(round()).toEqual(new RuntimeError(`<${name} maxsize=0 qsize=0> is bound to a different event loop`));
  });
});

describe("order", () => {
  it("of a Queue is first in, first out", () => {
    const queue = new Queue<number>();
    for (const item of [1, 3, 2]) queue.putNowait(item);
    expect([queue.getNowait(), queue.getNowait(), queue.getNowait()]).toEqual([1, 3, 2]);
  });

  it("of a LifoQueue is last in, first out", () => {
    const queue = new LifoQueue<number>();
    for (const item of [1, 3, 2]) queue.putNowait(item);
    expect([queue.getNowait(), queue.getNowait(), queue.getNowait()]).toEqual([2, 3, 1]);
  });

  it("of a PriorityQueue is the least first, as Python compares", () => {
    const queue = new PriorityQueue<[number, string]>();
    queue.putNowait([10, "ten"]);
    queue.putNowait([9, "nine"]);
    queue.putNowait([1, "one"]);
    expect([queue.getNowait(), queue.getNowait(), queue.getNowait()].map(([, word]) => word)).toEqual([
      "one",
      "nine",
      "ten",
    ]);
  });

  it("of a PriorityQueue with a comparator is stable", () => {
    const queue = new PriorityQueue<{ urgency: number; name: string }>(0, { compare: (a, b) => b.urgency - a.urgency });
    for (const name of ["a", "b", "c", "d"]) queue.putNowait({ urgency: name === "c" ? 2 : 1, name });
    expect(Array.from({ length: 4 }, () => queue.getNowait().name)).toEqual(["c", "a", "b", "d"]);
  });

  it("of a PriorityQueue refuses items without an order, and stays whole", () =>
    runVirtual(function* () {
      const queue = new PriorityQueue<unknown>();
      queue.putNowait({ a: 1 });
      expect(() => queue.putNowait({ a: 2 })).toThrow(TypeError);
      const put = queue.put({ a: 3 });
      const error = yield* failure(() => put);
      expect(error).toBeInstanceOf(TypeError);
      expect(put.state).toBe("closed");
      expect(queue.statistics()).toMatchObject({ size: 1, unfinished: 1 });
      expect(() => new PriorityQueue(0, { compare: 1 as never })).toThrow(
        new TypeError("PriorityQueue expects a function as compare, got 1"),
      );
    }));
});

function* failure(attempt: () => ReturnType<Queue<unknown>["put"]>) {
  try {
    yield* attempt();
  } catch (error) {
    return error;
  }
  return null;
}
