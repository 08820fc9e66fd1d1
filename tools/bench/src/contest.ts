import type { Case, CaseName } from "./cases.ts";

/** What a memory case leaves behind: `release` lets it all go and says how many there were. */
export interface Held {
  release(): Promise<number> | number;
}

/** A case as one contender does it: `n` operations, giving what they computed. */
export type Contest = (n: number) => number | Held | Promise<number | Held>;

/** The cases a contender takes part in. */
export type Contests = { readonly [name in CaseName]?: Contest };

export interface Plan {
  /** At least so much processor time, and one run, is spent on runs of the size that is measured before anything counts. */
  readonly warmUpMs: number;
  /** Runs go on until this is spent and there are `samples` of them. */
  readonly budgetMs: number;
  readonly samples: number;
  readonly size: number;
}

/** What one process measured: for each run, nanoseconds of processor time or bytes for one operation. */
export interface Measured {
  readonly size: number;
  readonly values: readonly number[];
}

function verify(task: Case, n: number, result: number): void {
  const expected = task.expected(n);
  if (result !== expected) throw new Error(`${task.name} of ${n} computed ${result}; it is ${expected}.`);
}

const isHeld = (result: number | Held): result is Held => typeof result === "object";

/** Runs a contest once and checks what it computed. */
export async function check(task: Case, contest: Contest, n: number): Promise<void> {
  const result = await contest(n);
  verify(task, n, isHeld(result) ? await result.release() : result);
}

const collectGarbage = (): void => (globalThis as { gc?: () => void }).gc?.();

/**
 * Milliseconds the processor spends on a run: the clock on the wall would also count what else the machine does.
 *
 * No collection is forced between runs. It would find no object of a library alive, and V8 would throw away the code it
 * had made for such objects: every run would begin cold, as no program does.
 */
async function timeOnce(task: Case, contest: Contest, n: number): Promise<number> {
  const begun = process.cpuUsage();
  const result = await contest(n);
  const { user, system } = process.cpuUsage(begun);
  verify(task, n, result as number);
  return (user + system) / 1000;
}

async function weighOnce(task: Case, contest: Contest, n: number): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const held = (await contest(n)) as Held;
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  verify(task, n, await held.release());
  return bytes / n;
}

/** Whether so much processor time was spent since; what only waits is given five times as long on the wall. */
function spent(budgetMs: number): () => boolean {
  const begun = process.cpuUsage();
  const wallEnd = performance.now() + 5 * budgetMs;
  return () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000 >= budgetMs || performance.now() >= wallEnd;
  };
}

/**
 * The largest size, up to the plan's, of which the budget pays for all samples. That short runs tell; but they are no
 * warm-up: the heap is to grow to what the runs need that count, and for some cases that takes ten of them.
 */
async function affordableSize(task: Case, contest: Contest, plan: Plan): Promise<number> {
  const shortSize = Math.ceil(plan.size / 50);
  let fastestMs = Number.POSITIVE_INFINITY;
  const isOver = spent(plan.warmUpMs / 2);
  do fastestMs = Math.min(fastestMs, await timeOnce(task, contest, shortSize));
  while (!isOver());
  const affordable = Math.floor((plan.budgetMs / plan.samples / fastestMs) * shortSize);
  return Math.max(shortSize, Math.min(plan.size, affordable));
}

/** Measures one contest in this process. */
export async function measure(task: Case, contest: Contest, plan: Plan): Promise<Measured> {
  if (task.kind === "memory") {
    await check(task, contest, Math.ceil(plan.size / 100));
    return { size: plan.size, values: [await weighOnce(task, contest, plan.size)] };
  }
  const size = task.mayShorten ? await affordableSize(task, contest, plan) : plan.size;
  const isWarm = spent(plan.warmUpMs);
  do await timeOnce(task, contest, size);
  while (!isWarm());
  const values: number[] = [];
  const isOver = spent(plan.budgetMs);
  while (values.length < plan.samples || !isOver()) {
    values.push(((await timeOnce(task, contest, size)) * 1e6) / size);
    // One run of an expensive case is enough for a process: there are several processes.
    if (!task.mayShorten && isOver()) break;
  }
  return { size, values };
}
