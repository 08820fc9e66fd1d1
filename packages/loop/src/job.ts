import type { Context } from "@tsyncio/context";

/**
 * What the ready queue holds. A `Handle` is one; a task is its own, so that waking it allocates nothing.
 */
export interface Job {
  /** The context it runs in; assigned when it had the common one and set a variable: see `captureContext`. */
  _context: Context;
  /** True when the loop should pass over it. */
  _cancelled: boolean;
  /** Of a task: that its loop knows it as one that is pending. A loop that is watched tells of such jobs. */
  readonly _isPendingTask?: boolean;
  /** Does the work, in one go. What it throws goes to the loop's exception handler. */
  _run(): void;
}
