/** The seed of a day: the date in UTC, as a number such as 20250131. */
export function dailySeed(now: Date = new Date()): number {
  return Number(now.toISOString().slice(0, 10).replaceAll("-", ""));
}
