export { Barrier, type BarrierState, type BarrierStatistics } from "./barrier.ts";
export { Condition, type ConditionStatistics } from "./condition.ts";
export { BrokenBarrierError } from "./errors.ts";
export { Event, type EventStatistics } from "./event.ts";
export type { Body } from "./hold.ts";
export { Lock, type LockStatistics } from "./lock.ts";
export type { Permit } from "./permit.ts";
export { BoundedSemaphore, Semaphore, type SemaphoreStatistics } from "./semaphore.ts";
