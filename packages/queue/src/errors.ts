/** Nothing is in the queue. asyncio counterpart: `asyncio.QueueEmpty`. */
export class QueueEmpty extends Error {
  override name = "QueueEmpty";
}

/** The queue has no room. asyncio counterpart: `asyncio.QueueFull`. */
export class QueueFull extends Error {
  override name = "QueueFull";
}

/** The queue was shut down: nothing can be put, and nothing is left to get. asyncio counterpart: `asyncio.QueueShutDown`. */
export class QueueShutDown extends Error {
  override name = "QueueShutDown";
}
