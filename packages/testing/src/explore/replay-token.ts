import { ReplayError } from "../errors.ts";
import type { Freedom } from "./scheduled-loop.ts";
import type { Chooser, Decision, Option } from "./trace.ts";

/** A schedule, written down: which option was taken wherever there were several. */
export interface RecordedSchedule {
  readonly freedoms: readonly Freedom[];
  /** Indices into the options; 0 is asyncio's own order. What is missing at the end is 0. */
  readonly choices: readonly number[];
  /** Tells whether the program gave the same options as when it was recorded. */
  readonly check: string;
}

const letters: readonly (readonly [string, Freedom])[] = [
  ["t", "timers"],
  ["a", "arrivals"],
  ["r", "ready"],
];
const version = "ts1";

/** The choices of a run, without those that had no alternative, nor the zeros at the end. */
export function choicesOf(decisions: readonly Decision[]): number[] {
  const choices = decisions.filter(({ options }) => options.length > 1).map(({ chosen }) => chosen);
  while (choices.at(-1) === 0) choices.pop();
  return choices;
}

/** Folds the numbers of options of a run into a few letters. */
export function checkOf(decisions: readonly Decision[]): string {
  let hash = 0x811c9dc5;
  for (const { options } of decisions) hash = Math.imul(hash ^ options.length, 0x01000193) >>> 0;
  return hash.toString(36);
}

/** `ts1.tr.0-0-2.1x4k9`: version, freedoms, choices, check. */
export function writeToken({ freedoms, choices, check }: RecordedSchedule): string {
  const free = letters.filter(([, freedom]) => freedoms.includes(freedom)).map(([letter]) => letter);
  const runs: string[] = [];
  for (let index = 0; index < choices.length; ) {
    let end = index;
    while (end < choices.length && choices[end] === choices[index]) end++;
    const choice = choices[index]!.toString(36);
    runs.push(end - index === 1 ? choice : `${choice}*${(end - index).toString(36)}`);
    index = end;
  }
  return [version, free.join("") || "n", runs.join("-") || "0", check].join(".");
}

/** @throws ReplayError when it is not a token. */
export function readToken(token: string): RecordedSchedule {
  const parts = typeof token === "string" ? token.split(".") : [];
  const [found, free, runs, check] = parts;
  if (parts.length !== 4 || found !== version || !/^[tarn]+$/.test(free!) || !/^[0-9a-z*-]+$/.test(runs!)) {
    throw new ReplayError(`not a replay token: ${String(token)}; expected one such as ${version}.t.0-2-1.1x4k9`);
  }
  const choices = runs!.split("-").flatMap((run) => {
    const [choice, times = "1"] = run.split("*");
    return new Array<number>(Number.parseInt(times, 36)).fill(Number.parseInt(choice!, 36));
  });
  while (choices.at(-1) === 0) choices.pop();
  const freedoms = letters.filter(([letter]) => free!.includes(letter)).map(([, freedom]) => freedom);
  return { freedoms, choices, check: check! };
}

/** Takes what was taken before. Without strictness a choice that does not exist is asyncio's own. */
export class ReplayChooser implements Chooser {
  readonly #choices: readonly number[];
  readonly #strict: boolean;
  #next = 0;

  constructor(choices: readonly number[], strict = false) {
    this.#choices = choices;
    this.#strict = strict;
  }

  choose(options: readonly Option[]): number {
    if (options.length === 1) return 0;
    const choice = this.#choices[this.#next++] ?? 0;
    if (choice < options.length) return choice;
    if (this.#strict) {
      throw new ReplayError(
        `the schedule takes option ${choice + 1} of ${options.length} at decision ${this.#next}: the program is not the one the token was made for`,
      );
    }
    return 0;
  }
}

/** Takes each choice by its place among the options, counted round; asyncio's own order when there is none left. */
export class RoundChooser implements Chooser {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  choose(options: readonly Option[]): number {
    if (options.length === 1) return 0;
    return (this.#choices[this.#next++] ?? 0) % options.length;
  }
}
