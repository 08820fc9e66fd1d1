import { isFuture } from "./future.ts";

/**
 * Records that `waiter` waits for `future`: what a combinator (gather, wait, a task group …) calls for each of its
 * futures, so that the call graph leads through it.
 *
 * asyncio counterpart: `asyncio.future_add_to_awaited_by`.
 */
export function futureAddToAwaitedBy(future: unknown, waiter: unknown): void {
  if (!isFuture(future) || !isFuture(waiter)) return;
  const combiners = future._combinedBy;
  if (combiners === null) future._combinedBy = waiter;
  else if (combiners instanceof Set) combiners.add(waiter);
  else if (combiners !== waiter) future._combinedBy = new Set([combiners, waiter]);
}

/**
 * Takes back `futureAddToAwaitedBy()`.
 *
 * asyncio counterpart: `asyncio.future_discard_from_awaited_by`.
 */
export function futureDiscardFromAwaitedBy(future: unknown, waiter: unknown): void {
  if (!isFuture(future) || !isFuture(waiter)) return;
  const combiners = future._combinedBy;
  if (combiners === waiter) {
    future._combinedBy = null;
  } else if (combiners instanceof Set) {
    combiners.delete(waiter);
    if (combiners.size === 0) future._combinedBy = null;
  }
}
