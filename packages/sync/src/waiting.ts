export { LoopBound } from "./loop-bound.ts";
export { mustWait, WaitInQueue, type Way } from "./wait-in-queue.ts";
export { Waiter, WaitQueue } from "./wait-queue.ts";
