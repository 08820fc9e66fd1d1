export { DeadlockError } from "./deadlock.ts";
export { ReplayError, VirtualTimeError } from "./errors.ts";
export { type RunVirtualOptions, runVirtual } from "./run-virtual.ts";
export { type VirtualHost, type VirtualHostOptions, virtualHost } from "./virtual-host.ts";
export type { Awaited, WaitForGraph, WaitingTask } from "./wait-for-graph.ts";
