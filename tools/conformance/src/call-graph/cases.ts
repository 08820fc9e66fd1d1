import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Barrier, Condition, Event, Lock, Semaphore } from "@tsyncio/sync";
import {
  asCompleted,
  type CallGraphOptions,
  createTask,
  currentTask,
  gather,
  shield,
  sleep,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "@tsyncio/task";

/** Looks at the call graph of a future, or of the running task, and keeps it under a label. */
export type Snap = (label: string, future?: Future<any> | null, options?: CallGraphOptions) => void;

/** The same program in Python and here. Both begin with `main`, and their functions have the same names. */
export interface CallGraphCase {
  readonly name: string;
  readonly python: string;
  readonly main: (snap: Snap) => Generator<any, unknown, any>;
}

/** What the Python programs share; the same functions for ours follow. */
export const prelude = `
import asyncio
from asyncio import (as_completed, create_task, current_task, gather, shield, sleep, timeout, wait, wait_for,
    Barrier, Condition, Event, Future, Lock, Queue, Semaphore, TaskGroup)

async def turns():
    for _ in range(5):
        await sleep(0)

async def deep(levels, awaitable):
    if levels > 0:
        await deep(levels - 1, awaitable)
    else:
        await awaitable
`;

const turns = coroutine(function* turns() {
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
});

const awaitDeep = coroutine(function* deep(
  levels: number,
  awaitable: Iterable<any, any, any>,
): Generator<any, void, any> {
  if (levels > 0) yield* awaitDeep(levels - 1, awaitable);
  else yield* awaitable;
});

/** A task of a generator function that is named after it. */
function start(body: () => Generator<any, any, any>, options: { eagerStart?: boolean } = {}): Task<any> {
  return createTask(coroutine(body)(), { name: body.name, ...options });
}

export const cases: readonly CallGraphCase[] = [
  {
    name: "tasks that await a future, each through several coroutines",
    python: `
async def main(snap):
    f = Future()
    a = create_task(deep(2, f), name="a")
    b = create_task(deep(0, f), name="b")
    snap("not begun", a)
    snap("nobody yet", f)
    await turns()
    snap("both", f)
    snap("one", a)
    f.set_result(None)
    snap("done, not woken", f)
    await a
    snap("woken", f)
`,
    *main(snap) {
      const f = new Future<void>();
      const a = createTask(awaitDeep(2, f), { name: "a" });
      createTask(awaitDeep(0, f), { name: "b" });
      snap("not begun", a);
      snap("nobody yet", f);
      yield* turns();
      snap("both", f);
      snap("one", a);
      f.setResult();
      snap("done, not woken", f);
      yield* a;
      snap("woken", f);
    },
  },
  {
    name: "tasks that await tasks",
    python: `
async def main(snap):
    f = Future()
    a = create_task(deep(1, f), name="a")
    b = create_task(deep(0, a), name="b")
    c = create_task(deep(2, b), name="c")
    await turns()
    snap("future", f)
    snap("a", a)
    snap("b", b)
    snap("c", c)
    f.set_result(None)
    await c
`,
    *main(snap) {
      const f = new Future<void>();
      const a = createTask(awaitDeep(1, f), { name: "a" });
      const b = createTask(awaitDeep(0, a), { name: "b" });
      const c = createTask(awaitDeep(2, b), { name: "c" });
      yield* turns();
      snap("future", f);
      snap("a", a);
      snap("b", b);
      snap("c", c);
      f.setResult();
      yield* c;
    },
  },
  {
    name: "a diamond: one future, two tasks, one that awaits both, and one more on one side",
    python: `
async def main(snap):
    f = Future()
    left = create_task(deep(0, f), name="left")
    right = create_task(deep(1, f), name="right")
    async def both():
        await gather(left, right)
    top = create_task(both(), name="top")
    side = create_task(deep(0, right), name="side")
    await turns()
    snap("future", f)
    f.set_result(None)
    await top
    snap("later", f)
`,
    *main(snap) {
      const f = new Future<void>();
      const left = createTask(awaitDeep(0, f), { name: "left" });
      const right = createTask(awaitDeep(1, f), { name: "right" });
      const both = coroutine(function* both() {
        yield* gather([left, right]);
      });
      const top = createTask(both(), { name: "top" });
      createTask(awaitDeep(0, right), { name: "side" });
      yield* turns();
      snap("future", f);
      f.setResult();
      yield* top;
      snap("later", f);
    },
  },
  {
    name: "gather: of coroutines, of gathers, twice of one future, and when one has failed",
    python: `
async def main(snap):
    f = Future()
    g = Future()
    async def child():
        await f
    async def fail():
        await g
        raise ValueError
    async def many():
        await gather(gather(child(), f), f, f)
    async def failing():
        try:
            await gather(child(), fail())
        except ValueError:
            await f
    many = create_task(many(), name="many")
    failing = create_task(failing(), name="failing")
    await turns()
    snap("all wait", f)
    snap("before", g)
    g.set_result(None)
    await turns()
    snap("after a failure", f)
    many.cancel()
    await turns()
    snap("cancelled, and with it the future", f)
    await wait([failing])
`,
    *main(snap) {
      const f = new Future<void>();
      const g = new Future<void>();
      const child = coroutine(function* child() {
        yield* f;
      });
      const fail = coroutine(function* fail() {
        yield* g;
        throw new RangeError();
      });
      const many = start(function* many() {
        yield* gather([gather([child(), f]), f, f]);
      });
      const failing = start(function* failing() {
        try {
          yield* gather([child(), fail()]);
        } catch {
          yield* f;
        }
      });
      yield* turns();
      snap("all wait", f);
      snap("before", g);
      g.setResult();
      yield* turns();
      snap("after a failure", f);
      many.cancel();
      yield* turns();
      snap("cancelled, and with it the future", f);
      yield* wait([failing]);
    },
  },
  {
    name: "wait: for all, for the first, with a timeout",
    python: `
async def main(snap):
    f = Future()
    g = Future()
    async def every():
        await wait([f, g])
    async def first():
        await wait([f, g], return_when="FIRST_COMPLETED")
        await g
    async def late():
        await wait([g], timeout=1)
        await sleep(5)
    every = create_task(every(), name="every")
    first = create_task(first(), name="first")
    late = create_task(late(), name="late")
    await turns()
    snap("f", f)
    snap("g", g)
    f.set_result(None)
    await turns()
    snap("f is done", f)
    snap("g is not", g)
    await sleep(2)
    snap("the time is up", g)
    snap("asleep", late)
    g.set_result(None)
    await every
`,
    *main(snap) {
      const f = new Future<void>();
      const g = new Future<void>();
      const every = start(function* every() {
        yield* wait([f, g]);
      });
      start(function* first() {
        yield* wait([f, g], { returnWhen: "FIRST_COMPLETED" });
        yield* g;
      });
      const late = start(function* late() {
        yield* wait([g], { timeoutMs: 1 });
        yield* sleep(5);
      });
      yield* turns();
      snap("f", f);
      snap("g", g);
      f.setResult();
      yield* turns();
      snap("f is done", f);
      snap("g is not", g);
      yield* sleep(2);
      snap("the time is up", g);
      snap("asleep", late);
      g.setResult();
      yield* every;
    },
  },
  {
    name: "shield: of a future, of a coroutine, and when it was cancelled",
    python: `
async def main(snap):
    f = Future()
    async def inner():
        await f
    async def direct():
        await shield(f)
    async def around():
        await shield(inner())
    direct = create_task(direct(), name="direct")
    around = create_task(around(), name="around")
    await turns()
    snap("both", f)
    around.cancel()
    direct.cancel()
    await turns()
    snap("both cancelled", f)
    f.set_result(None)
    await turns()
`,
    *main(snap) {
      const f = new Future<void>();
      const inner = coroutine(function* inner() {
        yield* f;
      });
      const direct = start(function* direct() {
        yield* shield(f);
      });
      const around = start(function* around() {
        yield* shield(inner());
      });
      yield* turns();
      snap("both", f);
      around.cancel();
      direct.cancel();
      yield* turns();
      snap("both cancelled", f);
      f.setResult();
      yield* turns();
    },
  },
  {
    name: "task groups: children while the body runs and while it waits for them, and groups in groups",
    python: `
async def main(snap):
    f = Future()
    g = Future()
    async def inside():
        async with TaskGroup() as group:
            group.create_task(deep(1, f), name="grandchild")
            await g
    async def outside():
        async with TaskGroup() as group:
            group.create_task(deep(0, f), name="child")
            group.create_task(inside(), name="inside")
    outside = create_task(outside(), name="outside")
    await turns()
    snap("f, a body running", f)
    snap("g", g)
    g.set_result(None)
    await turns()
    snap("f, all bodies over", f)
    snap("outside", outside)
    f.set_result(None)
    await outside
    snap("over", f)
`,
    *main(snap) {
      const f = new Future<void>();
      const g = new Future<void>();
      const inside = coroutine(function* inside() {
        yield* taskGroup(function* (group) {
          group.createTask(awaitDeep(1, f), { name: "grandchild" });
          yield* g;
        });
      });
      const outside = start(function* outside() {
        yield* taskGroup(function* (group) {
          group.createTask(awaitDeep(0, f), { name: "child" });
          group.createTask(inside(), { name: "inside" });
        });
      });
      yield* turns();
      snap("f, a body running", f);
      snap("g", g);
      g.setResult();
      yield* turns();
      snap("f, all bodies over", f);
      snap("outside", outside);
      f.setResult();
      yield* outside;
      snap("over", f);
    },
  },
  {
    name: "a task group whose child fails, while another cleans up",
    python: `
async def main(snap):
    f = Future()
    g = Future()
    async def fail():
        await f
        raise ValueError
    async def tidy():
        try:
            await g
        finally:
            await deep(1, g2)
    g2 = Future()
    async def parent():
        try:
            async with TaskGroup() as group:
                group.create_task(fail(), name="fail")
                group.create_task(tidy(), name="tidy")
        except* ValueError:
            pass
    parent = create_task(parent(), name="parent")
    await turns()
    snap("before", g)
    f.set_result(None)
    await turns()
    snap("left", g)
    snap("cleaning up", g2)
    g2.set_result(None)
    await parent
`,
    *main(snap) {
      const f = new Future<void>();
      const g = new Future<void>();
      const g2 = new Future<void>();
      const fail = coroutine(function* fail() {
        yield* f;
        throw new RangeError();
      });
      const tidy = coroutine(function* tidy() {
        try {
          yield* g;
        } finally {
          yield* awaitDeep(1, g2);
        }
      });
      const parent = start(function* parent() {
        try {
          yield* taskGroup(function* (group) {
            group.createTask(fail(), { name: "fail" });
            group.createTask(tidy(), { name: "tidy" });
          });
        } catch {}
      });
      yield* turns();
      snap("before", g);
      f.setResult();
      yield* turns();
      snap("left", g);
      snap("cleaning up", g2);
      g2.setResult();
      yield* parent;
    },
  },
  {
    name: "timeouts, in one another, and what cleans up after one",
    python: `
async def main(snap):
    f = Future()
    g = Future()
    async def patient():
        async with timeout(100):
            async with timeout(1):
                try:
                    await deep(1, f)
                finally:
                    await deep(0, g)
    patient = create_task(patient(), name="patient")
    await turns()
    snap("f", f)
    await sleep(2)
    snap("f, left", f)
    snap("g", g)
    g.set_result(None)
    await wait([patient])
    snap("g, over", g)
`,
    *main(snap) {
      const f = new Future<void>();
      const g = new Future<void>();
      const patient = start(function* patient() {
        yield* timeout(100, function* () {
          yield* timeout(1, function* () {
            try {
              yield* awaitDeep(1, f);
            } finally {
              yield* awaitDeep(0, g);
            }
          });
        });
      });
      yield* turns();
      snap("f", f);
      yield* sleep(2);
      snap("f, left", f);
      snap("g", g);
      g.setResult();
      yield* wait([patient]);
      snap("g, over", g);
    },
  },
  {
    name: "wait_for: a future, a coroutine, a task, and when it gave up",
    python: `
async def main(snap):
    f = Future()
    async def child():
        await f
    async def direct():
        await wait_for(f, 100)
    async def called():
        await wait_for(child(), 100)
    async def tasked():
        await wait_for(create_task(child(), name="child"), None)
    async def hasty():
        try:
            await wait_for(shield(f), 1)
        except TimeoutError:
            await sleep(5)
    direct = create_task(direct(), name="direct")
    called = create_task(called(), name="called")
    tasked = create_task(tasked(), name="tasked")
    hasty = create_task(hasty(), name="hasty")
    await turns()
    snap("all wait", f)
    await sleep(2)
    snap("one gave up", f)
    f.set_result(None)
    await hasty
`,
    *main(snap) {
      const f = new Future<void>();
      const child = coroutine(function* child() {
        yield* f;
      });
      start(function* direct() {
        yield* waitFor(f, 100);
      });
      start(function* called() {
        yield* waitFor(child(), 100);
      });
      start(function* tasked() {
        yield* waitFor(createTask(child(), { name: "child" }), null);
      });
      const hasty = start(function* hasty() {
        try {
          yield* waitFor(shield(f), 1);
        } catch {
          yield* sleep(5);
        }
      });
      yield* turns();
      snap("all wait", f);
      yield* sleep(2);
      snap("one gave up", f);
      f.setResult();
      yield* hasty;
    },
  },
  {
    name: "as_completed does not show in the graph of what it waits for, either way it is iterated",
    python: `
async def main(snap):
    f = Future()
    async def child():
        await f
    async def plain():
        for one in as_completed([f, child()]):
            await one
    async def futures():
        async for one in as_completed([f]):
            pass
    plain = create_task(plain(), name="plain")
    futures = create_task(futures(), name="futures")
    await turns()
    snap("f", f)
    snap("plain", plain)
    snap("futures", futures)
    f.set_result(None)
    await plain
`,
    *main(snap) {
      const f = new Future<void>();
      const child = coroutine(function* child() {
        yield* f;
      });
      const plain = start(function* plain() {
        for (const one of asCompleted([f, child()])) yield* one;
      });
      const futures = start(function* futures() {
        for (const one of asCompleted([f]).futures()) yield* one;
      });
      yield* turns();
      snap("f", f);
      snap("plain", plain);
      snap("futures", futures);
      f.setResult();
      yield* plain;
    },
  },
  {
    name: "the running task: from coroutines, from functions they call, by itself and by name",
    python: `
async def main(snap):
    def helper():
        snap("in a function")
    async def inner():
        snap("inner")
        await sleep(0)
        helper()
    async def outer():
        await inner()
        snap("outer again")
        snap("named", current_task())
    await inner()
    outer = create_task(outer(), name="outer")
    async def above():
        await outer
    await create_task(above(), name="above")
    snap("main")
`,
    *main(snap) {
      const helper = () => snap("in a function");
      const inner = coroutine(function* inner() {
        snap("inner");
        yield* sleep(0);
        helper();
      });
      yield* inner();
      const outer = start(function* outer() {
        yield* inner();
        snap("outer again");
        snap("named", currentTask());
      });
      yield* start(function* above() {
        yield* outer;
      });
      snap("main");
    },
  },
  {
    name: "a callback runs in no task",
    python: `
async def main(snap):
    f = Future()
    loop = asyncio.get_running_loop()
    a = create_task(deep(0, f), name="a")
    def callback():
        snap("nothing")
        snap("a", a)
        f.set_result(None)
    await turns()
    loop.call_soon(callback)
    f.add_done_callback(lambda f: snap("in a done callback"))
    await a
`,
    *main(snap) {
      const f = new Future<void>();
      const a = createTask(awaitDeep(0, f), { name: "a" });
      yield* turns();
      getRunningLoop().callSoon(() => {
        snap("nothing");
        snap("a", a);
        f.setResult();
      });
      f.addDoneCallback(() => snap("in a done callback"));
      yield* a;
    },
  },
  {
    name: "eager tasks: in their first step, and after it",
    python: `
async def main(snap):
    f = Future()
    async def inner():
        snap("first step")
        await f
    async def eager():
        snap("its parent, that runs but is not the current task", main_task)
        await inner()
    async def parent():
        await create_task(eager(), name="eager", eager_start=True)
    async def starts():
        return create_task(parent(), name="parent", eager_start=True)
    main_task = current_task()
    parent = await starts()
    snap("main")
    snap("f", f)
    await turns()
    snap("f, later", f)
    f.set_result(None)
    await parent
`,
    *main(snap) {
      const f = new Future<void>();
      const inner = coroutine(function* inner() {
        snap("first step");
        yield* f;
      });
      function* eager() {
        snap("its parent, that runs but is not the current task", mainTask);
        yield* inner();
      }
      function* parent() {
        yield* start(eager, { eagerStart: true });
      }
      const starts = coroutine(function* starts() {
        return start(parent, { eagerStart: true });
      });
      const mainTask = currentTask()!;
      const started = yield* starts();
      snap("main");
      snap("f", f);
      yield* turns();
      snap("f, later", f);
      f.setResult();
      yield* started;
    },
  },
  {
    name: "limit: of suspended tasks, and of the running one",
    python: `
async def main(snap):
    f = Future()
    a = create_task(deep(3, f), name="a")
    await turns()
    for limit in [9, 4, 2, 1, 0, -1, -2, -9]:
        snap(f"suspended {limit}", f, limit=limit)
    async def two():
        for limit in [9, 2, 1, 0, -1, -2, -9]:
            snap(f"running {limit}", limit=limit)
    async def one():
        await two()
    await one()
    snap("named", current_task(), limit=1)
    f.set_result(None)
    await a
`,
    *main(snap) {
      const f = new Future<void>();
      const a = createTask(awaitDeep(3, f), { name: "a" });
      yield* turns();
      for (const limit of [9, 4, 2, 1, 0, -1, -2, -9]) snap(`suspended ${limit}`, f, { limit });
      const two = coroutine(function* two() {
        for (const limit of [9, 2, 1, 0, -1, -2, -9]) snap(`running ${limit}`, null, { limit });
      });
      const one = coroutine(function* one() {
        yield* two();
      });
      yield* one();
      snap("named", currentTask(), { limit: 1 });
      f.setResult();
      yield* a;
    },
  },
  {
    name: "who waits for locks, events, conditions, semaphores, barriers and queues",
    python: `
async def main(snap):
    lock = Lock()
    await lock.acquire()
    event = Event()
    condition = Condition()
    semaphore = Semaphore(0)
    barrier = Barrier(2)
    queue = Queue(1)
    queue.put_nowait(1)
    empty = Queue()
    async def locks():
        await lock.acquire()
    async def events():
        await event.wait()
    async def conditions():
        async with condition:
            await condition.wait()
    async def semaphores():
        async with semaphore:
            pass
    async def barriers():
        await barrier.wait()
    async def puts():
        await queue.put(2)
    async def gets():
        await empty.get()
    async def joins():
        await queue.join()
    async def above():
        await gather(*tasks)
    tasks = [create_task(one(), name=one.__name__)
        for one in [locks, events, conditions, semaphores, barriers, puts, gets, joins]]
    above = create_task(above(), name="above")
    await turns()
    for task in tasks:
        snap(task.get_name(), task)
    above.cancel()
    await turns()
`,
    *main(snap) {
      const lock = new Lock();
      yield* lock.acquire();
      const event = new Event();
      const condition = new Condition();
      const semaphore = new Semaphore(0);
      const barrier = new Barrier(2);
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      const empty = new Queue<number>();
      const tasks = [
        function* locks() {
          yield* lock.acquire();
        },
        function* events() {
          yield* event.wait();
        },
        function* conditions() {
          yield* condition.hold(function* () {
            yield* condition.wait();
          });
        },
        function* semaphores() {
          yield* semaphore.hold(function* () {});
        },
        function* barriers() {
          yield* barrier.wait();
        },
        function* puts() {
          yield* queue.put(2);
        },
        function* gets() {
          yield* empty.get();
        },
        function* joins() {
          yield* queue.join();
        },
      ].map((body: () => Generator<any, any, any>) => start(body));
      const above = start(function* above() {
        yield* gather(tasks);
      });
      yield* turns();
      for (const task of tasks) snap(task.getName(), task);
      above.cancel();
      yield* turns();
    },
  },
  {
    name: "a future through everything: shield, gather, wait_for, a group, a timeout and wait",
    python: `
async def main(snap):
    f = Future()
    async def lowest():
        await shield(f)
    async def gathers():
        await gather(lowest(), f)
    async def waits_for():
        await wait_for(create_task(gathers(), name="gathers"), 100)
    async def groups():
        async with timeout(50):
            async with TaskGroup() as group:
                group.create_task(waits_for(), name="waits for")
                await deep(1, sleep(1))
    async def waits():
        await wait([create_task(groups(), name="groups")])
    top = create_task(waits(), name="waits")
    await turns()
    snap("the body sleeps", f)
    await sleep(2)
    snap("the body is over", f)
    f.set_result(None)
    await top
`,
    *main(snap) {
      const f = new Future<void>();
      const lowest = coroutine(function* lowest() {
        yield* shield(f);
      });
      const gathers = coroutine(function* gathers() {
        yield* gather([lowest(), f]);
      });
      const waitsFor = coroutine(function* waits_for() {
        yield* waitFor(createTask(gathers(), { name: "gathers" }), 100);
      });
      const groups = coroutine(function* groups() {
        yield* timeout(50, function* () {
          yield* taskGroup(function* (group) {
            group.createTask(waitsFor(), { name: "waits for" });
            yield* awaitDeep(1, sleep(1));
          });
        });
      });
      const top = start(function* waits() {
        yield* wait([createTask(groups(), { name: "groups" })]);
      });
      yield* turns();
      snap("the body sleeps", f);
      yield* sleep(2);
      snap("the body is over", f);
      f.setResult();
      yield* top;
    },
  },
  {
    name: "waiters that were cancelled, or that failed, no longer show",
    python: `
async def main(snap):
    f = Future()
    async def patient():
        await wait([f])
    async def stubborn():
        try:
            await wait([f])
        except asyncio.CancelledError:
            await shield(f)
    async def fails():
        await sleep(1)
        raise ValueError
    async def awaits(task):
        try:
            await task
        except ValueError:
            await shield(f)
    a = create_task(patient(), name="a")
    b = create_task(stubborn(), name="b")
    c = create_task(fails(), name="c")
    d = create_task(awaits(c), name="d")
    await turns()
    snap("all", f)
    snap("fails", c)
    a.cancel()
    b.cancel()
    snap("asked to cancel", f)
    await turns()
    snap("cancelled", f)
    await sleep(2)
    snap("failed", f)
    f.set_result(None)
    await wait([b, d])
    snap("done", f)
`,
    *main(snap) {
      const f = new Future<void>();
      const patient = coroutine(function* patient() {
        yield* wait([f]);
      });
      const stubborn = coroutine(function* stubborn() {
        try {
          yield* wait([f]);
        } catch {
          yield* shield(f);
        }
      });
      const fails = coroutine(function* fails() {
        yield* sleep(1);
        throw new RangeError();
      });
      const awaits = coroutine(function* awaits(task: Task<any>) {
        try {
          yield* task;
        } catch {
          yield* shield(f);
        }
      });
      const a = createTask(patient(), { name: "a" });
      const b = createTask(stubborn(), { name: "b" });
      const c = createTask(fails(), { name: "c" });
      const d = createTask(awaits(c), { name: "d" });
      yield* turns();
      snap("all", f);
      snap("fails", c);
      a.cancel();
      b.cancel();
      snap("asked to cancel", f);
      yield* turns();
      snap("cancelled", f);
      yield* sleep(2);
      snap("failed", f);
      f.setResult();
      yield* wait([b, d]);
      snap("done", f);
    },
  },
];
