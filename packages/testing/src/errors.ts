import { RuntimeError } from "@tsyncio/context";

/** Virtual time cannot do what was asked of it: the message says what, and how to do without. */
export class VirtualTimeError extends RuntimeError {
  override name = "VirtualTimeError";
}

/** A replay token could not be followed: it is malformed, or the program is another one. */
export class ReplayError extends RuntimeError {
  override name = "ReplayError";
}

/** A program did something else when it was run again under the same schedule. */
export class NondeterministicProgramError extends RuntimeError {
  override name = "NondeterministicProgramError";

  constructor() {
    super(
      "the program did something else under the same schedule: it depends on random numbers, the time of day, or state that outlives a run; make its state anew in each run, and inject the rest",
    );
  }
}

/** What a `ScheduleFailure` knows. */
export interface ScheduleFailureDetails {
  readonly kind: string;
  readonly error: unknown;
  readonly token: string;
  readonly freedoms: readonly string[];
  readonly timeline: readonly { timeMs: number; task: string | null; what: string; outOfOrder: boolean }[];
  readonly timelineText: string;
  readonly schedules: number;
  readonly switches: number;
  readonly departures: number;
  readonly switchesFound: number;
  readonly shrinkRuns: number;
}

/** A schedule in which a program fails: `cause` is what went wrong, `token` reproduces it. */
export class ScheduleFailure extends Error {
  override name = "ScheduleFailure";
  /** An error, an unhandled error, a deadlock, an invariant, or no end. */
  readonly kind: string;
  /** `explore(program, {replay: token})` runs the same schedule again. */
  readonly token: string;
  /** What happened, step by step. */
  declare readonly timeline: ScheduleFailureDetails["timeline"];
  /** How many schedules had been run when it was found, this one included. */
  readonly schedules: number;
  /** How often another task ran than before. */
  readonly switches: number;
  /** How many steps were not asyncio's own choice. */
  readonly departures: number;

  constructor(details: ScheduleFailureDetails) {
    const { error, kind, token, freedoms, schedules, switches, departures, switchesFound, shrinkRuns } = details;
    const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
    const shrunk = shrinkRuns === 0 ? "" : `, shrunk from ${switchesFound} in ${counted(shrinkRuns, "run")}`;
    super(
      [
        `${kind} in schedule ${schedules}: ${showError(error)}`,
        "",
        `  ${counted(switches, "context switch").replace("switchs", "switches")}, ${counted(departures, "departure")} from asyncio's own order${shrunk}; free: ${freedoms.join(", ") || "nothing"}`,
        `  run it again: explore(program, { replay: "${token}" })`,
        "",
        details.timelineText,
      ].join("\n"),
      { cause: error },
    );
    this.kind = kind;
    this.token = token;
    attach(this, "timeline", details.timeline);
    this.schedules = schedules;
    this.switches = switches;
    this.departures = departures;
  }
}

/** A program did not stand being cancelled: `failures` says where, and what was wrong afterwards. */
export class CancellationFailure extends Error {
  override name = "CancellationFailure";
  declare readonly failures: readonly {
    readonly task: string;
    readonly where: string;
    readonly moment: string;
    readonly secondWhere: string | null;
    readonly problems: readonly string[];
  }[];
  /** How many runs there had been. */
  readonly runs: number;

  constructor(failures: CancellationFailure["failures"], runs: number) {
    const lines = failures.flatMap(({ task, where, moment, secondWhere, problems }) => {
      const when = moment === "woken" && where !== "before it begins" ? ", when that had come already" : "";
      const second = secondWhere === null ? "" : `, and again in ${secondWhere}`;
      const head = task === "" ? "  not cancelled at all:" : `  ${task}, cancelled in ${where}${when}${second}:`;
      return [
        head.replace("in before", "before"),
        ...problems.map((problem) => `    ${problem.replaceAll("\n", "\n    ")}`),
      ];
    });
    super(`after ${runs} runs:\n${lines.join("\n")}`);
    attach(this, "failures", failures);
    this.runs = runs;
  }
}

/** Gives an error data that its message tells too: it is not to be printed a second time with it. */
export function attach(error: Error, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, enumerable: false, writable: false, configurable: true });
}

/** An error in one line, or a few. */
export function showError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inside = error instanceof AggregateError ? ` [${error.errors.map(showError).join("; ")}]` : "";
  return `${error.name}: ${error.message}${inside}`;
}
