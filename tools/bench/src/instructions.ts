/**
 * Counting the instructions an operation takes. A machine that does other things besides disturbs processor time by more
 * than one per cent, and this count not at all.
 *
 * valgrind's callgrind counts, and writes down the count since the last time whenever the program enters a function of
 * the platform that is named to it. So one process gives the count of each of many runs, and shows where it has settled:
 * where everything is compiled for good. Nothing happens beside the program in its threads (`--single-threaded`), nor by
 * chance (`--predictable`), nor after so many milliseconds (the clock stands still).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case, CaseName } from "./cases.ts";
import { output, type Progress } from "./measure.ts";
import { median, type Spread, spread } from "./statistics.ts";

/** What a process that is counted does. */
export interface CountPlan {
  /** Operations before the first run. */
  readonly warmUp: number;
  /** Operations in a run. */
  readonly size: number;
  readonly runs: number;
}

/** What an operation takes once the count has settled. */
export interface Settled {
  readonly instructions: number;
  /** By which part the count still changed, from the third quarter of the runs to the last. */
  readonly drift: number;
}

/** What one state of the sources takes against another. */
export interface CountedAgainst {
  readonly case: CaseName;
  readonly rounds: number;
  readonly now: Spread;
  readonly before: Spread;
  /** What `now` takes more, as a part of `before`: of the medians, and of single rounds the lowest and the highest. */
  readonly more: Spread;
  /** By which part counts of the same sources differ from one another: what is smaller says nothing. */
  readonly uncertainty: number;
  /** The largest there was. */
  readonly drift: number;
}

const fewestRuns = 20;
const mostRuns = 80;
/** The count of most runs has settled when it changes no more than by this part. */
const settledBelow = 0.01;
const timeLimitMs = 1_800_000;

const valgrind = [
  "valgrind",
  "--tool=callgrind",
  "--dump-before=uv_loadavg",
  // The engine writes code where other code was.
  "--smc-check=all-non-file",
] as const;

/** Says so when there is no valgrind. */
export function requireValgrind(): void {
  if (spawnSync("valgrind", ["--version"], { timeout: 60_000 }).status === 0) return;
  throw new Error("--instructions counts with valgrind, and there is none here: install it (apt install valgrind).");
}

/** Says why a case cannot be counted; null for one that can. */
export function uncountable({ name, kind }: Pick<Case, "name" | "kind">): string | null {
  if (kind === "memory") return `"${name}" measures memory: it has no instructions to count.`;
  if (name.startsWith("timers-real"))
    return `"${name}" waits for a clock, which stands still where instructions count.`;
  return null;
}

/** How a process of a round is run: each round under conditions that should not matter, and tell how much they do. */
export function planOf(task: Pick<Case, "size" | "mayShorten">, round: number, runs: number): CountPlan {
  const size = Math.ceil(task.size / (task.mayShorten ? 20 : 5));
  // What is hot first is compiled first, and that decides what is built into what.
  return { warmUp: Math.ceil((size * (round + 1)) / 7), size, runs };
}

/** The count of one operation from the counts of runs: their first half is not looked at. */
export function settle(counts: readonly number[], size: number): Settled {
  const half = counts.slice(counts.length >> 1);
  const third = median(half.slice(0, half.length >> 1));
  const fourth = median(half.slice(half.length >> 1));
  return { instructions: mean(half) / size, drift: Math.abs(fourth - third) / third };
}

// The mean, and not the median: collecting garbage is a part of the cost, and falls on few runs.
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The counts in what callgrind wrote, by the number at the end of its files' names. */
export function countsIn(files: ReadonlyMap<string, string>): number[] {
  return [...files]
    .flatMap(([name, text]) => {
      const part = /\.(\d+)$/.exec(name);
      const summary = /^summary: (\d+)/m.exec(text);
      return part === null || summary === null ? [] : [[Number(part[1]), Number(summary[1])] as const];
    })
    .sort(([a], [b]) => a - b)
    .map(([, count]) => count);
}

async function countRuns(task: Case, node: string, programs: string, round: number, plan: CountPlan) {
  const folder = mkdtempSync(join(tmpdir(), "tsyncio-counts-"));
  const seed = String(round + 1);
  try {
    await output(
      [
        ...valgrind,
        `--callgrind-out-file=${join(folder, "counts")}`,
        node,
        ...["--single-threaded", "--predictable", `--random-seed=${seed}`, `--hash-seed=${seed}`],
        ...[join(programs, "counted.mjs"), task.name, JSON.stringify(plan)],
      ],
      timeLimitMs,
    );
    const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
    const counts = countsIn(new Map(files));
    if (counts.length !== plan.runs + 1) {
      throw new Error(
        `valgrind saw ${counts.length} calls of uv_loadavg(), not ${plan.runs + 1}: was ${node} built without the names of its functions?`,
      );
    }
    // The first one is of everything before.
    return counts.slice(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts a case in longer and longer processes, until the count has settled. */
async function countSettled(task: Case, node: string, programs: string, round: number): Promise<Settled> {
  for (let runs = fewestRuns; ; runs *= 2) {
    const plan = planOf(task, round, runs);
    const settled = settle(await countRuns(task, node, programs, round, plan), plan.size);
    if (settled.drift < settledBelow || runs * 2 > mostRuns) return settled;
  }
}

/** What the counts of the rounds say. */
export function summarizeCounts(name: CaseName, now: readonly Settled[], before: readonly Settled[]): CountedAgainst {
  const [mine, theirs] = [now, before].map((each) => spread(each.map(({ instructions }) => instructions))) as [
    Spread,
    Spread,
  ];
  const more = now.map(({ instructions }, round) => instructions / before[round]!.instructions - 1);
  return {
    case: name,
    rounds: now.length,
    now: mine,
    before: theirs,
    more: { ...spread(more), median: mine.median / theirs.median - 1 },
    uncertainty: Math.max(...[mine, theirs].map(({ low, high, median }) => (high - low) / median)),
    drift: Math.max(...[...now, ...before].map(({ drift }) => drift)),
  };
}

/** Compares the instructions two states of the sources take; the two are counted at the same time. */
export async function countStates(
  tasks: readonly Case[],
  node: string,
  now: string,
  before: string,
  rounds: number,
  progress: Progress,
  done: (counted: CountedAgainst) => void,
): Promise<void> {
  for (const task of tasks) {
    const counts: [Settled[], Settled[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const both = await Promise.all([now, before].map((programs) => countSettled(task, node, programs, round)));
      for (const [state, settled] of both.entries()) counts[state]!.push(settled);
      progress(
        `${task.name}, round ${round + 1}: ${both.map(({ instructions }) => whole(instructions)).join(" against ")}`,
      );
    }
    done(summarizeCounts(task.name, ...counts));
  }
}

const percent = (part: number) => `${part < 0 ? "" : "+"}${(part * 100).toFixed(2)} %`;
const whole = (value: number) => Math.round(value).toLocaleString("en-US");

/** A line of a table. */
export function countLine({ case: name, rounds, now, before, more, uncertainty, drift }: CountedAgainst): string {
  const counts = `${whole(now.median).padStart(8)} against ${whole(before.median).padStart(8)}`;
  const ofRounds = rounds === 1 ? "one round" : `${rounds} rounds: ${percent(more.low)} to ${percent(more.high)}`;
  const same = rounds === 1 ? "" : `; the same sources differ by ${(uncertainty * 100).toFixed(2)} %`;
  const unsettled = drift < settledBelow ? "" : `; not settled: still changing by ${(drift * 100).toFixed(2)} %`;
  return `${name.padEnd(18)} ${counts}   ${percent(more.median).padStart(8)}   (${ofRounds}${same}${unsettled})`;
}
