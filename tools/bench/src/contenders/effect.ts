import { Deferred, Effect, Exit, Fiber, Queue, Semaphore } from "effect";
import { pipelineCapacity, pipelineWorkers, semaphorePermits, sleepLengths, taskCount } from "../cases.ts";
import type { Contests, Held } from "../contest.ts";

const one = Effect.fnUntraced(function* () {
  return yield* Effect.succeed(1);
});

const switching = Effect.fnUntraced(function* (n: number) {
  let count = 0;
  for (; count < n; count++) yield* Effect.yieldNow;
  return count;
});

const descend: (depth: number, n: number) => Effect.Effect<number> = Effect.fnUntraced(function* (
  depth: number,
  n: number,
) {
  return depth <= 1 ? yield* switching(n) : yield* descend(depth - 1, n);
});

const call = Effect.fnUntraced(function* (n: number) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* one();
  return sum;
});

const spawnJoin = (startImmediately: boolean) =>
  Effect.fnUntraced(function* (n: number) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += yield* Fiber.join(yield* Effect.forkChild(one(), { startImmediately }));
    return sum;
  });

const suspendOnce = (value: number) => Effect.as(Effect.yieldNow, value);

const fanOut = Effect.fnUntraced(function* (n: number) {
  const work = Array.from({ length: n }, (_, i) => suspendOnce(i));
  const values = yield* Effect.all(work, { concurrency: "unbounded" });
  return values.reduce((sum, value) => sum + value, 0);
});

const sleepAll = Effect.fnUntraced(function* (n: number) {
  const work = Array.from(sleepLengths(n), (delayMs) => Effect.as(Effect.sleep(delayMs), 1));
  const values = yield* Effect.all(work, { concurrency: "unbounded" });
  return values.reduce((sum, value) => sum + value, 0);
});

const contended = Effect.fnUntraced(function* (n: number, permits: number) {
  const semaphore = yield* Semaphore.make(permits);
  let count = 0;
  const increment = Semaphore.withPermit(
    semaphore,
    Effect.map(Effect.yieldNow, () => {
      count++;
    }),
  );
  const worker = Effect.gen(function* () {
    for (let i = 0; i < n / taskCount; i++) yield* increment;
  });
  yield* Effect.all(
    Array.from({ length: taskCount }, () => worker),
    { concurrency: "unbounded", discard: true },
  );
  return count;
});

const run = <T>(effect: Effect.Effect<T, unknown>) => Effect.runPromise(effect);

export const contests: Contests = {
  switch: (n) => run(switching(n)),
  call: (n) => run(call(n)),
  "spawn-join-lazy": (n) => run(spawnJoin(false)(n)),
  "spawn-join-eager": (n) => run(spawnJoin(true)(n)),
  "fan-out": (n) => run(fanOut(n)),
  "tasks-1e3": (n) => run(fanOut(n)),
  "tasks-1e4": (n) => run(fanOut(n)),
  "tasks-1e5": (n) => run(fanOut(n)),
  "deep-1": (n) => run(descend(1, n)),
  "deep-10": (n) => run(descend(10, n)),
  "deep-100": (n) => run(descend(100, n)),
  "deep-1000": (n) => run(descend(1000, n)),
  "ping-pong-future": (n) =>
    run(
      Effect.gen(function* () {
        let toPong = yield* Deferred.make<number>();
        let toPing = yield* Deferred.make<number>();
        const ping = Effect.gen(function* () {
          let sum = 0;
          for (let i = 0; i < n; i++) {
            toPing = yield* Deferred.make<number>();
            yield* Deferred.succeed(toPong, i);
            sum += yield* Deferred.await(toPing);
          }
          return sum;
        });
        const pong = Effect.gen(function* () {
          for (let i = 0; i < n; i++) {
            const value = yield* Deferred.await(toPong);
            toPong = yield* Deferred.make<number>();
            yield* Deferred.succeed(toPing, value + 1);
          }
        });
        const [sum] = yield* Effect.all([ping, pong], { concurrency: "unbounded" });
        return sum;
      }),
    ),
  "ping-pong-queue": (n) =>
    run(
      Effect.gen(function* () {
        const toPong = yield* Queue.bounded<number>(1);
        const toPing = yield* Queue.bounded<number>(1);
        const ping = Effect.gen(function* () {
          let sum = 0;
          for (let i = 0; i < n; i++) {
            yield* Queue.offer(toPong, i);
            sum += yield* Queue.take(toPing);
          }
          return sum;
        });
        const pong = Effect.gen(function* () {
          for (let i = 0; i < n; i++) yield* Queue.offer(toPing, (yield* Queue.take(toPong)) + 1);
        });
        const [sum] = yield* Effect.all([ping, pong], { concurrency: "unbounded" });
        return sum;
      }),
    ),
  "timers-real": (n) => run(sleepAll(n)),
  timeout: (n) =>
    run(
      Effect.gen(function* () {
        let sum = 0;
        const work = Effect.as(Effect.yieldNow, 1);
        for (let i = 0; i < n; i++) sum += yield* Effect.timeout(work, 60_000);
        return sum;
      }),
    ),
  cancel: (n) =>
    run(
      Effect.gen(function* () {
        const fibers: Fiber.Fiber<never>[] = [];
        for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkChild(Effect.never));
        yield* Effect.yieldNow;
        yield* Fiber.interruptAll(fibers);
        const exits = yield* Fiber.awaitAll(fibers);
        return exits.filter(Exit.hasInterrupts).length;
      }),
    ),
  lock: (n) => run(contended(n, 1)),
  semaphore: (n) => run(contended(n, semaphorePermits)),
  pipeline: (n) =>
    run(
      Effect.gen(function* () {
        const worker = (from: Queue.Queue<number>, to: Queue.Queue<number>) =>
          Effect.gen(function* () {
            for (let i = 0; i < n; i++) yield* Queue.offer(to, (yield* Queue.take(from)) + 1);
          });
        const first = yield* Queue.bounded<number>(pipelineCapacity);
        let last = first;
        for (let i = 0; i < pipelineWorkers; i++) {
          const next = yield* Queue.bounded<number>(pipelineCapacity);
          yield* Effect.forkChild(worker(last, next));
          last = next;
        }
        yield* Effect.forkChild(
          Effect.gen(function* () {
            for (let i = 0; i < n; i++) yield* Queue.offer(first, i);
          }),
        );
        let sum = 0;
        for (let i = 0; i < n; i++) sum += yield* Queue.take(last);
        return sum;
      }),
    ),
  parked: (n) =>
    hold(
      n,
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>();
        return { body: Effect.as(Deferred.await(gate), 1), open: Deferred.succeed(gate, undefined) };
      }),
    ),
  sleeping: (n) => hold(n, Effect.succeed({ body: Effect.as(Effect.sleep(3_600_000), 1), open: Effect.void })),
};

interface Gate {
  readonly body: Effect.Effect<number>;
  readonly open: Effect.Effect<unknown>;
}

/** Leaves `n` fibers waiting for the gate; to release them is to open it, and to interrupt those that wait for something else. */
async function hold(n: number, makeGate: Effect.Effect<Gate>): Promise<Held> {
  const { fibers, open } = await run(
    Effect.gen(function* () {
      const gate = yield* makeGate;
      const fibers: Fiber.Fiber<number>[] = [];
      for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkDetach(gate.body));
      yield* Effect.yieldNow;
      return { fibers, open: gate.open };
    }),
  );
  return {
    release: () =>
      run(
        Effect.gen(function* () {
          yield* open;
          yield* Effect.yieldNow;
          yield* Fiber.interruptAll(fibers);
          return (yield* Fiber.awaitAll(fibers)).length;
        }),
      ),
  };
}
