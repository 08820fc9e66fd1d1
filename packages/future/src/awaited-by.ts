import { type Future, isFuture } from "./future.ts";

/** A future, as far as it knows by which others it is combined with others. */
type Combined = Pick<Future<any>, "_combinedBy">;

/**
 * Records that `waiter` waits for `future`: what a combinator (gather, wait, a task group …) calls for each of its
 * futures, so that the call graph leads through it.
 *
 * asyncio counterpart: `asyncio.future_add_to_awaited_by`.
 */
export function futureAddToAwaitedBy(future: unknown, waiter: unknown): void {
  if (isFuture(future) && isFuture(waiter)) addCombiner(future, waiter);
}

/**
 * Takes back `futureAddToAwaitedBy()`.
 *
 * asyncio counterpart: `asyncio.future_discard_from_awaited_by`.
 */
export function futureDiscardFromAwaitedBy(future: unknown, waiter: unknown): void {
  if (isFuture(future) && isFuture(waiter)) discardCombiner(future, waiter);
}

/** `futureAddToAwaitedBy()` for who knows that both are futures. */
export function addCombiner(future: Combined, combiner: Future<any>): void {
  const combiners = future._combinedBy;
  if (combiners === null) future._combinedBy = combiner;
  else if (combiners instanceof Set) combiners.add(combiner);
  else if (combiners !== combiner) future._combinedBy = new Set([combiners, combiner]);
}

/** Takes back `addCombiner()`. */
export function discardCombiner(future: Combined, combiner: Future<any>): void {
  const combiners = future._combinedBy;
  if (combiners === combiner) {
    future._combinedBy = null;
  } else if (combiners instanceof Set) {
    combiners.delete(combiner);
    if (combiners.size === 0) future._combinedBy = null;
  }
}
