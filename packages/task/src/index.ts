export { createTask } from "./create-task.ts";
export { ensureFuture } from "./ensure-future.ts";
export { allTasks, currentTask } from "./current-task.ts";
export { TimeoutError } from "./errors.ts";
export { type RunMainOptions, run } from "./run.ts";
export { Runner, type RunnerOptions, type RunOptions } from "./runner.ts";
export { sleep } from "./sleep.ts";
export { type StackFrame, Task, type TaskOptions } from "./task.ts";
export { toAsync } from "./to-async.ts";
