import { type Context, copyContext, RuntimeError } from "@tsyncio/context";
import { type Awaitable, type Coroutine, type CoroutineLike, coroutine, isCoroutine } from "@tsyncio/coroutine";
import { isResumable, remedy } from "@tsyncio/coroutine/protocol";
import { Future, isFuture } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { EventLoop } from "@tsyncio/loop";
import { cancelOnAbort } from "@tsyncio/promise-interop";
import { awaitAny } from "./awaited.ts";
import { allTasks } from "./current-task.ts";
import { Task } from "./task.ts";

/** The settings of a new Runner. */
export interface RunnerOptions {
  /** Debug mode of the loop it makes. */
  readonly debug?: boolean;
  /** Makes the loop. Default: a new one on the default host. */
  readonly loopFactory?: () => EventLoop;
}

/** The settings of `Runner.run()`. */
export interface RunOptions {
  /** The context the main task runs in. Default: a context the runner keeps for all of its runs. */
  readonly context?: Context;
  /** Cancels the main task when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Runs coroutines one after another on a loop of its own, and cleans up when it is closed: leftover tasks are cancelled
 * and waited for, failures nobody retrieved are reported, the loop is closed. Async-disposable:
 * `await using runner = new Runner()`.
 *
 * asyncio counterpart: `asyncio.Runner`.
 */
export class Runner {
  readonly #options: RunnerOptions;
  #loop: EventLoop | null = null;
  #context: Context | null = null;
  #closed = false;
  #running = false;

  constructor(options: RunnerOptions = {}) {
    if (options === null || typeof options !== "object") {
      throw new TypeError(`new Runner() expects options such as {debug: true}, got ${showResult(options)}`);
    }
    this.#options = options;
  }

  /**
   * The loop, made when it is first needed.
   *
   * @throws RuntimeError when the runner is closed.
   */
  getLoop(): EventLoop {
    if (this.#closed) throw new RuntimeError("Runner is closed");
    if (this.#loop === null) {
      const { loopFactory, debug } = this.#options;
      this.#loop = loopFactory === undefined ? new EventLoop() : loopFactory();
      if (debug !== undefined) this.#loop.debug = debug;
      this.#context = copyContext();
    }
    return this.#loop;
  }

  /**
   * Runs `main` in a task, and gives a native promise of its result. One at a time.
   *
   * The promise rejects with a TypeError when `main` is not awaitable, with a RuntimeError when the runner is closed or
   * running, and with whatever `main` throws.
   */
  async run<T>(main: Awaitable<T>, options: RunOptions = {}): Promise<T> {
    const coro = mainCoroutine(main, "Runner.run()");
    if (this.#running) throw new RuntimeError("Runner.run() cannot be called while another main task is running");
    const loop = this.getLoop();
    this.#running = true;
    try {
      const task = new Task<T>(coro, { loop, context: options.context ?? this.#context! });
      const release = cancelWhenAborted(task, options.signal);
      try {
        await untilDone(task);
      } finally {
        release();
      }
      return task.result();
    } finally {
      this.#running = false;
    }
  }

  /** Cancels leftover tasks and waits for them, reports failures nobody retrieved, and closes the loop. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const loop = this.#loop;
    this.#closed = true;
    if (loop === null) return;
    await cancelLeftovers(loop, allTasks(loop));
    await runLastTurns(loop);
    reportFailures(loop);
    loop.close();
  }

  /** Closes it, when an `await using` block ends. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * What runs in the main task: a coroutine as it is; a future or a promise is awaited there.
 *
 * @throws TypeError when `main` is not awaitable.
 * @internal
 */
export function mainCoroutine<T>(main: Awaitable<T>, caller: string): CoroutineLike<T> {
  if (isResumable(main) || isCoroutine(main)) return main as CoroutineLike<T>;
  if (isFuture(main) || typeof (main as Partial<PromiseLike<T>> | null | undefined)?.then === "function") {
    return awaiting(main);
  }
  throw new TypeError(`a coroutine was expected by ${caller}, got ${showResult(main)}${remedy(main)}`);
}

const awaiting: <T>(main: Awaitable<T>) => Coroutine<T> = coroutine(function* awaitable<T>(main: Awaitable<T>) {
  return yield* awaitAny(main, "main");
});

/** Cancels `task` when `signal` aborts. The function it gives ends that. @internal */
export function cancelWhenAborted(task: Task<any>, signal: AbortSignal | undefined): () => void {
  return signal === undefined ? () => {} : cancelOnAbort(task, signal);
}

/** Waits until every task is done: blocks the thread on a host that can, and awaits on the others. @internal */
export async function untilDone(future: Future<any>): Promise<void> {
  const loop = future.getLoop();
  if (future.done()) return;
  if (loop.host.kind === "blocking") {
    blockUntilDone(future);
    return;
  }
  await new Promise<void>((resolve) => future.addDoneCallback(() => resolve()));
}

/** Runs the loop until `future` is done, without asking for its result. @internal */
export function blockUntilDone(future: Future<any>): void {
  const loop = future.getLoop();
  const stop = () => loop.stop();
  future.addDoneCallback(stop);
  try {
    loop.runForever();
  } finally {
    future.removeDoneCallback(stop);
  }
  if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
}

/** Cancels the tasks, and gives a future that is done when all of them are; null when there is none. @internal */
export function cancelAll(loop: EventLoop, tasks: Iterable<Task<any>>): Future<void> | null {
  const left = new Set(tasks);
  if (left.size === 0) return null;
  const ended = new Future<void>({ loop });
  for (const task of left) {
    task.addDoneCallback(() => {
      left.delete(task);
      if (left.size === 0) ended.setResult();
    });
    task.cancel();
  }
  return ended;
}

/** Reports what the tasks that were cancelled at the end failed with. @internal */
export function reportLeftovers(loop: EventLoop, tasks: Iterable<Task<any>>): void {
  for (const task of tasks) {
    if (task.cancelled()) continue;
    const exception = task.exception();
    if (exception === null) continue;
    loop.callExceptionHandler({ message: "unhandled exception during run() shutdown", exception, task });
  }
}

/** @internal */
export async function cancelLeftovers(loop: EventLoop, tasks: ReadonlySet<Task<any>>): Promise<void> {
  const ended = cancelAll(loop, tasks);
  if (ended === null) return;
  await untilDone(ended);
  reportLeftovers(loop, tasks);
}

/**
 * Runs what is ready before the loop is closed, and what that makes ready: the callbacks of tasks that have just ended,
 * say. It takes four turns, as in asyncio, which closes asynchronous generators in two of them, and threads in two.
 *
 * @internal
 */
export async function runLastTurns(loop: EventLoop): Promise<void> {
  for (let times = 0; times < 2 && !loop.isClosed(); times++) {
    const ended = new Future<void>({ loop });
    loop.callSoon(() => ended.setResult());
    await untilDone(ended);
  }
}

/** Reports the failures nobody has retrieved. @internal */
export function reportFailures(loop: EventLoop): void {
  for (const failure of [...loop._failures]) failure.report();
}
