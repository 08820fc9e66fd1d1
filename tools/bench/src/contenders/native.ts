import { pipelineCapacity, pipelineWorkers, sleepLengths } from "../cases.ts";
import type { Contests, Held } from "../contest.ts";
import { thenCases } from "./then-cases.ts";

async function one(): Promise<number> {
  return 1;
}

async function call(n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await one();
  return sum;
}

async function switching(n: number): Promise<number> {
  let count = 0;
  for (; count < n; count++) await null;
  return count;
}

async function descend(depth: number, n: number): Promise<number> {
  return depth <= 1 ? await switching(n) : await descend(depth - 1, n);
}

async function suspendOnce(value: number): Promise<number> {
  await null;
  return value;
}

async function fanOut(n: number): Promise<number> {
  const started: Promise<number>[] = new Array(n);
  for (let i = 0; i < n; i++) started[i] = suspendOnce(i);
  let sum = 0;
  for (const value of await Promise.all(started)) sum += value;
  return sum;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A bounded queue as one writes it with promises. */
class PromiseQueue<T> {
  readonly #items: T[] = [];
  readonly #getters: (() => void)[] = [];
  readonly #putters: (() => void)[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async put(item: T): Promise<void> {
    while (this.#items.length >= this.#capacity) await new Promise<void>((resolve) => this.#putters.push(resolve));
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get(): Promise<T> {
    while (this.#items.length === 0) await new Promise<void>((resolve) => this.#getters.push(resolve));
    const item = this.#items.shift()!;
    this.#putters.shift()?.();
    return item;
  }
}

const sleep = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs));

async function sleepFor(delayMs: number): Promise<number> {
  await sleep(delayMs);
  return 1;
}

async function sleepAll(n: number): Promise<number> {
  const lengths = sleepLengths(n);
  const started: Promise<number>[] = new Array(n);
  for (let i = 0; i < n; i++) started[i] = sleepFor(lengths[i]!);
  let sum = 0;
  for (const woken of await Promise.all(started)) sum += woken;
  return sum;
}

async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function suspendThenOne(): Promise<number> {
  await null;
  return 1;
}

async function parkUntil(signal: AbortSignal): Promise<void> {
  await new Promise<void>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export const contests: Contests = {
  switch: switching,
  call,
  "call-raw": call,
  "spawn-join-lazy": call,
  "spawn-join-eager": call,
  "fan-out": fanOut,
  "tasks-1e3": fanOut,
  "tasks-1e4": fanOut,
  "tasks-1e5": fanOut,
  "tasks-1e6": fanOut,
  "deep-1": (n) => descend(1, n),
  "deep-10": (n) => descend(10, n),
  "deep-100": (n) => descend(100, n),
  "deep-1000": (n) => descend(1000, n),
  "ping-pong-future": async (n) => {
    let toPong = deferred<number>();
    let toPing = deferred<number>();
    async function ping(): Promise<number> {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        toPing = deferred();
        toPong.resolve(i);
        sum += await toPing.promise;
      }
      return sum;
    }
    async function pong(): Promise<void> {
      for (let i = 0; i < n; i++) {
        const value = await toPong.promise;
        toPong = deferred();
        toPing.resolve(value + 1);
      }
    }
    return (await Promise.all([ping(), pong()]))[0];
  },
  "ping-pong-queue": async (n) => {
    const toPong = new PromiseQueue<number>(1);
    const toPing = new PromiseQueue<number>(1);
    async function ping(): Promise<number> {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        await toPong.put(i);
        sum += await toPing.get();
      }
      return sum;
    }
    async function pong(): Promise<void> {
      for (let i = 0; i < n; i++) await toPing.put((await toPong.get()) + 1);
    }
    return (await Promise.all([ping(), pong()]))[0];
  },
  "timers-real": sleepAll,
  "timers-real-1m": sleepAll,
  "timers-cancel": (n) => {
    const waiting: NodeJS.Timeout[] = new Array(1000);
    let cancelled = 0;
    const never = () => {};
    for (let i = 0; i < n; i++) {
      if (i >= 1000) {
        clearTimeout(waiting[i % 1000]);
        cancelled++;
      }
      waiting[i % 1000] = setTimeout(never, 60_000);
    }
    for (let i = 0; i < Math.min(n, 1000); i++) {
      clearTimeout(waiting[i]);
      cancelled++;
    }
    return cancelled;
  },
  timeout: async (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await withTimeout(60_000, suspendThenOne());
    return sum;
  },
  cancel: async (n) => {
    const controllers: AbortController[] = new Array(n);
    const started: Promise<void>[] = new Array(n);
    for (let i = 0; i < n; i++) {
      const controller = new AbortController();
      controllers[i] = controller;
      started[i] = parkUntil(controller.signal);
    }
    await null;
    for (const controller of controllers) controller.abort();
    let cancelled = 0;
    for (const outcome of await Promise.allSettled(started)) {
      if (outcome.status === "rejected" && (outcome.reason as Error).name === "AbortError") cancelled++;
    }
    return cancelled;
  },
  pipeline: async (n) => {
    async function worker(from: PromiseQueue<number>, to: PromiseQueue<number>): Promise<void> {
      for (let i = 0; i < n; i++) await to.put((await from.get()) + 1);
    }
    const first = new PromiseQueue<number>(pipelineCapacity);
    let last = first;
    for (let i = 0; i < pipelineWorkers; i++) {
      const next = new PromiseQueue<number>(pipelineCapacity);
      void worker(last, next);
      last = next;
    }
    void (async () => {
      for (let i = 0; i < n; i++) await first.put(i);
    })();
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await last.get();
    return sum;
  },
  ...thenCases(Promise),
  parked: async (n): Promise<Held> => {
    const gate = deferred<void>();
    async function untilOpen(): Promise<number> {
      await gate.promise;
      return 1;
    }
    const parked: Promise<number>[] = new Array(n);
    for (let i = 0; i < n; i++) parked[i] = untilOpen();
    await null;
    return {
      async release() {
        gate.resolve();
        return (await Promise.all(parked)).length;
      },
    };
  },
  sleeping: async (n): Promise<Held> => {
    const timers: NodeJS.Timeout[] = new Array(n);
    const sleeping: Promise<number>[] = new Array(n);
    // Clearing a timer never settles its promise: to release is to clear, and to let go.
    async function sleeper(i: number): Promise<number> {
      await new Promise<void>((resolve) => {
        timers[i] = setTimeout(resolve, 3_600_000);
      });
      return 1;
    }
    for (let i = 0; i < n; i++) sleeping[i] = sleeper(i);
    await null;
    return {
      release() {
        for (const timer of timers) clearTimeout(timer);
        return sleeping.length;
      },
    };
  },
};
