import type { CoroutineLike } from "@tsyncio/coroutine";
import { showResult } from "@tsyncio/future/waiting";
import { type EventLoop, getRunningLoop } from "@tsyncio/loop";
import { Task, type TaskOptions } from "./task.ts";

/**
 * Makes a task of a coroutine, on the running loop: it begins in the next turn (at once with `eagerStart`) and goes on
 * by itself. Does not suspend.
 *
 * @throws RuntimeError outside a running loop, unless `loop` is given; TypeError when it is given no coroutine.
 * asyncio counterpart: `asyncio.create_task`.
 */
export function createTask<T>(coro: CoroutineLike<T>, options?: TaskOptions): Task<T> {
  const task = new Task<T>(coro, options, true, options === undefined ? getRunningLoop() : loopUnlessGiven(options));
  task._enter(options);
  return task;
}

/** The running loop, if the options have none. */
function loopUnlessGiven(options: TaskOptions): EventLoop | undefined {
  if (typeof options !== "object" || options === null) throw badOptions(options);
  return options.loop === undefined ? getRunningLoop() : undefined;
}

function badOptions(options: unknown): TypeError {
  return new TypeError(`createTask() expects options such as {name, eagerStart}, got ${showResult(options)}`);
}
