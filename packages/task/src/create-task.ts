import type { CoroutineLike } from "@tsyncio/coroutine";
import { showResult } from "@tsyncio/future/waiting";
import { getRunningLoop } from "@tsyncio/loop";
import { Task, type TaskOptions } from "./task.ts";

/**
 * Makes a task of a coroutine, on the running loop: it begins in the next turn (at once with `eagerStart`) and goes on
 * by itself. Does not suspend.
 *
 * @throws RuntimeError outside a running loop, unless `loop` is given; TypeError when it is given no coroutine.
 * asyncio counterpart: `asyncio.create_task`.
 */
export function createTask<T>(coro: CoroutineLike<T>, options?: TaskOptions): Task<T> {
  if (options === undefined) getRunningLoop();
  else checkOptions(options);
  const task = new Task<T>(coro, options, true);
  task._enter(options);
  return task;
}

function checkOptions(options: TaskOptions): void {
  if (options === null || typeof options !== "object") {
    throw new TypeError(`createTask() expects options such as {name, eagerStart}, got ${showResult(options)}`);
  }
  if (options.loop === undefined) getRunningLoop();
}
