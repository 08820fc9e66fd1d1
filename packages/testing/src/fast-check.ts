/**
 * Schedules as an arbitrary of fast-check: a property holds of a program in whatever order it runs.
 *
 *     fc.assert(fc.property(schedules(), fc.nat(), (schedule, n) => runUnder(schedule, program(n))));
 *
 * Shrinking goes towards asyncio's own order.
 *
 * @packageDocumentation
 */
import * as fc from "fast-check";
import { type RunUnderOptions, runUnderSchedule } from "./explore/explore.ts";
import type { Program } from "./explore/run-schedule.ts";

export type { RunUnderOptions };

/** A schedule: what is taken wherever several things could come next. */
export class Schedule {
  /** The first choices of a run, each by its place among the options, counted round; after them asyncio's own order. */
  readonly choices: readonly number[];

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  /** Its choices; or that it is asyncio's own order. */
  toString(): string {
    return this.choices.every((choice) => choice === 0) ? "asyncio's own order" : `choices ${this.choices.join(" ")}`;
  }

  /** How fast-check prints it. */
  [fc.toStringMethod](): string {
    return `Schedule(${this})`;
  }
}

/** The settings of `schedules()`. */
export interface SchedulesOptions {
  /** How many choices it makes at most. Default 50. */
  readonly maxLength?: number;
  /** Among how many options it chooses. Default 8. */
  readonly maxOptions?: number;
}

/** An arbitrary of schedules. */
export function schedules(options: SchedulesOptions = {}): fc.Arbitrary<Schedule> {
  const { maxLength = 50, maxOptions = 8 } = options;
  return fc.array(fc.nat({ max: maxOptions - 1 }), { maxLength }).map((choices) => new Schedule(choices));
}

/**
 * Runs `program` once, under `schedule`.
 *
 * @throws ScheduleFailure with a replay token and a timeline, when it fails.
 */
export function runUnder(schedule: Schedule, program: Program, options?: RunUnderOptions): void {
  runUnderSchedule(schedule.choices, program, options);
}
