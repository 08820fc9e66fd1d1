/** A middle and how far the rest lay from it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values have no median");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values have no mean");
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** A range that holds the middle of what was sampled, and how sure that is. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * The narrowest range of values that holds the median of their distribution with at least that confidence; of too few
 * values all, and the confidence they give. It supposes nothing of the distribution: a value is below its median as often
 * as a coin shows heads.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): Interval {
  if (values.length === 0) throw new RangeError("no values have no median");
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // Leaving out `left` values at each end leaves out the median when `left` or fewer coins of `n` fall on one side.
  let left = 0;
  let atMost = 0.5 ** n;
  let outside = 2 * atMost;
  for (let chance = atMost; ; ) {
    chance *= (n - left) / (left + 1);
    if (2 * (atMost + chance) > 1 - confidence) break;
    atMost += chance;
    outside = 2 * atMost;
    left++;
  }
  return { low: sorted[left]!, high: sorted[n - 1 - left]!, confidence: 1 - outside };
}
