/**
 * The cases: what is done, how often, and what must come out. A contender that computes anything else has not taken part.
 */
export type CaseName = keyof typeof table;

/** `time`: nanoseconds of processor time for one operation. `memory`: bytes one operation's product holds on to. */
export type CaseKind = "time" | "memory";

export interface Case {
  readonly name: CaseName;
  readonly kind: CaseKind;
  readonly title: string;
  /** Operations in one run. */
  readonly size: number;
  /** A slow contender is given fewer operations, so that a run ends; cases whose cost depends on the size are not shortened. */
  readonly mayShorten: boolean;
  /** What a run of `n` operations computes. */
  readonly expected: (n: number) => number;
}

interface Row {
  kind?: CaseKind;
  title: string;
  size: number;
  mayShorten?: false;
  expected?: (n: number) => number;
}

export const taskCount = 100;
export const semaphorePermits = 10;
export const pipelineWorkers = 10;
export const pipelineCapacity = 10;
export const longestSleepMs = 50;

const count = (n: number) => n;
/** Each task does a whole number of them. */
const shared = (n: number) => Math.ceil(n / taskCount) * taskCount;
const sumBelow = (n: number) => (n * (n - 1)) / 2;
const sumUpTo = (n: number) => (n * (n + 1)) / 2;

const table = {
  switch: { title: "a coroutine suspends and resumes", size: 1_000_000 },
  call: { title: "a named coroutine calls another that returns at once", size: 1_000_000 },
  "call-raw": { title: "a raw generator calls another that returns at once", size: 1_000_000 },
  "spawn-join-lazy": { title: "spawn a task and await it, one after another", size: 300_000 },
  "spawn-join-eager": { title: "the same, started eagerly", size: 300_000 },
  "fan-out": {
    title: "gather 100,000 tasks that suspend once each",
    size: 100_000,
    mayShorten: false,
    expected: sumBelow,
  },
  "deep-1": { title: "resume at depth 1", size: 500_000 },
  "deep-10": { title: "resume at depth 10", size: 500_000 },
  "deep-100": { title: "resume at depth 100", size: 500_000 },
  "deep-1000": { title: "resume at depth 1,000", size: 500_000 },
  "ping-pong-future": {
    title: "two tasks hand a value over through futures and back",
    size: 300_000,
    expected: sumUpTo,
  },
  "ping-pong-queue": { title: "the same through queues of size 1", size: 300_000, expected: sumUpTo },
  "timers-virtual": { title: "100,000 sleeps of random length on virtual time", size: 100_000, mayShorten: false },
  "timers-virtual-1m": { title: "1,000,000 of them", size: 1_000_000, mayShorten: false },
  "timers-real": { title: "100,000 sleeps of up to 50 ms on the platform's clock", size: 100_000, mayShorten: false },
  "timers-real-1m": { title: "1,000,000 of them", size: 1_000_000, mayShorten: false },
  "timers-cancel": { title: "a timer set, and cancelled while 1,000 others wait", size: 1_000_000 },
  timeout: { title: "a timeout around work that ends in time", size: 200_000 },
  cancel: { title: "cancel 100,000 parked tasks", size: 100_000, mayShorten: false },
  lock: { title: "100 tasks acquire a lock, holding it across one suspension", size: 200_000, expected: shared },
  semaphore: { title: "the same with a semaphore of 10 permits", size: 200_000, expected: shared },
  pipeline: {
    title: "an item passes 10 workers and 11 queues of size 10",
    size: 20_000,
    expected: (n) => sumBelow(n) + n * pipelineWorkers,
  },
  "doxbee-sequential": {
    title: "a request that awaits 10 callbacks in series",
    size: 10_000,
    expected: (n) => sumBelow(n) + n * 10,
  },
  "doxbee-parallel": {
    title: "a request that awaits 10 callbacks at once",
    size: 10_000,
    expected: (n) => 10 * sumBelow(n) + n * 45,
  },
  "then-chain": { title: "one `then` of a chain of 1,000,000", size: 1_000_000, mayShorten: false },
  "tasks-1e3": { title: "a task that suspends once, of 1,000", size: 1_000, mayShorten: false, expected: sumBelow },
  "tasks-1e4": { title: "of 10,000", size: 10_000, mayShorten: false, expected: sumBelow },
  "tasks-1e5": { title: "of 100,000", size: 100_000, mayShorten: false, expected: sumBelow },
  "tasks-1e6": { title: "of 1,000,000", size: 1_000_000, mayShorten: false, expected: sumBelow },
  parked: { kind: "memory", title: "one of 1,000,000 tasks parked on a future", size: 1_000_000, mayShorten: false },
  sleeping: { kind: "memory", title: "one of 1,000,000 sleeping tasks", size: 1_000_000, mayShorten: false },
} satisfies Record<string, Row>;

export const cases: readonly Case[] = Object.entries(table as Record<string, Row>).map(([name, row]) => ({
  name: name as CaseName,
  kind: row.kind ?? "time",
  title: row.title,
  size: row.size,
  mayShorten: row.mayShorten ?? true,
  expected: row.expected ?? count,
}));

export function caseNamed(name: string): Case {
  const found = cases.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`No case is called "${name}"; there are ${cases.map((each) => each.name).join(", ")}.`);
  }
  return found;
}

/** Lengths that look random and are the same for everyone. */
export function sleepLengths(n: number): Float64Array {
  const lengths = new Float64Array(n);
  let state = 123_456_789;
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    lengths[i] = (state / 0x7fffffff) * longestSleepMs;
  }
  return lengths;
}
