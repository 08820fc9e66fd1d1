export { type AsCompleted, type AsCompletedOptions, asCompleted } from "./as-completed.ts";
export type { FutureOf, ResultOf } from "./awaited.ts";
export {
  type CallGraphOptions,
  captureCallGraph,
  type FrameCallGraphEntry,
  type FutureCallGraph,
  formatCallGraph,
  type PrintCallGraphOptions,
  printCallGraph,
} from "./call-graph.ts";
export { createTask } from "./create-task.ts";
export { allTasks, currentTask } from "./current-task.ts";
export { ensureFuture } from "./ensure-future.ts";
export { TimeoutError } from "./errors.ts";
export { type ErrorMatcher, ExceptionGroup } from "./exception-group.ts";
export { type Gathered, type GatheredOrFailed, type GatherOptions, gather } from "./gather.ts";
export { type RunMainOptions, run } from "./run.ts";
export { Runner, type RunnerOptions, type RunOptions } from "./runner.ts";
export { shield } from "./shield.ts";
export { sleep } from "./sleep.ts";
export { type StackFrame, Task, type TaskOptions } from "./task.ts";
export { type GroupTaskOptions, type TaskGroup, taskGroup } from "./task-group.ts";
export { type Timeout, timeout, timeoutAt } from "./timeout.ts";
export { toAsync } from "./to-async.ts";
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  type Waited,
  type WaitedFuture,
  type WaitOptions,
  wait,
} from "./wait.ts";
export { waitFor } from "./wait-for.ts";
