import { Worker } from "node:worker_threads";

/** The thread did not answer in time and was ended. */
export class OracleTimeoutError extends Error {
  override readonly name = "OracleTimeoutError";
}

type Answer = { ready?: true; output?: string; id?: number; result?: unknown; error?: string };
type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

/** CPython 3.14 in a thread of its own, which can be ended whatever it is doing. */
export class Oracle {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(worker: Worker, onOutput: (text: string) => void) {
    this.#worker = worker;
    worker.on("message", (answer: Answer) => {
      if (answer.output !== undefined) onOutput(answer.output);
      if (answer.id === undefined) return;
      const waiting = this.#waiting.get(answer.id);
      if (waiting === undefined) return;
      this.#waiting.delete(answer.id);
      clearTimeout(waiting.timer);
      if (answer.error === undefined) waiting.resolve(answer.result);
      else waiting.reject(new Error(answer.error));
    });
    const fail = (error: Error): void => {
      for (const waiting of this.#waiting.values()) {
        clearTimeout(waiting.timer);
        waiting.reject(error);
      }
      this.#waiting.clear();
    };
    worker.on("error", fail);
    worker.on("exit", () => fail(new Error("The oracle's thread has ended")));
  }

  /** Starts CPython; `modules` are the Python files beside this one that it may import. */
  static async start(
    modules: readonly string[],
    onOutput: (text: string) => void = (text) => void process.stderr.write(text),
  ): Promise<Oracle> {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: { modules }, execArgv: [] });
    const oracle = new Oracle(worker, onOutput);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        void worker.terminate();
        reject(new OracleTimeoutError("CPython did not start within 120 s"));
      }, 120_000);
      worker.once("error", reject);
      worker.on("message", (answer: Answer) => {
        if (answer.ready !== true) return;
        clearTimeout(timer);
        resolve();
      });
    });
    return oracle;
  }

  /** Calls `module.call(argument)` in Python. The thread is ended if it takes longer than `limitMs`. */
  ask(module: string, call: string, argument: string, limitMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        void this.#worker.terminate();
        reject(new OracleTimeoutError(`CPython did not answer within ${limitMs} ms`));
      }, limitMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, module, call, argument });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
