import type { Footprint } from "./footprint.ts";
import { type Chooser, type Option, RunPruned, type Step, type StepId, type Trace } from "./trace.ts";

/** How the alternatives to a run are found. */
export type Reduction =
  /** Every order of everything. */
  | "none"
  /** Each decision picks the job that runs: dynamic partial-order reduction with source sets, and sleep sets. */
  | "steps"
  /** Decisions order what will run later: an order is varied when what follows from two options conflicts. */
  | "orders";

/** The program gave other options than before at the same place: it depends on something besides the schedule. */
export class Diverged extends Error {
  override name = "Diverged";
}

interface Node {
  readonly options: readonly StepId[];
  chosen: StepId;
  /** To be chosen here, sooner or later. */
  readonly wanted: Set<StepId>;
  /** Chosen here already, with what the step then touched. */
  readonly done: Map<StepId, Footprint | null>;
  /** Steps whose every continuation was seen from here in another order. */
  readonly asleep: Map<StepId, Footprint>;
}

/**
 * A depth-first search through the tree of decisions, by running the program again and again: each run follows the
 * path to the deepest decision that is still to be varied, takes another option there, and goes on in asyncio's own
 * order.
 *
 * The reduction: two steps that touch nothing in common give the same in either order, so only orders of conflicting
 * steps are varied. Which steps conflict is known after a run; then, for each pair that could have come the other way
 * round, the decision before the first of them is marked (Flanagan and Godefroid 2005; source sets: Abdulla et al.
 * 2014). Sleep sets (Godefroid 1996) give up a run as soon as it can only repeat what was seen.
 */
export class Search implements Chooser {
  readonly #reduction: Reduction;
  readonly #nodes: Node[] = [];
  #depth = 0;
  #begun = false;

  constructor(reduction: Reduction) {
    this.#reduction = reduction;
  }

  /** Gets ready for the next run; false when every schedule has been seen. */
  next(): boolean {
    this.#depth = 0;
    if (!this.#begun) {
      this.#begun = true;
      return true;
    }
    const nodes = this.#nodes;
    for (let node = nodes.at(-1); node !== undefined; nodes.pop(), node = nodes.at(-1)) {
      const chosen = [...node.wanted].find((id) => !node.done.has(id) && !node.asleep.has(id));
      if (chosen === undefined) continue;
      node.chosen = chosen;
      return true;
    }
    return false;
  }

  choose(options: readonly Option[], trace: Trace): number {
    const depth = this.#depth++;
    const known = this.#nodes[depth];
    if (known !== undefined) {
      if (known.options.length !== options.length || options.some(({ id }, index) => id !== known.options[index])) {
        throw new Diverged();
      }
      return known.options.indexOf(known.chosen);
    }
    const asleep = this.#reduction === "steps" ? this.#asleepAfter(depth - 1, trace) : new Map<StepId, Footprint>();
    const chosen = options.findIndex(({ id }) => !asleep.has(id));
    if (chosen === -1) throw new RunPruned();
    const wanted = options.filter(({ outside }, index) => index === chosen || outside || this.#reduction === "none");
    this.#nodes.push({
      options: options.map(({ id }) => id),
      chosen: options[chosen]!.id,
      wanted: new Set(wanted.map(({ id }) => id)),
      done: new Map(),
      asleep,
    });
    return chosen;
  }

  /** Learns from a run, also from one given up: which other orders are worth a run. */
  learn(trace: Trace): void {
    if (this.#reduction === "steps") this.#learnFromSteps(trace);
    else if (this.#reduction === "orders") this.#learnFromOrders(trace);
    const chosenAt = new Map<number, Footprint>();
    for (const step of trace.steps) {
      if (!chosenAt.has(step.decisions - 1)) chosenAt.set(step.decisions - 1, step.footprint);
    }
    this.#nodes.forEach((node, depth) => {
      if (depth < trace.decisions.length) node.done.set(node.chosen, chosenAt.get(depth) ?? null);
    });
  }

  /** What need not run after the decision at `depth`: it was tried there, and what ran instead does not matter to it. */
  #asleepAfter(depth: number, trace: Trace): Map<StepId, Footprint> {
    const asleep = new Map<StepId, Footprint>();
    const node = this.#nodes[depth];
    if (node === undefined) return asleep;
    const since = trace.steps.filter((step) => step.decisions - 1 === depth);
    for (const [id, footprint] of [...node.asleep, ...node.done]) {
      if (id === node.chosen || footprint === null) continue;
      if (!since.some((step) => footprint.mayConflictWith(step.footprint))) asleep.set(id, footprint);
    }
    return asleep;
  }

  #learnFromSteps(trace: Trace): void {
    const { steps } = trace;
    const before = happensBefore(steps);
    for (let second = 1; second < steps.length; second++) {
      const step = steps[second]!;
      for (let first = second - 1; first >= 0; first--) {
        if (!step.footprint.conflictsWith(steps[first]!.footprint)) continue;
        if (step.after.some((k) => k === first || before[k]!.has(first))) continue;
        if (orderedThroughOthers(before, first, second)) continue;
        this.#reverse(steps, before, first, second);
      }
    }
  }

  /** Marks the decision at `first` so that `second` will come before it. */
  #reverse(steps: readonly Step[], before: readonly Bits[], first: number, second: number): void {
    const node = this.#nodes[steps[first]!.decisions - 1];
    if (node === undefined) return;
    // What can run without `first`, up to and including `second`; and who of it can be the first to run.
    const between: number[] = [];
    for (let k = first + 1; k < second; k++) if (!before[k]!.has(first)) between.push(k);
    between.push(second);
    const initials: StepId[] = [];
    for (const k of between) {
      if (!between.some((other) => other < k && before[k]!.has(other))) initials.push(steps[k]!.id);
    }
    const possible = initials.filter((id) => node.options.includes(id));
    if (possible.length === 0) {
      for (const id of node.options) node.wanted.add(id);
    } else if (!possible.some((id) => node.wanted.has(id))) {
      node.wanted.add(possible[0]!);
    }
  }

  #learnFromOrders({ steps, decisions }: Trace): void {
    // For each step the options it comes from.
    const origins: Set<StepId>[] = [];
    for (const step of steps) {
      const set = new Set<StepId>([step.id]);
      for (const k of step.after) for (const id of origins[k]!) set.add(id);
      origins.push(set);
    }
    for (let depth = 0; depth < decisions.length; depth++) {
      const node = this.#nodes[depth];
      if (node === undefined) continue;
      // What follows from each option, and which options conflict in that, directly or by way of others.
      const following = node.options.map((option) => steps.filter((_, k) => origins[k]!.has(option)));
      const related = new Set([node.options.indexOf(node.chosen)]);
      for (const from of related) {
        following.forEach((theirs, to) => {
          if (!related.has(to) && anyConflict(following[from]!, theirs)) related.add(to);
        });
      }
      for (const index of related) node.wanted.add(node.options[index]!);
    }
  }
}

function anyConflict(some: readonly Step[], others: readonly Step[]): boolean {
  return some.some((step) => others.some((other) => step.footprint.conflictsWith(other.footprint)));
}

/** A set of small numbers. */
class Bits {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array((size >> 5) + 1);
  }

  has(index: number): boolean {
    return (this.#words[index >> 5]! & (1 << (index & 31))) !== 0;
  }

  add(index: number): void {
    this.#words[index >> 5]! |= 1 << (index & 31);
  }

  addAll(other: Bits): void {
    for (let k = 0; k < this.#words.length; k++) this.#words[k]! |= other.#words[k]!;
  }
}

/** For each step those that come before it in every equivalent schedule. */
function happensBefore(steps: readonly Step[]): Bits[] {
  const before: Bits[] = [];
  steps.forEach((step, index) => {
    const bits = new Bits(steps.length);
    for (const k of step.after) {
      bits.add(k);
      bits.addAll(before[k]!);
    }
    for (let k = index - 1; k >= 0; k--) {
      if (bits.has(k) || !step.footprint.conflictsWith(steps[k]!.footprint)) continue;
      bits.add(k);
      bits.addAll(before[k]!);
    }
    before.push(bits);
  });
  return before;
}

/** Whether a third step stands between the two in every equivalent schedule, so that they cannot swap. */
function orderedThroughOthers(before: readonly Bits[], first: number, second: number): boolean {
  for (let k = first + 1; k < second; k++) {
    if (before[second]!.has(k) && before[k]!.has(first)) return true;
  }
  return false;
}
