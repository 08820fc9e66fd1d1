import type { TimerHandle } from "./handle.ts";

/**
 * Watches a loop at work: each method is called when the thing it is named after happens. A loop nobody watches pays
 * nothing. What a method throws goes to the loop's exception handler, and the loop goes on.
 */
export interface Instrument {
  /** A task was made. */
  taskSpawned?(task: object): void;
  /** A task was put into the ready queue. */
  taskScheduled?(task: object): void;
  /** A task is about to run until it suspends or ends. */
  beforeTaskStep?(task: object): void;
  /** A task has suspended or ended. */
  afterTaskStep?(task: object): void;
  /** A task has ended. */
  taskExited?(task: object): void;
  /** A timer was set. */
  timerSet?(timer: TimerHandle): void;
  /** A timer is due: its callback is in the ready queue now. */
  timerFired?(timer: TimerHandle): void;
  /** Nothing is ready: the loop waits until `untilMs` of its clock, or for the outside when that is null. */
  idle?(untilMs: number | null): void;
}
