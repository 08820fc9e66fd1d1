export {
  type CancelEverywhereOptions,
  type CancelFailure,
  type CancelReport,
  cancelEverywhere,
} from "./cancel/cancel-everywhere.ts";
export type { CancelMoment } from "./cancel/run-cancelled.ts";
export { DeadlockError, explainDeadlocks } from "./deadlock.ts";
export {
  CancellationFailure,
  NondeterministicProgramError,
  ReplayError,
  ScheduleFailure,
  VirtualTimeError,
} from "./errors.ts";
export { type ExploreOptions, type ExploreReport, explore } from "./explore/explore.ts";
export type { RandomStrategy } from "./explore/random.ts";
export type { Program } from "./explore/run-schedule.ts";
export type { Freedom } from "./explore/scheduled-loop.ts";
export type { TimelineStep } from "./explore/timeline.ts";
export type { World } from "./explore/world.ts";
export { Guard, type Leftover } from "./guards.ts";
export { type Main, type RunVirtualOptions, runVirtual } from "./run-virtual.ts";
export { type VirtualHost, type VirtualHostOptions, virtualHost } from "./virtual-host.ts";
export type { Awaited, WaitForGraph, WaitingTask } from "./wait-for-graph.ts";
