import type { Context } from "@tsyncio/context";
import type { TimerHandle } from "./handle.ts";
import type { Instrument } from "./instrument.ts";
import type { Job, PendingTask } from "./job.ts";

/** What is watched of an `EventLoop`. */
interface Watchable {
  readonly _pendingTasks: { add(task: PendingTask): void };
  _schedule(job: Job): void;
  _giveWay(job: Job, step: object): void;
  _runJob(job: Job): void;
  _spawn(task: PendingTask): void;
  _setTimer<A>(whenMs: number, callback: (argument: A) => unknown, argument: A, context: Context): TimerHandle;
  _fire(timer: TimerHandle): void;
  _tell(event: keyof Instrument, subject: unknown): void;
  _tellOfStep(job: Job): void;
}

const unwatched = (loop: Watchable) => Object.getPrototypeOf(loop) as Watchable;

/**
 * What a loop does that is watched: these are its own methods for so long, and go before those of its class. In a loop that
 * is not watched nothing is asked, neither when a task is woken nor when it runs.
 */
export const watchedMethods = {
  _schedule(this: Watchable, job: Job): void {
    unwatched(this)._schedule.call(this, job);
    if (isPendingTask(job)) this._tell("taskScheduled", job);
  },
  _giveWay(this: Watchable, job: Job, step: object): void {
    unwatched(this)._giveWay.call(this, job, step);
    this._tell("taskScheduled", job);
  },
  _runJob(this: Watchable, job: Job): void {
    const isTask = isPendingTask(job);
    if (isTask) this._tell("beforeTaskStep", job);
    unwatched(this)._runJob.call(this, job);
    if (isTask) this._tellOfStep(job);
  },
  _spawn(this: Watchable, task: PendingTask): void {
    unwatched(this)._spawn.call(this, task);
    this._tell("taskSpawned", task);
    this._tell("taskScheduled", task);
  },
  _spawnEagerly(this: Watchable, task: PendingTask): void {
    this._pendingTasks.add(task);
    this._tell("taskSpawned", task);
    this._tell("beforeTaskStep", task);
    task._run();
    this._tellOfStep(task);
  },
  _setTimer<A>(this: Watchable, whenMs: number, callback: (argument: A) => unknown, argument: A, context: Context) {
    const timer = unwatched(this)._setTimer.call(this, whenMs, callback as never, argument, context);
    this._tell("timerSet", timer);
    return timer;
  },
  _fire(this: Watchable, timer: TimerHandle): void {
    unwatched(this)._fire.call(this, timer);
    if (!timer._cancelled) this._tell("timerFired", timer);
  },
};

/** A loop that is watched tells of tasks it knows as pending, and of no other jobs. */
export function isPendingTask(job: Job): boolean {
  return job._place !== undefined && job._place >= 0;
}
