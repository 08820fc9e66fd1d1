import { isFuture } from "@tsyncio/future";
import { allTasks, Task } from "@tsyncio/task";
import { DeadlockError, deadlockOf } from "../deadlock.ts";
import { VirtualTimeError } from "../errors.ts";
import { coroutineOf, type Main, named } from "../run-virtual.ts";
import type { VirtualClock } from "../virtual-host.ts";
import { Footprint } from "./footprint.ts";
import { recordingOn } from "./recording.ts";
import { checkOf } from "./replay-token.ts";
import { ScheduledLoop, type ScheduleSettings, StepLimit } from "./scheduled-loop.ts";
import { own, Timeline } from "./timeline.ts";
import { RunPruned, type Trace } from "./trace.ts";
import { ProgramWorld, type World } from "./world.ts";

/** What is explored: called anew for each schedule, so its state is to be made inside. */
export type Program = (world: World) => ReturnType<Extract<Main<unknown>, (...args: any) => any>>;

/** In what way a schedule fails. */
export type FailureKind =
  /** Main threw. */
  | "error"
  /** A callback threw, or nobody asked for the failure of a future or task. */
  | "unhandled error"
  /** Main waits for what can never come: a deadlock, or a wake-up that was lost. */
  | "deadlock"
  /** A check of the program's own failed. */
  | "invariant"
  /** It did not end within the steps it was given. */
  | "endless";

export interface Failure {
  readonly kind: FailureKind;
  readonly error: unknown;
}

/** One run under one schedule. */
export interface Run {
  readonly trace: Trace;
  readonly failure: Failure | null;
  /** Given up, because it could only repeat what was seen. */
  readonly pruned: boolean;
  /** How often another task ran than before. */
  readonly switches: number;
  /** Folds what was open into a few letters. */
  readonly check: string;
  /** What happened, when it was asked for. */
  readonly timeline: Timeline | null;
}

export interface RunSettings extends ScheduleSettings {
  readonly invariant: (() => void) | null;
}

/** Ends a run at its first failure. */
class RunOver extends Error {}

/** Runs the program once, on a loop of its own, in the order the chooser says. */
export function runSchedule(program: Program, settings: RunSettings, detailed: boolean): Run {
  const loop = new ScheduledLoop(settings, false);
  const world = new ProgramWorld(loop);
  const clock = loop.host as VirtualClock;
  const timeline = detailed ? new Timeline(loop) : null;
  let failure: Failure | null = null;
  let main: Task<unknown> | null = null;
  const freely = settings.freedoms.has("ready");
  let stillToRun: number | null = null;
  let ending: "no" | "main is over" | "leftovers are cancelled" = "no";

  function fail(kind: FailureKind, error: unknown): void {
    failure ??= { kind, error };
  }

  const watched = new Footprint();
  const invariants = {};
  function checkInvariants(footprint: Footprint | null): void {
    if (world.invariants.length === 0) return;
    try {
      loop.recordInto(watched, () => {
        for (const check of world.invariants) check();
      });
    } catch (error) {
      fail("invariant", error);
    }
    // Steps that change what an invariant looks at are not independent: it sees the order.
    if (footprint?.writesWhatIsIn(watched)) loop.recordInto(footprint, () => loop.touch(invariants, "write"));
  }

  clock._onDeadlock = () => deadlockOf(loop);
  loop.setExceptionHandler((_, context) => fail("unhandled error", context.exception ?? new Error(context.message)));
  loop.afterStep = (job, footprint) => {
    checkInvariants(footprint);
    timeline?.stepEnded(job);
    if (failure !== null) throw new RunOver();
  };
  loop.afterTurn = () => {
    if (main === null || !main.done()) return;
    const leftovers = allTasks(loop);
    if (leftovers.size === 0) {
      // What is ready may still run, as in the turn in which asyncio learns that main is over.
      stillToRun ??= freely ? loop._ready.length : 1;
      if (stillToRun-- <= 0 || loop._ready.length === 0) loop.stop();
    } else if (ending === "main is over") {
      ending = "leftovers are cancelled";
      loop.touchAnything();
      for (const task of leftovers) task.cancel();
    }
  };

  let pruned = false;
  try {
    recordingOn(loop, () => {
      const start = own(() => {
        main = new Task(
          coroutineOf(() => named(program)(world), "the program"),
          { loop, name: "main" },
        );
        main.addDoneCallback(
          own(() => {
            ending = "main is over";
          }),
        );
      });
      loop.callSoon(start);
      loop.runForever();
    });
    finish();
  } catch (error) {
    if (error instanceof RunPruned) pruned = true;
    else if (error instanceof DeadlockError) fail("deadlock", error);
    else if (error instanceof StepLimit) fail("endless", new VirtualTimeError(endless(settings.maxSteps)));
    else if (error instanceof VirtualTimeError) fail("endless", error);
    else if (!(error instanceof RunOver)) throw error;
  } finally {
    // Nothing of a run that was given up is to be reported later.
    loop._failures.clear();
    loop.close();
  }

  /** What is to be seen only when all is over. */
  function finish(): void {
    try {
      main?.result();
    } catch (error) {
      fail("error", error);
    }
    for (const unretrieved of [...loop._failures]) unretrieved.report();
    for (const check of [...world.finalChecks, ...(settings.invariant === null ? [] : [settings.invariant])]) {
      try {
        check();
      } catch (error) {
        fail("invariant", error);
      }
    }
  }

  const trace: Trace = { steps: loop.steps, decisions: loop.decisions };
  return { trace, failure, pruned, switches: switchesIn(loop), check: checkOf(trace.decisions), timeline };
}

function endless(maxSteps: number): string {
  return `the program did not end within ${maxSteps} steps: raise maxSteps if it needs more`;
}

function switchesIn(loop: ScheduledLoop): number {
  let switches = 0;
  let before: number | null = null;
  loop.steps.forEach((step, index) => {
    if (!isFuture(loop.reports[index]!.job)) return;
    if (before !== null && before !== step.thread) switches++;
    before = step.thread;
  });
  return switches;
}
