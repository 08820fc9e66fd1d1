import { Worker } from "node:worker_threads";

/** What stands in place of a program's trace when the program did not end. */
export const hung = "the program did not end";

/** How long the thread may take to start, on a slow and busy machine. */
const startLimitMs = 120_000;

export interface RunOptions {
  /** The name of a deliberate mistake, to see whether it is found. */
  readonly fault?: string | undefined;
  /** No answer for so long means that the program it is at hangs. Default: a minute. */
  readonly limitMs?: number;
}

/** tsyncio in a thread of its own. A program that never ends is found out, and the others are run all the same. */
export class Subject {
  #worker: Promise<Worker> | null = null;
  readonly #progress = new SharedArrayBuffer(4);

  /** Gives a trace per source. */
  async run(sources: readonly string[], options: RunOptions = {}): Promise<string[][]> {
    const traces: string[][] = [];
    while (traces.length < sources.length) {
      const left = sources.slice(traces.length);
      const found = await this.#runUntilHung(left, options);
      if (found !== null) return [...traces, ...found];
      // Those before the one that hangs are run again, without it.
      const hanging = Atomics.load(new Int32Array(this.#progress), 0);
      if (hanging > 0) traces.push(...(await this.run(left.slice(0, hanging), options)));
      traces.push([hung]);
    }
    return traces;
  }

  async #runUntilHung(sources: readonly string[], { fault, limitMs = 60_000 }: RunOptions): Promise<string[][] | null> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    worker.postMessage({ sources, fault });
    const traces = (await answer(worker, limitMs)) as string[][] | null;
    if (traces === null) await this.stop();
    return traces;
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
      workerData: { progress: this.#progress },
      execArgv: ["--conditions=@tsyncio/source"],
    });
    if ((await answer(worker, startLimitMs)) === "ready") return worker;
    await worker.terminate();
    throw new Error(`The thread that tries tsyncio did not start within ${startLimitMs} ms`);
  }

  async stop(): Promise<void> {
    const worker = await this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

/** The next message of a worker; null when none comes in time. */
function answer(worker: Worker, limitMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (finish: () => void): void => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("error", onError);
      finish();
    };
    const onMessage = (message: unknown): void => done(() => resolve(message));
    const onError = (error: unknown): void => done(() => reject(error));
    const timer = setTimeout(() => done(() => resolve(null)), limitMs);
    worker.on("message", onMessage);
    worker.on("error", onError);
  });
}
