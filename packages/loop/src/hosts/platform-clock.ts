/** The object that is the clock, and the timers of the platform when it was looked up. */
let clock: { now(): number };
let timersThen: unknown;

/**
 * Milliseconds on the platform's clock.
 *
 * In Node `performance` is a getter, which takes as long as reading the clock: a quarter of setting a timer. So it is not
 * asked each time. Who fakes the time replaces it, though, even while a loop runs; and with it `setTimeout`, which the
 * engine compares for nothing.
 */
export function nowMs(): number {
  if (setTimeout !== timersThen) lookUpClock();
  return clock.now();
}

/** Looks for the clock again. */
export function lookUpClock(): void {
  clock = performance;
  timersThen = setTimeout;
}
