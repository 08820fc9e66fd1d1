import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Case, CaseName } from "./cases.ts";
import { type Contender, contenders, loadContests } from "./contenders.ts";
import type { Measured, Plan } from "./contest.ts";
import { median, type Spread, spread } from "./statistics.ts";

/** One that takes part: how it is called, the cases it does, and the command that measures one of them. */
export interface Entrant {
  readonly name: string;
  readonly cases: ReadonlySet<string>;
  command(task: Case, plan: string): readonly [string, ...string[]];
}

export interface Result {
  readonly contender: string;
  readonly case: CaseName;
  /** Operations in a run. */
  readonly size: number;
  /** Nanoseconds or bytes for one operation: of the medians of its processes. */
  readonly cost: Spread;
  /** What it costs against the first contender that takes part and is a baseline, round by round. */
  readonly ratio: Spread | null;
}

export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly budgetMs: number;
  readonly samples: number;
  /** A factor on the sizes of the cases. */
  readonly scale: number;
}

export const thorough: Effort = { rounds: 3, warmUpMs: 700, budgetMs: 500, samples: 5, scale: 1 };
/** Many short runs, of which the fastest counts. */
export const comparing: Effort = { ...thorough, rounds: 15, warmUpMs: 500, budgetMs: 300, samples: 15 };
export const quick: Effort = { rounds: 1, warmUpMs: 300, budgetMs: 100, samples: 3, scale: 0.3 };

const timeLimitMs = 60_000;

/** A JavaScript contender under the given Node. */
async function entrant(name: Contender, node: string, programs: string): Promise<Entrant> {
  return { name, cases: new Set(Object.keys(await loadContests(name))), command: commandOf(name, node, programs) };
}

/** The command that measures a case of a contender. */
export function commandOf(name: Contender, node: string, programs: string): Entrant["command"] {
  const fixed = [node, "--expose-gc", "--stack-size=4000", join(programs, "child.mjs"), name] as const;
  return (task, plan) => [...fixed, task.name, plan];
}

export async function entrants(node: string, programs: string): Promise<Entrant[]> {
  return Promise.all(contenders.map((name) => entrant(name, node, programs)));
}

/** CPython's asyncio, or null where there is no python3. */
export async function cpython(programs: string): Promise<(Entrant & { version: string }) | null> {
  const script = join(programs, "cpython.py");
  let listed: string;
  try {
    listed = await output(["python3", script, "list"], timeLimitMs);
  } catch {
    return null;
  }
  const { version, cases } = JSON.parse(listed) as { version: string; cases: string[] };
  return {
    name: "CPython asyncio",
    version,
    cases: new Set(cases),
    command: (task, plan) => ["python3", script, "measure", task.name, plan],
  };
}

/** Runs a command to its end and gives what it printed; one that takes too long is stopped. */
export function output(command: readonly [string, ...string[]], limitMs: number, cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Not the time limit of `spawn` itself: that lasts even where there is no such command.
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve(stdout);
      else reject(new Error(`ended with ${signal ?? code}: ${stderr.trim().slice(-2000)}`));
    });
  });
}

export type Progress = (line: string) => void;

/** All take part in so many rounds; in more only those that are not far off. */
const roundsForAll = 2;
/** Who is so many times as dear as the cheapest is far from every bar. */
const farOff = 5;

/** Whether a contender takes part in another round: what one more would tell of those far off is worth no time. */
export function takesPart(name: string, baseline: string, rounds: ReadonlyMap<string, readonly Measured[]>): boolean {
  const measured = rounds.get(name)!;
  // Each round's ratios need the baseline.
  if (measured.length < roundsForAll || name === baseline) return true;
  const costOf = (each: readonly Measured[]) => median(each.map(({ values }) => median(values)));
  const begun = [...rounds.values()].filter((each) => each.length > 0);
  return costOf(measured) < farOff * Math.min(...begun.map(costOf));
}

/**
 * Measures cases: a process for each contender and round, the contenders taking turns (A B C, B C A, …), so that what else
 * the machine does falls on all alike. A contender whose process fails is left out of that case, and named.
 */
export async function measureAll(
  tasks: readonly Case[],
  all: readonly Entrant[],
  effort: Effort,
  baseline: string,
  progress: Progress,
): Promise<{ results: Result[]; failures: string[] }> {
  const results: Result[] = [];
  const failures: string[] = [];
  for (const task of tasks) {
    const taking = all.filter((one) => one.cases.has(task.name));
    const rounds = new Map<string, Measured[]>(taking.map((one) => [one.name, []]));
    const leftOut = new Set<string>();
    for (let round = 0; round < effort.rounds; round++) {
      for (let turn = 0; turn < taking.length; turn++) {
        const one = taking[(turn + round) % taking.length]!;
        const measured = rounds.get(one.name);
        if (measured === undefined || leftOut.has(one.name)) continue;
        if (!takesPart(one.name, baseline, rounds)) {
          leftOut.add(one.name);
          continue;
        }
        try {
          measured.push(await measureOnce(task, one, effort));
        } catch (error) {
          rounds.delete(one.name);
          failures.push(`${one.name}, ${task.name}: ${(error as Error).message}`);
        }
      }
    }
    const summary = summarize(task, rounds, baseline);
    results.push(...summary);
    progress(
      `${task.name}: ${summary.map((each) => `${each.contender} ${each.cost.median.toPrecision(3)}`).join(", ")}`,
    );
  }
  return { results, failures };
}

export async function measureOnce(task: Case, one: Pick<Entrant, "command">, effort: Effort): Promise<Measured> {
  const size = Math.max(1, Math.round(task.size * effort.scale));
  const plan: Plan & Pick<Case, "kind" | "mayShorten"> = {
    warmUpMs: effort.warmUpMs,
    budgetMs: effort.budgetMs,
    samples: effort.samples,
    size,
    kind: task.kind,
    mayShorten: task.mayShorten,
  };
  return JSON.parse(await output(one.command(task, JSON.stringify(plan)), timeLimitMs)) as Measured;
}

/** Medians of each process, and their ratios to the baseline's of the same round. */
export function summarize(task: Case, rounds: ReadonlyMap<string, readonly Measured[]>, baseline: string): Result[] {
  const middles = new Map(
    [...rounds].map(([name, measured]) => [name, measured.map((one) => spread(one.values).median)]),
  );
  const base = middles.get(baseline);
  return [...middles].map(([contender, values]) => ({
    contender,
    case: task.name,
    size: rounds.get(contender)![0]!.size,
    cost: spread(values),
    ratio: base === undefined ? null : spread(values.map((value, round) => value / base[round]!)),
  }));
}
