import type { Footprint } from "./footprint.ts";

/** A name for a job that is the same in every schedule in which the job comes about in the same way. */
export type StepId = number;

/** One job that ran, or one jump of the clock. */
export interface Step {
  readonly id: StepId;
  /** The places in the trace of the steps that come before in every schedule: who scheduled it, first of all. */
  readonly after: readonly number[];
  readonly footprint: Footprint;
  /** The task it belongs to, or a number of its own. */
  readonly thread: number;
  /** How many decisions had been made when it ran; the last of them may have chosen it. */
  readonly decisions: number;
}

/** Something that could come next. */
export interface Option {
  readonly id: StepId;
  readonly thread: number;
  /** True for events from outside, and for time that passes instead: such an option is always worth a run. */
  readonly outside: boolean;
}

/** A moment at which something was chosen. */
export interface Decision {
  /** What could come, asyncio's own order first. */
  readonly options: readonly Option[];
  /** The index of what came. */
  readonly chosen: number;
}

/** One run, as the explorer sees it. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly decisions: readonly Decision[];
}

/** Says what comes next: an index into the options. */
export interface Chooser {
  choose(options: readonly Option[], trace: Trace): number;
}

/** Numbers for names, the same for the whole exploration. */
export class Names {
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Thrown by a chooser to give a run up: every continuation of it was seen in another order. */
export class RunPruned extends Error {
  override name = "RunPruned";
}
