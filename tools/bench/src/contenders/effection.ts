import {
  action,
  all,
  createQueue,
  type Operation,
  race,
  run,
  sleep,
  spawn,
  suspend,
  type Task,
  withResolvers,
} from "effection";
import { pipelineWorkers, sleepLengths } from "../cases.ts";
import type { Contests, Held } from "../contest.ts";

/** The cheapest way to suspend and go on: an action that resolves at once. */
const yieldNow = (): Operation<void> =>
  action((resolve) => {
    resolve();
    return () => {};
  });

function* one(): Operation<number> {
  return 1;
}

function* switching(n: number): Operation<number> {
  let count = 0;
  for (; count < n; count++) yield* yieldNow();
  return count;
}

function* descend(depth: number, n: number): Operation<number> {
  return depth <= 1 ? yield* switching(n) : yield* descend(depth - 1, n);
}

function* call(n: number): Operation<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* one();
  return sum;
}

function* suspendOnce(value: number): Operation<number> {
  yield* yieldNow();
  return value;
}

function* fanOut(n: number): Operation<number> {
  const values = yield* all(Array.from({ length: n }, (_, i) => suspendOnce(i)));
  return values.reduce((sum, value) => sum + value, 0);
}

function* sleepFor(delayMs: number): Operation<number> {
  yield* sleep(delayMs);
  return 1;
}

export const contests: Contests = {
  switch: (n) => run(() => switching(n)),
  call: (n) => run(() => call(n)),
  "spawn-join-lazy": (n) =>
    run(function* () {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += yield* yield* spawn(one);
      return sum;
    }),
  "fan-out": (n) => run(() => fanOut(n)),
  "tasks-1e3": (n) => run(() => fanOut(n)),
  "tasks-1e4": (n) => run(() => fanOut(n)),
  "deep-1": (n) => run(() => descend(1, n)),
  "deep-10": (n) => run(() => descend(10, n)),
  "deep-100": (n) => run(() => descend(100, n)),
  "deep-1000": (n) => run(() => descend(1000, n)),
  "ping-pong-future": (n) =>
    run(function* () {
      let toPong = withResolvers<number>();
      let toPing = withResolvers<number>();
      function* ping(): Operation<number> {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          toPing = withResolvers();
          toPong.resolve(i);
          sum += yield* toPing.operation;
        }
        return sum;
      }
      function* pong(): Operation<void> {
        for (let i = 0; i < n; i++) {
          const value = yield* toPong.operation;
          toPong = withResolvers();
          toPing.resolve(value + 1);
        }
      }
      const [sum] = yield* all([ping(), pong()]);
      return sum;
    }),
  "ping-pong-queue": (n) =>
    run(function* () {
      const toPong = createQueue<number, never>();
      const toPing = createQueue<number, never>();
      function* ping(): Operation<number> {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          toPong.add(i);
          sum += (yield* toPing.next()).value;
        }
        return sum;
      }
      function* pong(): Operation<void> {
        for (let i = 0; i < n; i++) toPing.add((yield* toPong.next()).value + 1);
      }
      const [sum] = yield* all([ping(), pong()]);
      return sum;
    }),
  timeout: (n) =>
    run(function* () {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += yield* race([
          suspendOnce(1),
          (function* (): Operation<number> {
            yield* sleep(60_000);
            throw new Error("timeout");
          })(),
        ]);
      }
      return sum;
    }),
  cancel: (n) =>
    run(function* () {
      const tasks: Task<void>[] = [];
      let cancelled = 0;
      for (let i = 0; i < n; i++) {
        tasks.push(
          yield* spawn(function* () {
            try {
              yield* suspend();
            } finally {
              cancelled++;
            }
          }),
        );
      }
      yield* sleep(0);
      for (const task of tasks) yield* task.halt();
      return cancelled;
    }),
  "timers-real": (n) =>
    run(function* () {
      const values = yield* all(Array.from(sleepLengths(n), sleepFor));
      return values.reduce((sum, value) => sum + value, 0);
    }),
  pipeline: (n) =>
    run(function* () {
      type Items = ReturnType<typeof createQueue<number, never>>;
      function* worker(from: Items, to: Items): Operation<void> {
        for (let i = 0; i < n; i++) to.add((yield* from.next()).value + 1);
      }
      const first: Items = createQueue();
      let last = first;
      for (let i = 0; i < pipelineWorkers; i++) {
        const from = last;
        const to: Items = createQueue();
        yield* spawn(() => worker(from, to));
        last = to;
      }
      yield* spawn(function* () {
        for (let i = 0; i < n; i++) first.add(i);
      });
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (yield* last.next()).value;
      return sum;
    }),
  parked: (n) => hold(n, suspend),
  sleeping: (n) => hold(n, () => sleep(3_600_000)),
};

async function hold(n: number, body: () => Operation<void>): Promise<Held> {
  let released = 0;
  let main!: Task<void>;
  await new Promise<void>((waiting) => {
    main = run(function* () {
      for (let i = 0; i < n; i++) {
        yield* spawn(function* () {
          try {
            yield* body();
          } finally {
            released++;
          }
        });
      }
      yield* sleep(0);
      waiting();
      yield* suspend();
    });
  });
  return {
    async release() {
      await main.halt();
      return released;
    },
  };
}
