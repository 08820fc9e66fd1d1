export { LoopClosedError } from "./errors.ts";
export {
  type CallOptions,
  type Completable,
  EventLoop,
  type EventLoopOptions,
  type ExceptionHandler,
} from "./event-loop.ts";
export { Handle, TimerHandle } from "./handle.ts";
export { blockingHost } from "./hosts/blocking-host.ts";
export { defaultHost } from "./hosts/default-host.ts";
export type { BlockingHost, Clock, GuestHost, Host } from "./hosts/host.ts";
export type { Instrument } from "./instrument.ts";
export { getEventLoop, getRunningLoop, setEventLoop } from "./running-loop.ts";
export type { ExceptionContext } from "./stray-error.ts";
