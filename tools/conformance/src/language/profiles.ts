/** What a kind of program is rich in: how much more often, or less, each family's operations are chosen. */
export interface Profile {
  readonly families: Readonly<Record<string, number>>;
  /** Whether main starts its tasks eagerly, now and then. */
  readonly eager?: boolean;
  /** Whether several tasks run each coroutine, so that there is a crowd to compete. */
  readonly crowd?: boolean;
  /** What most coroutines begin with, and what main does while they are at it. */
  readonly first?: string;
  readonly later?: string;
  /** Whether a Runner runs main, and other coroutines after it, in place of the loop alone. */
  readonly runs?: boolean;
}

const few = { future: 0.4, callback: 0.2, timer: 0.15, task: 1, cancel: 0.6, flow: 0.8, context: 0.05, eager: 0.15 };

/** The layers up to the task. */
export const coreProfiles: Readonly<Record<string, Profile>> = {
  mixed: {
    families: { future: 1, callback: 1, timer: 1, task: 1, cancel: 1, flow: 1.4, context: 0.5, eager: 0.6 },
    eager: true,
  },
  futures: { families: { ...few, future: 2.5, callback: 1.5 } },
  cancel: { families: { ...few, cancel: 2.5, flow: 2.5, task: 1.5 } },
  callbacks: { families: { ...few, callback: 3, future: 1.5, context: 1 } },
  timers: { families: { ...few, timer: 3, callback: 1 } },
  eager: { families: { ...few, eager: 3, context: 0.5 }, eager: true },
  contexts: { families: { ...few, context: 4, eagerContext: 1, callback: 1.5, timer: 0.7, eager: 1 }, eager: true },
};

/** What is built on tasks. */
export const upperProfiles: Readonly<Record<string, Profile>> = {
  gather: { families: { ...few, gather: 3, outer: 1.5, graph: 0.5 } },
  wait: { families: { ...few, wait: 4, graph: 0.5 } },
  waitFor: { families: { ...few, waitFor: 4 } },
  asCompleted: { families: { ...few, asCompleted: 4 } },
  shield: { families: { ...few, shield: 3, outer: 1.5, graph: 0.3 } },
  timeout: { families: { ...few, timeout: 3 } },
  group: { families: { ...few, group: 3 }, eager: true },
  graph: {
    families: {
      ...few,
      ...{ graph: 4, gather: 0.7, wait: 0.7, waitFor: 0.5, asCompleted: 0.3, shield: 0.6, timeout: 0.3, group: 0.7 },
    },
    eager: true,
    later: "call graph",
  },
  lock: { families: { ...few, lock: 3 }, crowd: true },
  event: { families: { ...few, event: 4 }, crowd: true },
  condition: {
    families: { ...few, flow: 0.3, condition: 3, event: 0.3, lock: 0.2 },
    crowd: true,
    first: "condition hold and wait",
    later: "condition hold and notify",
  },
  semaphore: { families: { ...few, semaphore: 3 }, crowd: true },
  barrier: { families: { ...few, barrier: 5 }, crowd: true },
  queue: { families: { ...few, queue: 3 }, crowd: true },
  everything: {
    families: {
      future: 0.3,
      callback: 0.2,
      timer: 0.2,
      task: 0.7,
      cancel: 0.6,
      flow: 0.7,
      context: 0.1,
      eagerContext: 0.05,
      eager: 0.2,
      graph: 0.3,
      gather: 0.5,
      outer: 0.5,
      wait: 0.6,
      waitFor: 0.6,
      asCompleted: 0.6,
      shield: 0.5,
      timeout: 0.5,
      group: 0.5,
      lock: 0.4,
      event: 0.4,
      condition: 0.3,
      semaphore: 0.4,
      barrier: 0.4,
      queue: 0.5,
    },
    eager: true,
  },
};

/** What a Runner runs. */
export const runnerProfiles: Readonly<Record<string, Profile>> = {
  runner: {
    families: {
      ...few,
      ...{ future: 0.7, callback: 0.5, timer: 0.6, context: 0.5, cancel: 0.9 },
      ...{ gather: 0.4, wait: 0.4, shield: 0.4, timeout: 0.3, group: 0.4, queue: 0.3, graph: 0.2 },
    },
    eager: true,
    runs: true,
  },
};

export const profiles: Readonly<Record<string, Profile>> = { ...coreProfiles, ...upperProfiles, ...runnerProfiles };
