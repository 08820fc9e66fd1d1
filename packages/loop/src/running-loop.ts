import { RuntimeError } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";
import { EventLoop } from "./event-loop.ts";

/**
 * The loop that is running the caller.
 *
 * @throws RuntimeError outside every loop.
 * asyncio counterpart: `asyncio.get_running_loop`.
 */
export function getRunningLoop(): EventLoop {
  return (registry.runningLoop ?? noRunningLoop()) as EventLoop;
}

function noRunningLoop(): never {
  throw new RuntimeError("no running event loop");
}

/** The running loop; outside of one the default loop, made on the default host when first asked for. */
export function getEventLoop(): EventLoop {
  return (registry.runningLoop ?? (registry.defaultLoop ??= new EventLoop())) as EventLoop;
}

/** Sets the default loop; null makes the next `getEventLoop()` make a new one. */
export function setEventLoop(loop: EventLoop | null): void {
  if (loop !== null && typeof (loop as Partial<EventLoop>)?.callSoon !== "function") {
    throw new TypeError(`setEventLoop() expects an EventLoop or null, got ${String(loop)}`);
  }
  registry.defaultLoop = loop;
}
