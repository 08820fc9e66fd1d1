export {
  type Awaited,
  DeadlockError,
  ReplayError,
  type RunVirtualOptions,
  runVirtual,
  type VirtualHost,
  type VirtualHostOptions,
  VirtualTimeError,
  virtualHost,
  type WaitForGraph,
  type WaitingTask,
} from "@tsyncio/testing";
