import type { CoroutineLike } from "@tsyncio/coroutine";
import { EventLoop } from "@tsyncio/loop";
import { allTasks } from "./current-task.ts";
import { cancelLeftovers, cancelWhenAborted, checkMain, reportFailures, untilDone } from "./runner.ts";
import { Task } from "./task.ts";

export interface RunMainOptions {
  /** Debug mode of the loop it makes. */
  readonly debug?: boolean;
  /** The loop to run on: it stays open, and what was on it before is left alone. Default: a new one. */
  readonly loop?: EventLoop;
  /** Cancels main when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `main` and gives a native promise of its result: the way in from promises. When main has ended, tasks that are
 * left over are cancelled and waited for, failures nobody retrieved are reported, and the loop is closed.
 *
 * The promise rejects with a TypeError when `main` is no coroutine, with a CancelledError when it was cancelled, and
 * with whatever `main` throws.
 *
 * asyncio counterpart: `asyncio.run`.
 */
export async function run<T>(main: CoroutineLike<T>, options: RunMainOptions = {}): Promise<T> {
  checkMain(main, "run()");
  const loop = options.loop ?? new EventLoop();
  if (options.debug !== undefined) loop.debug = options.debug;
  const others = allTasks(loop);
  const task = new Task<T>(main, { loop });
  try {
    const release = cancelWhenAborted(task, options.signal);
    try {
      await untilDone(task);
    } finally {
      release();
    }
    return task.result();
  } finally {
    const leftovers = new Set([...allTasks(loop)].filter((left) => !others.has(left)));
    await cancelLeftovers(loop, leftovers);
    reportFailures(loop);
    if (options.loop === undefined) loop.close();
  }
}
