/**
 * No contender but a measure: the smallest programs that do what nobody who builds tasks on generators can leave out. A
 * coroutine function gives an object that runs nothing; `yield*` awaits it; each suspension takes a turn of a queue that
 * is first in, first out; a task has a result that others wait for. There are no errors, no cancellation, no contexts, no
 * names, no call graph, no checks. What a bar asks below this cannot be reached.
 */
import { sleepLengths } from "../cases.ts";
import type { Contests, Held } from "../contest.ts";

type Steps<T> = Generator<Step, T, any>;

interface Step {
  readonly done: boolean;
  /** A future to wait for; null for a turn of the loop. */
  readonly value: unknown;
}

interface Job {
  run(): void;
}

/** Ready jobs: a ring, whose length is a power of two. */
let ready: (Job | undefined)[] = new Array(1024).fill(undefined);
let first = 0;
let length = 0;
let driven = false;

function schedule(job: Job): void {
  if (length === ready.length) {
    ready = [...ready.slice(first), ...ready.slice(0, first), ...new Array(length).fill(undefined)];
    first = 0;
  }
  ready[(first + length++) & (ready.length - 1)] = job;
  if (driven) return;
  driven = true;
  queueMicrotask(drive);
}

function drive(): void {
  while (length > 0) {
    for (let left = length; left > 0; left--) {
      const job = ready[first]!;
      ready[first] = undefined;
      first = (first + 1) & (ready.length - 1);
      length--;
      job.run();
    }
  }
  driven = false;
}

/** One object serves each of the three: the engine and the driver read it at once. */
const turn: Step = { done: false, value: null };
const awaited = { done: false, value: undefined as unknown };
const outcome = { done: true, value: undefined as unknown };

class Future {
  pending = true;
  value: unknown = undefined;
  waiter: Job | null = null;

  [Symbol.iterator]() {
    return this;
  }

  next(): any {
    if (!this.pending) {
      outcome.value = this.value;
      return outcome;
    }
    awaited.value = this;
    return awaited;
  }

  set(value: unknown): void {
    this.pending = false;
    this.value = value;
    if (this.waiter !== null) schedule(this.waiter);
  }
}

const nextOf: (this: object) => Step = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())).next;

/** A call that has not run yet. */
class Frame {
  readonly generator: object;
  caller: Frame | null = null;
  begun = false;

  constructor(generator: object) {
    this.generator = generator;
  }

  [Symbol.iterator]() {
    return this;
  }

  /** Begins inside the `yield*` of its caller; when it suspends its driver finds it on top. */
  next(): any {
    if (this.begun) {
      outcome.value = returned;
      return outcome;
    }
    this.begun = true;
    const task = running;
    this.caller = task.top;
    task.top = this;
    const step = nextOf.call(this.generator);
    if (step.done) task.top = this.caller;
    return step;
  }
}

let running!: Task;
let returned: unknown;

class Task extends Future {
  top: Frame;

  constructor(bottom: Frame, eager: boolean) {
    super();
    this.top = bottom;
    if (eager) this.run();
    else schedule(this);
  }

  run(): void {
    const outer = running;
    running = this;
    for (;;) {
      const { top } = this;
      const step = nextOf.call(top.generator);
      if (!step.done) {
        if (step.value === null) schedule(this);
        else (step.value as Future).waiter = this;
        break;
      }
      if (top.caller === null) {
        this.set(step.value);
        break;
      }
      returned = step.value;
      this.top = top.caller;
    }
    running = outer;
  }
}

/** `sleep(0)`. */
class Pause {
  over = false;

  [Symbol.iterator]() {
    return this;
  }

  next(): any {
    if (this.over) return outcome;
    this.over = true;
    return turn;
  }
}

class Gathering extends Future implements Job {
  readonly tasks: readonly Task[];
  left: number;

  constructor(tasks: readonly Task[]) {
    super();
    this.tasks = tasks;
    this.left = tasks.length;
    for (const task of tasks) task.waiter = this;
  }

  run(): void {
    if (--this.left === 0) this.set(this.tasks.map((task) => task.value));
  }
}

function coroutine<A extends unknown[]>(body: (...args: A) => Steps<any>): (...args: A) => Frame {
  return function () {
    // biome-ignore lint/complexity/noArguments: handed straight on they are never made into an array
    return new Frame(body.apply(undefined, arguments as unknown as A));
  };
}

function run(bottom: Frame): Promise<number> {
  return new Promise((resolve) => {
    const task = new Task(bottom, false);
    task.waiter = { run: () => resolve(task.value as number) };
  });
}

const awaitable = (value: Future | Frame | Pause): Iterable<Step, any, any> => value as never;

const one = coroutine(function* (): Steps<number> {
  return 1;
});

const call = coroutine(function* (n: number): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* awaitable(one());
  return sum;
});

const switching = coroutine(function* (n: number): Steps<number> {
  let count = 0;
  for (; count < n; count++) yield* awaitable(new Pause());
  return count;
});

const descend: (depth: number, n: number) => Frame = coroutine(function* (depth: number, n: number): Steps<number> {
  return yield* awaitable(depth <= 1 ? switching(n) : descend(depth - 1, n));
});

const spawnJoin = coroutine(function* (n: number, eager: boolean): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* awaitable(new Task(one(), eager));
  return sum;
});

const suspendOnce = coroutine(function* (value: number): Steps<number> {
  yield* awaitable(new Pause());
  return value;
});

const fanOut = coroutine(function* (n: number): Steps<number> {
  const tasks: Task[] = new Array(n);
  for (let i = 0; i < n; i++) tasks[i] = new Task(suspendOnce(i), false);
  let sum = 0;
  for (const value of yield* awaitable(new Gathering(tasks))) sum += value;
  return sum;
});

const pingPong = coroutine(function* (n: number): Steps<number> {
  let toPong = new Future();
  let toPing = new Future();
  const ping = coroutine(function* (): Steps<number> {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      toPing = new Future();
      toPong.set(i);
      sum += yield* awaitable(toPing);
    }
    return sum;
  });
  const pong = coroutine(function* (): Steps<void> {
    for (let i = 0; i < n; i++) {
      const value = yield* awaitable(toPong);
      toPong = new Future();
      toPing.set(value + 1);
    }
  });
  const [sum] = yield* awaitable(new Gathering([new Task(ping(), false), new Task(pong(), false)]));
  return sum;
});

const untilOpen = coroutine(function* (gate: Future): Steps<number> {
  yield* awaitable(gate);
  return 1;
});

/** In Node `performance` is a getter, which takes as long as a reading. */
const clock = performance;

class Timer {
  readonly whenMs: number;
  callback: (() => void) | null;

  constructor(whenMs: number, callback: () => void) {
    this.whenMs = whenMs;
    this.callback = callback;
  }
}

/** A timer that is later than all others is put at the end of a heap, and a cancelled one waits there to be swept out. */
function setAndCancel(n: number): number {
  let heap: Timer[] = [];
  const waiting: Timer[] = new Array(1000);
  const never = () => {};
  let cancelled = 0;
  for (let i = 0; i < n; i++) {
    if (i >= 1000) {
      waiting[i % 1000]!.callback = null;
      cancelled++;
    }
    const timer = new Timer(clock.now() + 60_000, never);
    waiting[i % 1000] = timer;
    heap.push(timer);
    if (heap.length > 10_000) heap = heap.filter(({ callback }) => callback !== null);
  }
  return cancelled + Math.min(n, 1000);
}

/** Futures in a binary heap, by when they are to be done; beside them their deadlines. */
const sleepers: Future[] = [];
const whens: number[] = [];

function sleep(delayMs: number): Future {
  const future = new Future();
  const when = clock.now() + delayMs;
  let index = whens.length;
  for (; index > 0; index = (index - 1) >> 1) {
    const parent = (index - 1) >> 1;
    if (whens[parent]! <= when) break;
    whens[index] = whens[parent]!;
    sleepers[index] = sleepers[parent]!;
  }
  whens[index] = when;
  sleepers[index] = future;
  if (index === 0) setTimeout(wakeDue, delayMs);
  return future;
}

function wakeDue(): void {
  const now = clock.now();
  while (whens.length > 0 && whens[0]! <= now) {
    sleepers[0]!.set(undefined);
    const when = whens.pop()!;
    const future = sleepers.pop()!;
    if (whens.length === 0) break;
    let index = 0;
    for (let child = 1; child < whens.length; child = 2 * index + 1) {
      if (child + 1 < whens.length && whens[child + 1]! < whens[child]!) child++;
      if (when <= whens[child]!) break;
      whens[index] = whens[child]!;
      sleepers[index] = sleepers[child]!;
      index = child;
    }
    whens[index] = when;
    sleepers[index] = future;
  }
  if (whens.length > 0) setTimeout(wakeDue, whens[0]! - now);
}

const sleepFor = coroutine(function* (delayMs: number): Steps<number> {
  yield* awaitable(sleep(delayMs));
  return 1;
});

const sleepAll = coroutine(function* (n: number): Steps<number> {
  const lengths = sleepLengths(n);
  const tasks: Task[] = new Array(n);
  for (let i = 0; i < n; i++) tasks[i] = new Task(sleepFor(lengths[i]!), false);
  let sum = 0;
  for (const woken of yield* awaitable(new Gathering(tasks))) sum += woken;
  return sum;
});

/** A `then`: the promise it gives, with the result behind it and what is to happen with it. */
class Hidden extends Future implements Job {
  readonly source: Hidden | null;
  readonly onFulfilled: (value: number) => number;

  constructor(source: Hidden | null, onFulfilled: (value: number) => number) {
    super();
    this.source = source;
    this.onFulfilled = onFulfilled;
  }

  run(): void {
    this.set(this.onFulfilled(this.source!.value as number));
  }
}

class Thenable {
  readonly #hidden: Hidden;

  constructor(hidden: Hidden) {
    this.#hidden = hidden;
  }

  then(onFulfilled: (value: number) => number): Thenable {
    const next = new Hidden(this.#hidden, onFulfilled);
    if (this.#hidden.pending) this.#hidden.waiter = next;
    else schedule(next);
    return new Thenable(next);
  }
}

function thenChain(n: number): Promise<number> {
  const begin = new Hidden(null, Number);
  begin.set(0);
  let chain = new Thenable(begin);
  for (let i = 0; i < n; i++) chain = chain.then((value) => value + 1);
  return new Promise((resolve) => {
    chain.then((value) => {
      resolve(value);
      return value;
    });
  });
}

/** Leaves `n` tasks waiting on one future. */
async function park(n: number): Promise<Held> {
  const gate = new Future();
  const waiting: Job[] = [];
  // Many wait for this one.
  Object.defineProperty(gate, "waiter", { set: (job: Job | null) => job !== null && waiting.push(job) });
  const tasks = Array.from({ length: n }, () => new Task(untilOpen(gate), false));
  await run(switching(2));
  return {
    async release() {
      gate.pending = false;
      for (const job of waiting) schedule(job);
      await run(switching(2));
      return tasks.reduce((sum, task) => sum + (task.value as number), 0);
    },
  };
}

export const contests: Contests = {
  switch: (n) => run(switching(n)),
  call: (n) => run(call(n)),
  "spawn-join-lazy": (n) => run(spawnJoin(n, false)),
  "spawn-join-eager": (n) => run(spawnJoin(n, true)),
  "fan-out": (n) => run(fanOut(n)),
  "tasks-1e3": (n) => run(fanOut(n)),
  "tasks-1e4": (n) => run(fanOut(n)),
  "tasks-1e5": (n) => run(fanOut(n)),
  "tasks-1e6": (n) => run(fanOut(n)),
  "deep-1": (n) => run(descend(1, n)),
  "deep-10": (n) => run(descend(10, n)),
  "deep-100": (n) => run(descend(100, n)),
  "deep-1000": (n) => run(descend(1000, n)),
  "ping-pong-future": (n) => run(pingPong(n)),
  "timers-real": (n) => run(sleepAll(n)),
  "timers-real-1m": (n) => run(sleepAll(n)),
  "timers-cancel": setAndCancel,
  "then-chain": thenChain,
  parked: park,
};
