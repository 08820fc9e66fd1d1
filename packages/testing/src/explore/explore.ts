import { NondeterministicProgramError, ReplayError, ScheduleFailure } from "../errors.ts";
import { watchHolders } from "../holders.ts";
import { withSites } from "../sites.ts";
import { PctChooser, type RandomStrategy, randomNumbers, UniformChooser } from "./random.ts";
import { withRecording } from "./recording.ts";
import { checkOf, choicesOf, ReplayChooser, RoundChooser, readToken, writeToken } from "./replay-token.ts";
import { type Failure, type Program, type Run, type RunSettings, runSchedule } from "./run-schedule.ts";
import type { Freedom } from "./scheduled-loop.ts";
import { Diverged, type Reduction, Search } from "./search.ts";
import { departuresOf, shrink } from "./shrink.ts";
import { type Chooser, Names } from "./trace.ts";

/** The settings of `explore()`. */
export interface ExploreOptions {
  /**
   * In what respects schedules may differ from asyncio's own order. Default: `["timers", "arrivals"]`, in which every
   * failure is one that a host may produce. `"ready"` is more: any order of what is ready.
   */
  readonly freedoms?: readonly Freedom[];
  /**
   * Whether all state that tasks share is declared with `world.shared()` (futures, tasks, locks and queues need not
   * be). Only then are steps that touch nothing in common known to be independent, and not tried in both orders.
   * Default: `"undeclared"`.
   */
  readonly sharedState?: "declared" | "undeclared";
  /** How many schedules are tried systematically at most. Default 2,000. */
  readonly maxSchedules?: number;
  /** How many schedules are drawn at random when those were not all. Default 500. */
  readonly randomSchedules?: number;
  /** How they are drawn. Default `"pct"`. */
  readonly strategy?: RandomStrategy;
  /** How many orderings a failure may need, for `"pct"`. Default 3. */
  readonly depth?: number;
  /** Where the random numbers begin. Default 1. */
  readonly seed?: number;
  /** How many steps a run may have. Default 10,000. */
  readonly maxSteps?: number;
  /** Where a run's clock may go at most. Default: no limit. */
  readonly maxTimeMs?: number;
  /** How many runs may be spent on making a failing schedule simpler. Default 500. */
  readonly shrinkRuns?: number;
  /** Checked when a run has ended: what it throws is a failure of the schedule. */
  readonly invariant?: () => void;
  /** Runs only the schedule that a failure printed. */
  readonly replay?: string;
}

/** What `explore()` did. */
export interface ExploreReport {
  /** How many schedules were run to their end. */
  readonly schedules: number;
  /** How many of them were drawn at random. */
  readonly randomSchedules: number;
  /** True when there are no others: every order was tried, but for those that cannot differ. */
  readonly exhaustive: boolean;
  /** How many runs were given up because they could only repeat what was seen. */
  readonly pruned: number;
  /** About how many schedules there would be without reduction; the same as `schedules` when nothing is reduced. */
  readonly schedulesUnreduced: number;
  /** `schedulesUnreduced / schedules`, for an exhaustive exploration. */
  readonly reductionFactor: number;
  /** How many steps the longest run had. */
  readonly longestRun: number;
}

const defaults = {
  freedoms: ["timers", "arrivals"] as readonly Freedom[],
  maxSchedules: 2_000,
  randomSchedules: 500,
  strategy: "pct" as RandomStrategy,
  depth: 3,
  seed: 1,
  maxSteps: 10_000,
  shrinkRuns: 500,
};

/** How many random runs estimate the number of schedules without reduction. */
const probes = 50;
/** A program with fewer schedules is small: it is explored without random runs. */
const fewSchedules = 200;

/**
 * Runs `program` under every schedule the freedoms allow, or as many as the limits say, each in virtual time on a loop
 * of its own, and throws the first failure it finds, made as simple as it can.
 *
 * `program` is called anew for each schedule, and must make its state inside; it may depend on nothing but the schedule.
 *
 * @throws ScheduleFailure with a replay token and a timeline, when a schedule fails; NondeterministicProgramError when
 * the program does something else in the same schedule; ReplayError for a token that is not the program's.
 */
export function explore(program: Program, options: ExploreOptions = {}): ExploreReport {
  if (typeof program !== "function") {
    throw new TypeError(`explore() expects a program such as function* (world) {…}, got ${String(program)}`);
  }
  checkOptions(options);
  const unwatch = watchHolders();
  try {
    return withRecording(() => new Exploration(program, options).run());
  } catch (error) {
    if (error instanceof Diverged) throw new NondeterministicProgramError();
    throw error;
  } finally {
    unwatch();
  }
}

/** What `explore()` takes that also makes sense for one run. */
export type RunUnderOptions = Pick<ExploreOptions, "freedoms" | "maxSteps" | "maxTimeMs" | "invariant">;

/** Runs the program once; each choice is taken by its place among the options, counted round. */
export function runUnderSchedule(choices: readonly number[], program: Program, options: RunUnderOptions = {}): void {
  checkOptions(options);
  const unwatch = watchHolders();
  try {
    withRecording(() => new Exploration(program, options).runUnder(choices));
  } finally {
    unwatch();
  }
}

class Exploration {
  readonly #program: Program;
  readonly #options: ExploreOptions;
  readonly #freedoms: readonly Freedom[];
  readonly #names = new Names();
  #schedules = 0;
  #random = 0;
  #systematic = 0;
  #pruned = 0;
  #longest = 0;

  constructor(program: Program, options: ExploreOptions) {
    this.#program = program;
    this.#options = options;
    this.#freedoms = options.freedoms ?? defaults.freedoms;
  }

  run(): ExploreReport {
    const { replay } = this.#options;
    if (replay !== undefined) return this.#replay(replay);
    const { maxSchedules = defaults.maxSchedules } = this.#options;
    const search = new Search(this.#reduction());
    // A search varies the end of a run first: of a program that is not small, random runs see more at first.
    let exhaustive = this.#systematically(search, Math.min(maxSchedules, fewSchedules));
    if (!exhaustive) {
      this.#randomly();
      exhaustive = this.#systematically(search, maxSchedules);
    }
    return this.#report(exhaustive, exhaustive ? this.#estimateUnreduced() : this.#schedules);
  }

  runUnder(choices: readonly number[]): void {
    const run = this.#runWith(new RoundChooser(choices), this.#freedoms, false);
    if (run.failure === null) return;
    const told = this.#runWith(new ReplayChooser(choicesOf(run.trace.decisions)), this.#freedoms, true);
    if (told.failure === null) throw new NondeterministicProgramError();
    this.#schedules = 1;
    throw this.#failure(told, told.failure, this.#freedoms, run, 0);
  }

  /** True when every schedule was tried, with so many runs at most. */
  #systematically(search: Search, maxRuns: number): boolean {
    while (this.#systematic < maxRuns) {
      if (!search.next()) return true;
      this.#systematic++;
      const run = this.#runOnce(search);
      search.learn(run.trace);
    }
    return false;
  }

  #randomly(): void {
    const { randomSchedules = defaults.randomSchedules, strategy = defaults.strategy } = this.#options;
    const { seed = defaults.seed, depth = defaults.depth } = this.#options;
    const random = randomNumbers(seed);
    for (; this.#random < randomSchedules; this.#random++) {
      const draw = () => Math.floor(random() * 2 ** 32);
      const numbers = randomNumbers(draw());
      this.#runOnce(
        strategy === "pct" ? new PctChooser(numbers, Math.max(this.#longest, 1), depth) : new UniformChooser(numbers),
      );
    }
  }

  #replay(token: string): ExploreReport {
    const recorded = readToken(token);
    const run = this.#runWith(new ReplayChooser(recorded.choices, true), recorded.freedoms, true);
    if (run.check !== recorded.check) {
      throw new ReplayError("the program had other choices than when the token was made: it is not the same program");
    }
    if (run.failure !== null) throw this.#failure(run, run.failure, recorded.freedoms, run, 0);
    this.#schedules = 1;
    return this.#report(false, 1);
  }

  #runOnce(chooser: Chooser): Run {
    const run = this.#runWith(chooser, this.#freedoms, false);
    if (run.pruned) this.#pruned++;
    else this.#schedules++;
    this.#longest = Math.max(this.#longest, run.trace.steps.length);
    if (run.failure !== null) this.#failWith(run, run.failure);
    return run;
  }

  #failWith(run: Run, failure: Failure): never {
    const { shrinkRuns = defaults.shrinkRuns } = this.#options;
    const { best, runs } = shrink(
      run,
      (choices) => {
        const tried = this.#runWith(new ReplayChooser(choices), this.#freedoms, false);
        return { run: tried, fails: tried.failure !== null && isSameFailure(tried.failure, failure) };
      },
      shrinkRuns,
    );
    const told = this.#runWith(new ReplayChooser(choicesOf(best.trace.decisions)), this.#freedoms, true);
    if (told.failure === null) throw new NondeterministicProgramError();
    throw this.#failure(told, told.failure, this.#freedoms, run, runs);
  }

  #failure(run: Run, failure: Failure, freedoms: readonly Freedom[], found: Run, shrinkRuns: number): ScheduleFailure {
    const { decisions } = run.trace;
    const token = writeToken({ freedoms, choices: choicesOf(decisions), check: checkOf(decisions) });
    return new ScheduleFailure({
      ...failure,
      token,
      freedoms,
      timeline: run.timeline!.steps,
      timelineText: String(run.timeline),
      schedules: this.#schedules,
      switches: run.switches,
      departures: departuresOf(run),
      switchesFound: found.switches,
      shrinkRuns,
    });
  }

  #runWith(chooser: Chooser, freedoms: readonly Freedom[], detailed: boolean): Run {
    const { maxSteps = defaults.maxSteps, maxTimeMs, sharedState, invariant } = this.#options;
    const settings: RunSettings = {
      chooser,
      names: this.#names,
      freedoms: new Set(freedoms),
      maxSteps,
      stateDeclared: sharedState === "declared",
      clock: { maxJumps: maxSteps, ...(maxTimeMs === undefined ? {} : { maxTimeMs }) },
      invariant: invariant ?? null,
    };
    const run = () => runSchedule(this.#program, settings, detailed);
    return detailed ? withSites(run) : run();
  }

  #reduction(): Reduction {
    if (this.#options.sharedState !== "declared") return "none";
    return this.#freedoms.includes("ready") ? "steps" : "orders";
  }

  /**
   * Knuth's estimate of the number of leaves of the tree of decisions: for a random path the product of the numbers of
   * options is right on average.
   */
  #estimateUnreduced(): number {
    if (this.#reduction() === "none") return this.#schedules;
    const random = randomNumbers(this.#options.seed ?? defaults.seed);
    let sum = 0;
    for (let probe = 0; probe < probes; probe++) {
      const { trace } = this.#runWith(new UniformChooser(random), this.#freedoms, false);
      sum += trace.decisions.reduce((product, { options }) => product * options.length, 1);
    }
    return Math.max(Math.round(sum / probes), this.#schedules);
  }

  #report(exhaustive: boolean, schedulesUnreduced: number): ExploreReport {
    return {
      schedules: this.#schedules,
      randomSchedules: this.#random,
      exhaustive,
      pruned: this.#pruned,
      schedulesUnreduced,
      reductionFactor: exhaustive ? schedulesUnreduced / (this.#schedules - this.#random) : 1,
      longestRun: this.#longest,
    };
  }
}

function isSameFailure(a: Failure, b: Failure): boolean {
  if (a.kind !== b.kind) return false;
  return (a.error as Partial<Error> | null)?.name === (b.error as Partial<Error> | null)?.name;
}

const freedomNames: readonly string[] = ["timers", "arrivals", "ready"];
const limits = ["maxSchedules", "randomSchedules", "depth", "maxSteps", "shrinkRuns"] as const;

function checkOptions(options: ExploreOptions): void {
  if (options === null || typeof options !== "object") {
    throw new TypeError(`explore() expects options such as {freedoms: ["ready"]}, got ${String(options)}`);
  }
  for (const freedom of options.freedoms ?? []) {
    if (freedomNames.includes(freedom)) continue;
    throw new TypeError(`explore() knows the freedoms ${freedomNames.join(", ")}, not ${String(freedom)}`);
  }
  for (const name of limits) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 0)) continue;
    throw new RangeError(`explore() expects ${name} to be a whole number, 0 or more, got ${String(value)}`);
  }
}
