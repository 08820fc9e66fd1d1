import { CancelledError, isFuture } from "@tsyncio/future";
import type { Job } from "@tsyncio/loop/job";
import { Task } from "@tsyncio/task";
import { deadlockOf } from "../deadlock.ts";
import { showError } from "../errors.ts";
import { recordingOn } from "../explore/recording.ts";
import { ReplayChooser } from "../explore/replay-token.ts";
import type { Program } from "../explore/run-schedule.ts";
import { ScheduledLoop, StepLimit } from "../explore/scheduled-loop.ts";
import { Names } from "../explore/trace.ts";
import { ProgramWorld } from "../explore/world.ts";
import { coroutineOf, named } from "../run-virtual.ts";
import { chainOf, placeOf } from "../sites.ts";
import type { VirtualClock } from "../virtual-host.ts";
import { ObjectNames, whatIsAwaited } from "../wait-for-graph.ts";
import { LeakWatch } from "./leaks.ts";

/** When a task is cancelled: as soon as it is suspended, or when it is about to go on. */
export type CancelMoment = "suspended" | "woken";

/** A moment at which a task of the program can be cancelled. */
export interface Point {
  /** The task, by the order in which tasks are made. */
  readonly task: number;
  readonly name: string;
  /** How many times it had been suspended; 0 before it began. */
  readonly index: number;
  /** Whether it waits for something; else it only gives way. */
  readonly waits: boolean;
  /** The chain of coroutines, and the place in the source. */
  readonly where: string;
}

/** Where to cancel. */
export interface Target {
  readonly task: number;
  readonly index: number;
  readonly moment: CancelMoment;
}

export interface CancelledRun {
  readonly points: readonly Point[];
  readonly problems: readonly string[];
}

interface Settings {
  readonly maxSteps: number;
  readonly invariant: (() => void) | null;
  readonly mayFail: (error: unknown) => boolean;
}

/** Runs the program in asyncio's own order, cancels at the targets, and looks for what is not in order afterwards. */
export function runCancelled(program: Program, targets: readonly Target[], settings: Settings): CancelledRun {
  const { maxSteps, invariant, mayFail } = settings;
  const loop = new ScheduledLoop(
    {
      chooser: new ReplayChooser([]),
      names: new Names(),
      freedoms: new Set(),
      maxSteps,
      stateDeclared: true,
      clock: { maxJumps: maxSteps },
    },
    false,
  );
  const world = new ProgramWorld(loop);
  const watch = new LeakWatch(loop);
  const names = new ObjectNames();
  const points: Point[] = [];
  const problems: string[] = [];
  const suspensions = new Map<Task<any>, number>();
  let main: Task<unknown> | null = null;

  (loop.host as VirtualClock)._onDeadlock = () => deadlockOf(loop);
  loop.setExceptionHandler((_, { message, exception }) => {
    problems.push(exception === undefined ? message : `${message}: ${showError(exception)}`);
  });
  loop.beforeStep = (job) => {
    const task = taskOf(job);
    if (task === null) return;
    const index = suspensions.get(task) ?? 0;
    if (index === 0) {
      points.push({
        task: loop.orderOf(task)!,
        name: loop.nameOf(task),
        index,
        waits: false,
        where: "before it begins",
      });
    }
    if (isTarget(task, index, "woken")) task.cancel();
  };
  loop.afterStep = (job) => {
    const task = taskOf(job);
    if (task !== null && !task.done()) {
      const index = (suspensions.get(task) ?? 0) + 1;
      suspensions.set(task, index);
      points.push({
        task: loop.orderOf(task)!,
        name: loop.nameOf(task),
        index,
        waits: isFuture(task._waitingOn),
        where: describe(task),
      });
      if (isTarget(task, index, "suspended")) task.cancel();
    }
    for (const check of world.invariants) attempt("an invariant does not hold", check);
    if (main?.done() && loop._ready.length === 0) loop.stop();
  };
  // Once main is over, no time passes: who still waits then is left over.
  const idle = loop.addInstrument({
    idle() {
      if (main?.done()) loop.callSoon(() => loop.stop());
    },
  });

  try {
    watch.watching(() =>
      recordingOn(loop, () => {
        loop.callSoon(() => {
          main = new Task(
            coroutineOf(() => named(program)(world), "the program"),
            { loop, name: "main" },
          );
        });
        loop.runForever();
      }),
    );
    end();
  } catch (error) {
    problems.push(
      error instanceof StepLimit ? `it did not end within ${maxSteps} steps` : `it does not end: ${showError(error)}`,
    );
  } finally {
    idle();
    loop._failures.clear();
    loop.close();
  }
  return { points, problems };

  function end(): void {
    try {
      main!.result();
    } catch (error) {
      const expected = error instanceof CancelledError && targets.length > 0;
      if (!expected && !mayFail(error)) problems.push(`main failed: ${showError(error)}`);
    }
    for (const failure of [...loop._failures]) failure.report();
    problems.push(...watch.leaks());
    for (const check of world.finalChecks) attempt("a check at the end failed", check);
    if (invariant !== null) attempt("the invariant does not hold", invariant);
  }

  function attempt(what: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      problems.push(`${what}: ${showError(error)}`);
    }
  }

  function isTarget(task: Task<any>, index: number, moment: CancelMoment): boolean {
    const order = loop.orderOf(task);
    return targets.some((target) => target.task === order && target.index === index && target.moment === moment);
  }

  function describe(task: Task<any>): string {
    const chain = chainOf(task);
    const place = placeOf(chain);
    const awaited = whatIsAwaited(task, names);
    const frames = chain.map(({ name }) => `${name}()`).join(" > ");
    return `${frames}${place === null ? "" : ` at ${place}`}, ${awaited === null ? "giving way" : `waiting for ${awaited}`}`;
  }
}

function taskOf(job: Job): Task<any> | null {
  return isFuture(job) ? (job as unknown as Task<any>) : null;
}
