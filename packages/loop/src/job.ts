import type { Context } from "@tsyncio/context";

/**
 * What the ready queue holds. A `Handle` is one; a task is its own, so that waking it allocates nothing.
 */
export interface Job {
  /** The context it runs in; assigned when it had the common one and set a variable: see `captureContext`. */
  _context: Context;
  /** True when the loop should pass over it. */
  _cancelled: boolean;
  /** Of a task: its place among the pending ones of its loop; negative when it is not listed there. */
  readonly _place?: number;
  /** Does the work, in one go. What it throws goes to the loop's exception handler. */
  _run(): void;
}

/** A task that is pending, as far as a loop knows it. */
export interface PendingTask extends Job {
  _place: number;
}
