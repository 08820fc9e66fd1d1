import { blockingHost, coroutine, EventLoop, Future, run, type Suspension, sleep, Task, toPromise } from "tsyncio";
import { rejectionProofs } from "./rejections.ts";

type Steps<T> = Generator<Suspension, T, unknown>;

/** What a platform must do for the default host, and the host for it. A proof that fails throws. */
export interface Proof {
  readonly name: string;
  prove(): Promise<void>;
}

export interface Proven {
  readonly passed: number;
  readonly failed: readonly string[];
}

function check(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** Long enough for what a hidden page does once a second, however fast the turns of a loop go by. */
const patienceMs = 60_000;

/** Gives way, turn after turn, until `happened` says so or patience is at its end. */
const spinUntil = coroutine(function* spinUntil(happened: () => boolean): Steps<boolean> {
  const begun = performance.now();
  while (!happened()) {
    if (performance.now() - begun > patienceMs) return false;
    yield* sleep(0);
  }
  return true;
});

/** Whether something of the platform's happens although tasks never leave the loop idle. */
async function happensMeanwhile(start: (done: () => void) => void): Promise<boolean> {
  let happened = false;
  start(() => {
    happened = true;
  });
  return run(spinUntil(() => happened));
}

/** What only pages have. */
const page = globalThis as unknown as {
  document?: { visibilityState: string; addEventListener(type: string, listener: () => void): void };
  requestAnimationFrame?: (callback: () => void) => number;
};
const requestFrame = page.requestAnimationFrame;
const isHidden = (): boolean => page.document?.visibilityState === "hidden";

export const proofs: readonly Proof[] = [
  {
    name: "the platform's timers are not starved",
    async prove() {
      check(await happensMeanwhile((done) => setTimeout(done, 20)), "setTimeout never fired");
    },
  },
  {
    name: "the platform's messages are not starved",
    async prove() {
      const { port1, port2 } = new MessageChannel();
      const arrived = await happensMeanwhile((done) => {
        (port1 as unknown as { onmessage: () => void }).onmessage = done;
        port2.postMessage("hello");
      });
      port1.close();
      check(arrived, "the message never arrived");
    },
  },
  {
    name: "the platform's I/O is not starved",
    async prove() {
      const fetched = happensMeanwhile(
        (done) =>
          void fetch("data:text/plain,hello")
            .then((response) => response.text())
            .then(done),
      );
      check(await fetched, "the response never came");
    },
  },
  {
    name: "native promises are not starved",
    async prove() {
      const arrived = happensMeanwhile(async (done) => {
        for (let i = 0; i < 100; i++) await null;
        done();
      });
      check(await arrived, "the async function never ended");
    },
  },
  ...(page.document !== undefined && requestFrame !== undefined
    ? [
        {
          name: "rendering is not starved, and where nothing is rendered tasks go on",
          async prove() {
            if (!isHidden())
              return check(await happensMeanwhile((done) => requestFrame(() => done())), "no frame was drawn");
            let turns = 0;
            const framed = happensMeanwhile((done) => {
              requestFrame(() => done());
              const stop = setInterval(() => {
                if (++turns < 3) return;
                clearInterval(stop);
                done();
              }, 1);
            });
            check(await framed, "its timers did not fire");
            check(turns === 3, "a page that is hidden drew a frame");
          },
        },
      ]
    : []),
  {
    name: "sleeps end in the order of their deadlines, and never early",
    async prove() {
      const order: number[] = [];
      const early: number[] = [];
      const sleeper = coroutine(function* sleeper(delayMs: number): Steps<void> {
        const begun = performance.now();
        yield* sleep(delayMs);
        if (performance.now() - begun < delayMs - 1) early.push(delayMs);
        order.push(delayMs);
      });
      await run(
        coroutine(function* main(): Steps<void> {
          const tasks = [60, 20, 40, 0].map((delayMs) => new Task(sleeper(delayMs)));
          for (const task of tasks) yield* task;
        })(),
      );
      check(order.join() === "0,20,40,60", `they ended in the order ${order}`);
      check(early.length === 0, `${early} ended early`);
    },
  },
  {
    name: "a loop that is idle wakes when the platform publishes a result",
    async prove() {
      const result = await run(
        coroutine(function* main(): Steps<string> {
          const future = new Future<string>();
          setTimeout(() => future.setResult("published"), 10);
          return yield* future;
        })(),
      );
      check(result === "published", `it got ${result}`);
    },
  },
  {
    name: "two loops run side by side",
    async prove() {
      const log: string[] = [];
      const worker = coroutine(function* worker(name: string): Steps<void> {
        for (let i = 0; i < 3; i++) {
          log.push(name);
          yield* sleep(5);
        }
      });
      await Promise.all([run(worker("a")), run(worker("b"))]);
      check(log.slice(0, 2).join() === "a,b" && log.length === 6, `they ran as ${log}`);
    },
  },
  {
    name: "an async function awaits a future",
    async prove() {
      const future = new Future<number>();
      setTimeout(() => future.setResult(7), 5);
      check((await future) === 7 && (await toPromise(future)) === 7, "it got something else");
    },
  },
  {
    name: "an AbortSignal cancels, and clean-up may wait",
    async prove() {
      const cleaned: string[] = [];
      const stop = new AbortController();
      const running = run(
        coroutine(function* main(): Steps<void> {
          try {
            yield* sleep(60_000);
          } finally {
            yield* sleep(5);
            cleaned.push("clean");
          }
        })(),
        { signal: stop.signal },
      );
      setTimeout(() => stop.abort(), 5);
      const outcome = await running.then(
        () => "returned",
        (error: Error) => error.name,
      );
      check(
        outcome === "CancelledError" && cleaned.length === 1,
        `it ${outcome}, clean-up ran ${cleaned.length} times`,
      );
    },
  },
  ...rejectionProofs,
  {
    name: "a blocking loop runs where the thread may block, and says so where not",
    async prove() {
      if (typeof SharedArrayBuffer !== "function") return;
      const loop = new EventLoop({ host: blockingHost() });
      const task = new Task(sleep(20, "slept"), { loop });
      let outcome: string;
      try {
        outcome = loop.runUntilComplete(task);
      } catch (error) {
        outcome = (error as Error).constructor.name;
      }
      const mayBlock = page.document === undefined;
      check(outcome === (mayBlock ? "slept" : "TypeError"), `it ended with ${outcome}`);
    },
  },
];

/**
 * The same in a page that is hidden, and stays so: there the platform draws no frame, and its timers fire once a second.
 */
export async function proveHidden(): Promise<Proven> {
  const shown: string[] = isHidden() ? [] : ["it is visible"];
  page.document?.addEventListener("visibilitychange", () => shown.push("it became visible"));
  const begun = performance.now();
  for (let timers = 0; timers < 3; timers++) await new Promise((fired) => setTimeout(fired, 20));
  const tookMs = performance.now() - begun;
  if (tookMs < 1500) shown.push(`its timers are not slowed down: three of 20 ms took ${Math.round(tookMs)} ms`);
  const { passed, failed } = await proveAll();
  const hidden = "the page is hidden all the time, and its timers are slowed down";
  if (shown.length > 0) return { passed, failed: [...failed, `${hidden}: ${shown.join(", ")}`] };
  return { passed: passed + 1, failed };
}

export async function proveAll(): Promise<Proven> {
  let passed = 0;
  const failed: string[] = [];
  for (const { name, prove } of proofs) {
    try {
      await prove();
      passed++;
    } catch (error) {
      failed.push(`${name}: ${(error as Error).message}`);
    }
  }
  return { passed, failed };
}
