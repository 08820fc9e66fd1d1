/**
 * The time was up. It carries the CancelledError it stands for, if there is one, as its `cause`.
 *
 * asyncio counterpart: `TimeoutError` (CPython's built-in).
 */
export class TimeoutError extends Error {
  override name = "TimeoutError";
}
