import type { Case, CaseName } from "./cases.ts";
import { type Effort, type Entrant, measureOnce } from "./measure.ts";
import { type Interval, median, medianInterval } from "./statistics.ts";

/** What one state of the sources costs against another. */
export interface Compared {
  readonly case: CaseName;
  /** The median of its processes. */
  readonly cost: number;
  /** The median of the rounds' ratios, and where it is with 95 % confidence. */
  readonly ratio: number;
  readonly interval: Interval;
  readonly rounds: number;
}

/** A state of the sources. */
export type State = Pick<Entrant, "command">;

/**
 * Compares two states of the sources. A round is a process of each, one right after the other, and gives one ratio; who is
 * first changes from round to round. Of a process only its fastest run counts: what the machine does besides makes a run
 * slower, never faster. So many rounds tell differences that are smaller than their spread.
 */
export async function compareStates(
  tasks: readonly Case[],
  now: State,
  before: State,
  effort: Effort,
  progress: (compared: Compared) => void,
): Promise<void> {
  for (const task of tasks) {
    const costs: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < effort.rounds; round++) {
      const fastest = new Map<State, number>();
      for (const one of round % 2 === 0 ? [now, before] : [before, now]) {
        fastest.set(one, Math.min(...(await measureOnce(task, one, effort)).values));
      }
      costs.push(fastest.get(now)!);
      ratios.push(fastest.get(now)! / fastest.get(before)!);
    }
    progress({
      case: task.name,
      cost: median(costs),
      ratio: median(ratios),
      interval: medianInterval(ratios),
      rounds: effort.rounds,
    });
  }
}

/** A line of a table. */
export function line({ case: name, cost, ratio, interval, rounds }: Compared, reference: string): string {
  const { low, high, confidence } = interval;
  const range = `${low.toFixed(3)} to ${high.toFixed(3)} with ${(confidence * 100).toFixed(0)} %`;
  const times = `${rounds} ${rounds === 1 ? "round" : "rounds"}`;
  return `${name.padEnd(18)} ${cost.toPrecision(4).padStart(8)}   ${ratio.toFixed(3)} × ${reference} (${range}, ${times})`;
}
