import { choicesOf } from "./replay-token.ts";
import type { Trace } from "./trace.ts";

/** A run, as far as shrinking looks at it. */
export interface Shrinkable {
  readonly trace: Trace;
  /** How often another task ran than before. */
  readonly switches: number;
}

/** Runs a schedule; `fails` tells whether it failed in the way looked for. */
export type Attempt<R extends Shrinkable> = (choices: readonly number[]) => {
  readonly run: R;
  readonly fails: boolean;
};

/**
 * Looks for a run that fails in the same way with fewer context switches, and fewer departures from asyncio's own order.
 *
 * First departures are taken back, many at a time, then one at a time (Zeller's ddmin); then, wherever the task that ran
 * could have gone on, it does. Finally schedules with still fewer departures are tried systematically, fewest first:
 * when the runs suffice, none with fewer departures fails.
 */
export function shrink<R extends Shrinkable>(
  failing: R,
  attempt: Attempt<R>,
  maxRuns: number,
): { readonly best: R; readonly runs: number } {
  let best = failing;
  let runs = 0;

  /** Runs a schedule if it may; keeps it when it fails and is simpler. */
  function tryOut(choices: readonly number[]): { run: R; better: boolean } | null {
    if (runs >= maxRuns) return null;
    runs++;
    const { run, fails } = attempt(choices);
    const better = fails && isSimpler(run, best);
    if (better) best = run;
    return { run, better };
  }

  takeBack();
  goOn();
  startOver();
  return { best, runs };

  function takeBack(): void {
    for (let size = choicesOf(best.trace.decisions).length; size >= 1; ) {
      let any = false;
      for (let start = 0; start < choicesOf(best.trace.decisions).length; start += size) {
        const choices = choicesOf(best.trace.decisions);
        const fewer = choices.map((choice, index) => (index >= start && index < start + size ? 0 : choice));
        if (fewer.some((choice, index) => choice !== choices[index]) && tryOut(fewer)?.better) any = true;
      }
      if (!any) size = size === 1 ? 0 : Math.ceil(size / 2);
    }
  }

  function goOn(): void {
    for (let index = 0; ; index++) {
      const open = openDecisions(best);
      const found = open[index];
      if (found === undefined) return;
      const before = best.trace.steps.filter((step) => step.decisions <= found.place && step.thread >= 0).at(-1);
      const same = found.options.findIndex((option) => option.thread === before?.thread);
      if (same === -1 || same === found.chosen) continue;
      tryOut([...open.slice(0, index).map(({ chosen }) => chosen), same]);
    }
  }

  function startOver(): void {
    let level: number[][] = [[]];
    for (let departures = 0; departures < departuresOf(best); departures++) {
      const next: number[][] = [];
      for (const choices of level) {
        const tried = tryOut(choices);
        if (tried === null) return;
        openDecisions(tried.run).forEach(({ options }, index) => {
          if (index < choices.length) return;
          const padded = [...choices, ...new Array<number>(index - choices.length).fill(0)];
          for (let option = 1; option < options.length; option++) next.push([...padded, option]);
        });
      }
      level = next;
    }
  }
}

/** How many choices are not asyncio's own. */
export function departuresOf({ trace }: Shrinkable): number {
  return choicesOf(trace.decisions).filter((choice) => choice !== 0).length;
}

function openDecisions({ trace }: Shrinkable) {
  return trace.decisions.map((decision, place) => ({ ...decision, place })).filter(({ options }) => options.length > 1);
}

function isSimpler(a: Shrinkable, b: Shrinkable): boolean {
  const difference = a.switches - b.switches || departuresOf(a) - departuresOf(b);
  return difference < 0 || (difference === 0 && a.trace.steps.length < b.trace.steps.length);
}
