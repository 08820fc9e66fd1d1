import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future, type Suspension } from "@tsyncio/future";
import { getRunningLoop, type TimerHandle } from "@tsyncio/loop";
import { FuturePromise } from "@tsyncio/promise-interop";
import { Queue } from "@tsyncio/queue";
import { Lock, Semaphore } from "@tsyncio/sync";
import { createTask, gather, run, sleep, type Task, timeout } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { pipelineCapacity, pipelineWorkers, semaphorePermits, sleepLengths, taskCount } from "../cases.ts";
import type { Contests, Held } from "../contest.ts";
import { thenCases } from "./then-cases.ts";

type Steps<T> = Generator<Suspension, T, unknown>;

const one = coroutine(function* one(): Steps<number> {
  return 1;
});

function* rawOne(): Steps<number> {
  return 1;
}

const switching = coroutine(function* switching(n: number): Steps<number> {
  let count = 0;
  for (; count < n; count++) yield* sleep(0);
  return count;
});

const descend = coroutine(function* descend(depth: number, n: number): Steps<number> {
  return depth <= 1 ? yield* switching(n) : yield* descend(depth - 1, n);
});

const suspendOnce = coroutine(function* suspendOnce(value: number): Steps<number> {
  yield* sleep(0);
  return value;
});

const fanOut = coroutine(function* fanOut(n: number): Steps<number> {
  const tasks: Task<number>[] = new Array(n);
  for (let i = 0; i < n; i++) tasks[i] = createTask(suspendOnce(i));
  const results = yield* gather(tasks);
  let sum = 0;
  for (const value of results) sum += value;
  return sum;
});

const spawnJoinLazy = coroutine(function* spawnJoinLazy(n: number): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* createTask(one());
  return sum;
});

const spawnJoinEager = coroutine(function* spawnJoinEager(n: number): Steps<number> {
  const eagerly = { eagerStart: true };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* createTask(one(), eagerly);
  return sum;
});

const sleepFor = coroutine(function* sleepFor(delayMs: number): Steps<number> {
  yield* sleep(delayMs);
  return 1;
});

const sleepAll = coroutine(function* sleepAll(n: number): Steps<number> {
  const lengths = sleepLengths(n);
  const tasks: Task<number>[] = new Array(n);
  for (let i = 0; i < n; i++) tasks[i] = createTask(sleepFor(lengths[i]!));
  let sum = 0;
  for (const woken of yield* gather(tasks)) sum += woken;
  return sum;
});

const untilOpen = coroutine(function* untilOpen(gate: Future<void>): Steps<number> {
  yield* gate;
  return 1;
});

const contended = (n: number, acquire: () => { acquire(): Iterable<Suspension>; release(): void }) =>
  run(
    coroutine(function* main(): Steps<number> {
      const permit = acquire();
      let count = 0;
      const worker = coroutine(function* worker(): Steps<void> {
        for (let i = 0; i < n / taskCount; i++) {
          yield* permit.acquire() as Steps<unknown>;
          try {
            yield* sleep(0);
            count++;
          } finally {
            permit.release();
          }
        }
      });
      yield* gather(Array.from({ length: taskCount }, () => createTask(worker())));
      return count;
    })(),
  );

const parkAlone = coroutine(function* parkAlone(): Steps<void> {
  yield* new Future<void>();
});

const callNamed = coroutine(function* callNamed(n: number): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* one();
  return sum;
});

const callRaw = coroutine(function* callRaw(n: number): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* rawOne();
  return sum;
});

const setAndCancel = coroutine(function* setAndCancel(n: number): Steps<number> {
  const loop = getRunningLoop();
  const waiting: TimerHandle[] = new Array(1000);
  let cancelled = 0;
  const never = () => {};
  for (let i = 0; i < n; i++) {
    if (i >= 1000) {
      waiting[i % 1000]!.cancel();
      cancelled++;
    }
    waiting[i % 1000] = loop.callLater(60_000, never);
  }
  for (let i = 0; i < Math.min(n, 1000); i++) {
    waiting[i]!.cancel();
    cancelled++;
  }
  return cancelled;
});

const suspendThenOne = coroutine(function* suspendThenOne(): Steps<number> {
  yield* sleep(0);
  return 1;
});

const timeOut = coroutine(function* timeOut(n: number): Steps<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* timeout(60_000, suspendThenOne);
  return sum;
});

const cancelParked = coroutine(function* cancelParked(n: number): Steps<number> {
  const tasks: Task<void>[] = new Array(n);
  for (let i = 0; i < n; i++) tasks[i] = createTask(parkAlone());
  yield* sleep(0);
  for (const task of tasks) task.cancel();
  let cancelled = 0;
  for (const outcome of yield* gather(tasks, { returnExceptions: true })) {
    if (outcome instanceof CancelledError) cancelled++;
  }
  return cancelled;
});

export const contests: Contests = {
  switch: (n) => run(switching(n)),
  call: (n) => run(callNamed(n)),
  "call-raw": (n) => run(callRaw(n)),
  "spawn-join-lazy": (n) => run(spawnJoinLazy(n)),
  "spawn-join-eager": (n) => run(spawnJoinEager(n)),
  "fan-out": (n) => run(fanOut(n)),
  "tasks-1e3": (n) => run(fanOut(n)),
  "tasks-1e4": (n) => run(fanOut(n)),
  "tasks-1e5": (n) => run(fanOut(n)),
  "tasks-1e6": (n) => run(fanOut(n)),
  "deep-1": (n) => run(descend(1, n)),
  "deep-10": (n) => run(descend(10, n)),
  "deep-100": (n) => run(descend(100, n)),
  "deep-1000": (n) => run(descend(1000, n)),
  "ping-pong-future": (n) =>
    run(
      coroutine(function* main(): Steps<number> {
        let toPong = new Future<number>();
        let toPing = new Future<number>();
        const ping = coroutine(function* ping(): Steps<number> {
          let sum = 0;
          for (let i = 0; i < n; i++) {
            toPing = new Future();
            toPong.setResult(i);
            sum += yield* toPing;
          }
          return sum;
        });
        const pong = coroutine(function* pong(): Steps<void> {
          for (let i = 0; i < n; i++) {
            const value = yield* toPong;
            toPong = new Future();
            toPing.setResult(value + 1);
          }
        });
        const [sum] = yield* gather([createTask(ping()), createTask(pong())]);
        return sum;
      })(),
    ),
  "ping-pong-queue": (n) =>
    run(
      coroutine(function* main(): Steps<number> {
        const toPong = new Queue<number>(1);
        const toPing = new Queue<number>(1);
        const ping = coroutine(function* ping(): Steps<number> {
          let sum = 0;
          for (let i = 0; i < n; i++) {
            yield* toPong.put(i);
            sum += yield* toPing.get();
          }
          return sum;
        });
        const pong = coroutine(function* pong(): Steps<void> {
          for (let i = 0; i < n; i++) yield* toPing.put((yield* toPong.get()) + 1);
        });
        const [sum] = yield* gather([createTask(ping()), createTask(pong())]);
        return sum;
      })(),
    ),
  "timers-virtual": (n) => runVirtual(sleepAll(n)),
  "timers-virtual-1m": (n) => runVirtual(sleepAll(n)),
  "timers-real": (n) => run(sleepAll(n)),
  "timers-real-1m": (n) => run(sleepAll(n)),
  "timers-cancel": (n) => run(setAndCancel(n)),
  timeout: (n) => run(timeOut(n)),
  cancel: (n) => run(cancelParked(n)),
  lock: (n) => contended(n, () => new Lock()),
  semaphore: (n) => contended(n, () => new Semaphore(semaphorePermits)),
  pipeline: (n) =>
    run(
      coroutine(function* main(): Steps<number> {
        const worker = coroutine(function* worker(from: Queue<number>, to: Queue<number>): Steps<void> {
          for (let i = 0; i < n; i++) yield* to.put((yield* from.get()) + 1);
        });
        const first = new Queue<number>(pipelineCapacity);
        let last = first;
        for (let i = 0; i < pipelineWorkers; i++) {
          const next = new Queue<number>(pipelineCapacity);
          createTask(worker(last, next));
          last = next;
        }
        createTask(
          coroutine(function* produce(): Steps<void> {
            for (let i = 0; i < n; i++) yield* first.put(i);
          })(),
        );
        let sum = 0;
        for (let i = 0; i < n; i++) sum += yield* last.get();
        return sum;
      })(),
    ),
  ...thenCases(FuturePromise as unknown as PromiseConstructor),
  parked: (n) => hold(n, (gate) => untilOpen(gate)),
  sleeping: (n) => hold(n, () => sleep(3_600_000, 1)),
};

/** Leaves `n` tasks waiting; to release them is to open the gate and to cancel those that wait for something else. */
async function hold(n: number, body: (gate: Future<void>) => Coroutine<number>): Promise<Held> {
  let open!: () => void;
  let done!: Promise<number>;
  await new Promise<void>((waiting) => {
    done = run(
      coroutine(function* main(): Steps<number> {
        const gate = new Future<void>();
        open = () => gate.setResult();
        const tasks: Task<number>[] = new Array(n);
        for (let i = 0; i < n; i++) tasks[i] = createTask(body(gate));
        yield* sleep(0);
        waiting();
        yield* gate;
        for (const task of tasks) task.cancel();
        let released = 0;
        for (const outcome of yield* gather(tasks, { returnExceptions: true })) {
          if (outcome === 1 || outcome instanceof CancelledError) released++;
        }
        return released;
      })(),
    );
  });
  return {
    release() {
      open();
      return done;
    },
  };
}
