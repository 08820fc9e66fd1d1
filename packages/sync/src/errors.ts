import { RuntimeError } from "@tsyncio/context";

/** A barrier was aborted or reset while a task waited at it. asyncio counterpart: `asyncio.BrokenBarrierError`. */
export class BrokenBarrierError extends RuntimeError {
  override name = "BrokenBarrierError";
}
