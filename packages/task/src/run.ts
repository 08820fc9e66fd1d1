import type { Awaitable } from "@tsyncio/coroutine";
import { EventLoop } from "@tsyncio/loop";
import { allTasks } from "./current-task.ts";
import {
  cancelLeftovers,
  cancelWhenAborted,
  mainCoroutine,
  reportFailures,
  runLastTurns,
  untilDone,
} from "./runner.ts";
import { Task } from "./task.ts";

/** The settings of `run()`. */
export interface RunMainOptions {
  /** Debug mode of the loop it makes. */
  readonly debug?: boolean;
  /** The loop to run on: it stays open, and what was on it before is left alone. Default: a new one. */
  readonly loop?: EventLoop;
  /** Cancels main when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * Called when main waits and nothing is left that could wake it, where the platform can tell: in Node, when the
   * process is about to exit. Main is cancelled then, and `run` rejects with what this gives.
   */
  readonly onDeadlock?: (loop: EventLoop) => unknown;
}

/**
 * Runs `main` and gives a native promise of its result: the way in from promises. When main has ended, tasks that are
 * left over are cancelled and waited for, failures nobody retrieved are reported, and the loop is closed.
 *
 * The promise rejects with a TypeError when `main` is not awaitable, with a CancelledError when it was cancelled, and
 * with whatever `main` throws.
 *
 * asyncio counterpart: `asyncio.run`.
 */
export async function run<T>(main: Awaitable<T>, options: RunMainOptions = {}): Promise<T> {
  const coro = mainCoroutine(main, "run()");
  const loop = options.loop ?? new EventLoop();
  if (options.debug !== undefined) loop.debug = options.debug;
  const others = allTasks(loop);
  const task = new Task<T>(coro, { loop });
  try {
    const release = cancelWhenAborted(task, options.signal);
    const deadlock = new Deadlock(task, options.onDeadlock);
    try {
      await Promise.race([untilDone(task), deadlock.isFinal]);
    } finally {
      release();
      deadlock.stopLooking();
    }
    deadlock.throwIfThereWas();
    return task.result();
  } finally {
    const leftovers = new Set([...allTasks(loop)].filter((left) => !others.has(left)));
    await cancelLeftovers(loop, leftovers);
    if (options.loop === undefined) await runLastTurns(loop);
    reportFailures(loop);
    if (options.loop === undefined) loop.close();
  }
}

/** Looks for main never being able to go on, if it is asked to and the host can tell. */
class Deadlock {
  /** Settles when main could not even be cancelled. */
  readonly isFinal: Promise<void>;
  readonly stopLooking: () => void;
  #found: { readonly error: unknown } | null = null;

  constructor(main: Task<any>, explain: ((loop: EventLoop) => unknown) | undefined) {
    const loop = main.getLoop();
    const { host } = loop;
    if (explain === undefined || host.kind !== "guest" || host.onIdle === undefined) {
      this.isFinal = new Promise(() => {});
      this.stopLooking = () => {};
      return;
    }
    const { onIdle } = host;
    let giveUp = () => {};
    this.isFinal = new Promise((resolve) => {
      giveUp = resolve;
    });
    this.stopLooking = onIdle(() => {
      if (main.done()) return;
      if (this.#found !== null) {
        giveUp();
        return;
      }
      this.#found = { error: explain(loop) };
      main.cancel();
    });
  }

  throwIfThereWas(): void {
    if (this.#found !== null) throw this.#found.error;
  }
}
