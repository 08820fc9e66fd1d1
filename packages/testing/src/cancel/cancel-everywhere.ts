import { CancellationFailure } from "../errors.ts";
import { withRecording } from "../explore/recording.ts";
import type { Program } from "../explore/run-schedule.ts";
import { watchHolders } from "../holders.ts";
import { withSites } from "../sites.ts";
import { type CancelMoment, type Point, runCancelled } from "./run-cancelled.ts";

/** The settings of `cancelEverywhere()`. */
export interface CancelEverywhereOptions {
  /** Also cancels a second time, at each suspension of the clean-up that follows the first. Default: false. */
  readonly twice?: boolean;
  /** Which tasks are cancelled, by name; `main` is one of them. Default: all. */
  readonly tasks?: (name: string) => boolean;
  /** Which errors main may end with besides a CancelledError. Default: none. */
  readonly mayFail?: (error: unknown) => boolean;
  /** Checked when a run has ended: what it throws is a failure. */
  readonly invariant?: () => void;
  /** How many runs there may be. Default 5,000. */
  readonly maxRuns?: number;
  /** How many steps a run may have. Default 10,000. */
  readonly maxSteps?: number;
  /** How many failures are collected before it stops. Default 10. */
  readonly maxFailures?: number;
}

/** What `cancelEverywhere()` did. */
export interface CancelReport {
  /** How many suspension points the program has, over all tasks. */
  readonly points: number;
  /** How many runs there were, the first one without a cancellation included. */
  readonly runs: number;
  /** False when `maxRuns` was reached before all was tried. */
  readonly complete: boolean;
}

/** One way in which a program did not stand a cancellation. */
export interface CancelFailure {
  /** The task that was cancelled. */
  readonly task: string;
  /** Where it was suspended: the chain of coroutines, outermost first, and the place in the source. */
  readonly where: string;
  /** In the moment it suspended; or when it was about to go on. */
  readonly moment: CancelMoment;
  /** Where it was cancelled a second time; null if it was not. */
  readonly secondWhere: string | null;
  /** What was wrong, in words. */
  readonly problems: readonly string[];
}

/**
 * Runs `program` once to find every point at which a task is suspended; then once for each of them, cancelling the task
 * there: as soon as it suspends, and again just before it would go on, when what it waited for has come already. After
 * each run everything must be in order: it ended; no task and no timer is left; no lock, permit, place in a barrier or a
 * queue is lost; every coroutine that began has ended, so that its `finally` blocks ran; no failure went unseen; the
 * checks of the program hold.
 *
 * @throws CancellationFailure with every point that was found wanting.
 */
export function cancelEverywhere(program: Program, options: CancelEverywhereOptions = {}): CancelReport {
  if (typeof program !== "function") {
    throw new TypeError(`cancelEverywhere() expects a program such as function* (world) {…}, got ${String(program)}`);
  }
  const unwatch = watchHolders();
  try {
    return withRecording(() => withSites(() => new Cancelling(program, options).run()));
  } finally {
    unwatch();
  }
}

class Cancelling {
  readonly #program: Program;
  readonly #options: CancelEverywhereOptions;
  readonly #failures: CancelFailure[] = [];
  #runs = 0;

  constructor(program: Program, options: CancelEverywhereOptions) {
    this.#program = program;
    this.#options = options;
  }

  run(): CancelReport {
    const { tasks = () => true, twice = false } = this.#options;
    const plain = this.#run([]);
    if (plain.problems.length > 0) {
      throw new CancellationFailure(
        [{ task: "", where: "", moment: "suspended", secondWhere: null, problems: plain.problems }],
        1,
      );
    }
    const points = plain.points.filter(({ name }) => tasks(name));
    let complete = true;
    for (const point of points) {
      for (const moment of momentsOf(point)) {
        if (!this.#mayGoOn()) complete = false;
        else if (!this.#cancelAt(point, moment, twice)) complete = false;
      }
    }
    if (this.#failures.length > 0) throw new CancellationFailure(this.#failures, this.#runs);
    return { points: points.length, runs: this.#runs, complete };
  }

  /** False when there was no time for all of it. */
  #cancelAt(point: Point, moment: CancelMoment, twice: boolean): boolean {
    const first = { task: point.task, index: point.index, moment };
    const once = this.#run([first]);
    this.#note(point, moment, null, once.problems);
    if (!twice) return true;
    // What the task was suspended on from then on, to clean up.
    for (const later of once.points) {
      if (later.task !== point.task || later.index <= point.index) continue;
      if (!this.#mayGoOn()) return false;
      const second = { task: later.task, index: later.index, moment: "suspended" as const };
      this.#note(point, moment, later.where, this.#run([first, second]).problems);
    }
    return true;
  }

  #run(targets: Parameters<typeof runCancelled>[1]) {
    this.#runs++;
    const { maxSteps = 10_000, invariant = null, mayFail = () => false } = this.#options;
    return runCancelled(this.#program, targets, { maxSteps, invariant, mayFail });
  }

  #mayGoOn(): boolean {
    const { maxRuns = 5_000, maxFailures = 10 } = this.#options;
    return this.#runs < maxRuns && this.#failures.length < maxFailures;
  }

  #note(point: Point, moment: CancelMoment, secondWhere: string | null, problems: readonly string[]): void {
    if (problems.length === 0) return;
    this.#failures.push({ task: point.name, where: point.where, moment, secondWhere, problems });
  }
}

function momentsOf(point: Point): CancelMoment[] {
  if (point.index === 0) return ["woken"];
  // Whoever only gave way is woken already.
  return point.waits ? ["suspended", "woken"] : ["suspended"];
}
