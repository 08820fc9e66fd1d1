import type { Chooser, Option, Trace } from "./trace.ts";

/** How schedules are drawn when there are too many to try each. */
export type RandomStrategy =
  /** Each option with the same probability. */
  | "uniform"
  /**
   * Every task gets a random priority, and at a few random moments the highest is lowered (Burckhardt et al. 2010): a
   * bug that needs d orderings among n tasks and k steps is hit with probability 1/(n·k^(d-1)) at least.
   */
  | "pct";

/** Numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws each option with the same probability. */
export class UniformChooser implements Chooser {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  choose(options: readonly Option[]): number {
    return Math.floor(this.#random() * options.length);
  }
}

/** Draws priorities of tasks, and the moments at which they change. */
export class PctChooser implements Chooser {
  readonly #random: () => number;
  readonly #priorities = new Map<number, number>();
  readonly #changes = new Set<number>();
  /** Lowered priorities are below all others, each below the one before. */
  #lowest = 0;

  /** @param length how many decisions a run makes, about; @param depth how many orderings the bug may need. */
  constructor(random: () => number, length: number, depth: number) {
    this.#random = random;
    for (let k = 1; k < depth; k++) this.#changes.add(Math.floor(random() * length));
  }

  choose(options: readonly Option[], trace: Trace): number {
    if (this.#changes.has(trace.decisions.length)) {
      this.#priorities.set(options[this.#highest(options)]!.thread, --this.#lowest);
    }
    return this.#highest(options);
  }

  #highest(options: readonly Option[]): number {
    let highest = 0;
    options.forEach((option, index) => {
      if (this.#priority(option) > this.#priority(options[highest]!)) highest = index;
    });
    return highest;
  }

  #priority({ thread }: Option): number {
    let priority = this.#priorities.get(thread);
    if (priority === undefined) {
      priority = this.#random();
      this.#priorities.set(thread, priority);
    }
    return priority;
  }
}
