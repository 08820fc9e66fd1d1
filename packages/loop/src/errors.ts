import { RuntimeError } from "@tsyncio/context";

/** Something was asked of a loop that is closed. asyncio counterpart: `RuntimeError("Event loop is closed")`. */
export class LoopClosedError extends RuntimeError {
  override name = "LoopClosedError";

  constructor() {
    super("Event loop is closed");
  }
}
