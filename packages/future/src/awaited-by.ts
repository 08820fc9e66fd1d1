import { isFuture } from "./future.ts";

/**
 * Records that `waiter` waits for `future`: what a combinator (gather, wait, a task group …) calls for each of its
 * futures, so that the call graph leads through it.
 *
 * asyncio counterpart: `asyncio.future_add_to_awaited_by`.
 */
export function futureAddToAwaitedBy(future: unknown, waiter: unknown): void {
  if (isFuture(future) && isFuture(waiter)) future._addCombiner(waiter);
}

/**
 * Takes back `futureAddToAwaitedBy()`.
 *
 * asyncio counterpart: `asyncio.future_discard_from_awaited_by`.
 */
export function futureDiscardFromAwaitedBy(future: unknown, waiter: unknown): void {
  if (isFuture(future) && isFuture(waiter)) future._discardCombiner(waiter);
}
