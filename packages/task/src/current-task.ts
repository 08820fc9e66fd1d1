import { type EventLoop, getEventLoop } from "@tsyncio/loop";
import type { Task } from "./task.ts";

/**
 * The task that is running now, or null outside of one.
 *
 * asyncio counterpart: `asyncio.current_task`.
 */
export function currentTask(loop: EventLoop = getEventLoop()): Task<any> | null {
  return loop._currentTask as Task<any> | null;
}

/**
 * The tasks of a loop (the running one, when it is not given) that are not done, oldest first.
 *
 * asyncio counterpart: `asyncio.all_tasks`.
 */
export function allTasks(loop: EventLoop = getEventLoop()): Set<Task<any>> {
  loop._enlistCurrent();
  return new Set(loop._pendingTasks as Iterable<Task<any>>);
}
