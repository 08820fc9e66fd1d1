import type { CoroutineGenerator } from "@tsyncio/coroutine";
import { createTask, type Task, type TaskOptions } from "@tsyncio/task";

/** A task that runs `body`. */
export function start<T>(body: () => CoroutineGenerator<T>, options?: TaskOptions): Task<T> {
  return createTask(body(), options);
}
