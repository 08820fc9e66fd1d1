import { captureContext } from "@tsyncio/context/registry";
import { isFuture } from "@tsyncio/future";
import { EventLoop, Handle, type TimerHandle } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import type { Task } from "@tsyncio/task";
import { VirtualClock, type VirtualHostOptions } from "../virtual-host.ts";
import { type Access, Footprint } from "./footprint.ts";
import type { Chooser, Decision, Names, Option, Step, StepId } from "./trace.ts";

/** In what respect a schedule may differ from the order in which asyncio would run the program by itself. */
export type Freedom =
  /** Timers with the same deadline come in any order, as heaps and clocks of different hosts would have it. */
  | "timers"
  /** Events from outside (`world.arrival()`) come at any later moment, in any order. */
  | "arrivals"
  /** Of everything that is ready anything may run next: more than any asyncio may do, as threads would. */
  | "ready";

/** What happened in one step, for a timeline. */
export interface StepReport {
  readonly timeMs: number;
  readonly job: Job;
  /** True when something else would have run in asyncio's own order. */
  readonly outOfOrder: boolean;
}

export interface ScheduleSettings {
  readonly chooser: Chooser;
  readonly names: Names;
  readonly freedoms: ReadonlySet<Freedom>;
  readonly maxSteps: number;
  /** False when tasks may share state that was not declared. */
  readonly stateDeclared: boolean;
  readonly clock: VirtualHostOptions;
}

/** A program ran for more steps than it was given. */
export class StepLimit extends Error {
  override name = "StepLimit";
}

/** What is known of a job in the ready queue, or of a timer. */
interface Known {
  readonly id: StepId;
  after: number[];
  readonly thread: number;
  /** Jobs that run before it: it gave way to them. */
  gaveWayTo: Set<Job> | null;
  /** Something else would have come in its place in asyncio's own order. */
  outOfOrder: boolean;
}

interface Arrival {
  readonly handle: Handle;
  readonly known: Known;
}

/** A host on which the clock jumps only if nothing from outside is chosen to come first. */
class ScheduledHost extends VirtualClock {
  loop: ScheduledLoop | null = null;

  override wait(untilMs: number | null): void {
    if (this.loop!._arriveBefore(untilMs)) return;
    super.wait(untilMs);
    this.loop!._jumped();
  }
}

/**
 * A loop that asks a chooser wherever the order is open, and keeps a trace: which job ran, what scheduled it, and which
 * objects it touched.
 */
export class ScheduledLoop extends EventLoop {
  readonly steps: Step[] = [];
  readonly decisions: Decision[] = [];
  readonly reports: StepReport[] = [];
  /** Called before each step. */
  beforeStep: ((job: Job) => void) | null = null;
  /** Called after each step. */
  afterStep: ((job: Job, footprint: Footprint) => void) | null = null;
  /** Called after each turn, and after each step where everything that is ready may run next. */
  afterTurn: (() => void) | null = null;
  /** Told of each access, for a timeline. */
  onTouch: ((object: object, access: Access) => void) | null = null;

  readonly #settings: ScheduleSettings;
  readonly #known = new Map<Job, Known>();
  readonly #tasks = new Map<object, { thread: number; order: number }>();
  readonly #objects = new Map<object, { number: number; lasting: number }>();
  /** Stands for the ready queue among the objects that steps touch. */
  readonly #readiness = {};
  #arrivals: Arrival[] = [];
  /** The place of the running step in the trace, or of the one before; -1 at first. */
  #current = -1;
  #currentJob: Job | null = null;
  #footprint: Footprint | null = null;
  /** How many jobs and objects the running step has made known. */
  #children = 0;
  /** Where the steps since the last jump of the clock begin, and the place of that jump. */
  #epoch = 0;
  #jump = -1;

  constructor(settings: ScheduleSettings, debug: boolean) {
    const host = new ScheduledHost(settings.clock);
    super({ host, debug });
    host.loop = this;
    this.#settings = settings;
    this.nameObject(this.#readiness, "ready queue");
    this.addInstrument({ taskSpawned: (task) => this.#taskSpawned(task) });
  }

  /** Something from outside: `callback` is called once, at a moment the schedule says. */
  arrive(callback: () => void): void {
    const handle = new Handle(callback, undefined, captureContext());
    if (!this.#settings.freedoms.has("arrivals")) {
      this._schedule(handle);
      return;
    }
    this.#arrivals.push({ handle, known: this.#know("arrival") });
  }

  /** Notes that the running step touched `object`. */
  touch(object: object, access: Access): void {
    const footprint = this.#footprint;
    if (footprint === null) return;
    this.onTouch?.(object, access);
    const { number, lasting } = this.#objects.get(object) ?? this.#name(object, `some ${object.constructor?.name}`);
    footprint.add(number, lasting, access);
  }

  /** Notes that the running step made `object`: no other can have touched it before. */
  made(object: object): void {
    if (!this.#objects.has(object)) this.#name(object, this.#childName("object"));
  }

  /** Gives `object` a name that is the same in every run. */
  nameObject(object: object, name: string): void {
    this.#name(object, name);
  }

  /** What comes next is as if done by the step before, which so may have touched anything. */
  touchAnything(): void {
    const last = this.steps.at(-1);
    if (last !== undefined) last.footprint.anything = true;
  }

  /** Leads accesses into another footprint while `body` runs. */
  recordInto(footprint: Footprint, body: () => void): void {
    const before = this.#footprint;
    this.#footprint = footprint;
    try {
      body();
    } finally {
      this.#footprint = before;
    }
  }

  /** The number of an object in this run, if it was touched. */
  numberOf(object: object): number | undefined {
    return this.#objects.get(object)?.number;
  }

  /** The order in which a task was made, from 0. */
  orderOf(task: object): number | undefined {
    return this.#tasks.get(task)?.order;
  }

  /** The name of a task; where it has none of its own, one that is the same in every run. */
  nameOf(task: Task<any>): string {
    const name = task.getName();
    // The numbers of default names go on from run to run.
    return /^Task-\d+$/.test(name) ? `task ${this.orderOf(task)}` : name;
  }

  /** @internal */
  override _schedule(job: Job): void {
    super._schedule(job);
    this.#madeReady(job);
  }

  /** @internal */
  override _giveWay(job: Job, step: object): void {
    super._giveWay(job, step);
    this.#madeReady(job);
  }

  #madeReady(job: Job): void {
    if (this.#known.has(job)) return;
    const known = this.#know(isFuture(job) ? "task" : "call", isFuture(job) ? this.#tasks.get(job)?.thread : undefined);
    this.#known.set(job, known);
    if (!this.#settings.freedoms.has("ready")) return;
    const current = this.#currentJob;
    const givesWay = current !== null && (job === current || isSameCallback(job, current));
    if (givesWay) known.gaveWayTo = this.#allReady(job);
    // Whom it gives way to depends on what was made ready before; the order of making ready by itself does not matter.
    this.touch(this.#readiness, givesWay ? "write" : "join");
  }

  /** @internal */
  override _setTimer<A>(
    whenMs: number,
    callback: (argument: A) => unknown,
    argument: A,
    context: Parameters<EventLoop["_setTimer"]>[3],
  ): TimerHandle {
    const timer = super._setTimer(whenMs, callback, argument, context);
    this.#known.set(timer, this.#know("timer"));
    this.made(timer);
    return timer;
  }

  /** @internal */
  override _turns(): void {
    if (this.#settings.freedoms.has("ready")) this.#oneOfAll();
    else this.#asTheyCame();
    this.afterTurn?.();
  }

  /** Whether something from outside comes before the clock jumps to `untilMs`. @internal */
  _arriveBefore(untilMs: number | null): boolean {
    if (this.#arrivals.length === 0) return false;
    const options: Option[] = this.#arrivals.map(({ known }) => ({ ...known, outside: true }));
    if (untilMs !== null) options.push({ id: this.#settings.names.number("time"), thread: -1, outside: true });
    const chosen = this.#choose(options);
    const arrival = this.#arrivals[chosen];
    if (arrival === undefined) return false;
    if (chosen > 0) arrival.known.outOfOrder = true;
    this.#letArrive(arrival);
    return true;
  }

  /** The clock jumped: what comes now comes after everything before. @internal */
  _jumped(): void {
    // Where turns are kept, that holds of every turn, and need not be said.
    if (!this.#settings.freedoms.has("ready")) return;
    const after = [];
    if (this.#jump >= 0) after.push(this.#jump);
    for (let k = this.#epoch; k < this.steps.length; k++) after.push(k);
    const footprint = new Footprint();
    this.#jump = this.steps.length;
    this.steps.push({
      id: this.#settings.names.number(`jump to ${this.time()}`),
      after,
      footprint,
      thread: -1,
      decisions: this.decisions.length,
    });
    this.#current = this.#jump;
    this.#children = 0;
    this.reports.push({ timeMs: this.time(), job: nothing, outOfOrder: false });
    this.#epoch = this.steps.length;
  }

  /** Any job that is ready, or anything from outside. */
  #oneOfAll(): void {
    const ready = this._ready;
    for (const timer of this.#due()) ready.push(timer);
    for (let index = 0; index < ready.length; ) {
      const job = ready.at(index)!;
      if (job._cancelled) this.#forget(ready.take(index)!, -1);
      else index++;
    }
    const eligible: number[] = [];
    const options: Option[] = [];
    for (let index = 0; index < ready.length; index++) {
      const known = this.#known.get(ready.at(index)!)!;
      if (known.gaveWayTo !== null && known.gaveWayTo.size > 0) continue;
      eligible.push(index);
      options.push({ id: known.id, thread: known.thread, outside: false });
    }
    if (options.length === 0) return;
    for (const { known } of this.#arrivals) options.push({ id: known.id, thread: known.thread, outside: true });
    const chosen = this.#choose(options);
    const index = eligible[chosen];
    if (index === undefined) {
      const arrival = this.#arrivals[chosen - eligible.length]!;
      arrival.known.outOfOrder = true;
      this.#letArrive(arrival);
      return;
    }
    this.#run(ready.take(index)!, chosen > 0);
  }

  /** A turn as every loop has it, but for the order of equal deadlines and the moment of arrivals. */
  #asTheyCame(): void {
    const ready = this._ready;
    while (this.#arrivals.length > 0 && ready.length > 0) {
      const later: Option = { id: this.#settings.names.number("later"), thread: -1, outside: true };
      const options = [later, ...this.#arrivals.map(({ known }) => ({ ...known, outside: true }))];
      const chosen = this.#choose(options);
      if (chosen === 0) break;
      this.#arrivals[chosen - 1]!.known.outOfOrder = true;
      this.#letArrive(this.#arrivals[chosen - 1]!);
    }
    let due = this.#due();
    while (due.length > 0) {
      const equal = due.filter((timer) => timer.when() === due[0]!.when());
      const options = equal.map((timer) => ({ ...this.#known.get(timer)!, outside: false }));
      const free = this.#settings.freedoms.has("timers") && equal.length > 1;
      const chosen = free ? this.#choose(options) : 0;
      const timer = equal[chosen]!;
      if (chosen > 0) this.#known.get(timer)!.outOfOrder = true;
      ready.push(timer);
      due = due.filter((other) => other !== timer);
    }
    for (let left = ready.length; left > 0; left--) {
      const job = ready.shift();
      if (job._cancelled) this.#forget(job, -1);
      else this.#run(job, false);
    }
  }

  #due(): TimerHandle[] {
    const timers = this._timers;
    timers.next();
    const endMs = this.time() + this.host.clockResolutionMs;
    const due: TimerHandle[] = [];
    for (let timer = timers.popBefore(endMs); timer !== undefined; timer = timers.popBefore(endMs)) {
      if (timer._cancelled) continue;
      due.push(timer);
      if (this.#jump >= 0) this.#known.get(timer)!.after.push(this.#jump);
    }
    return due;
  }

  #letArrive(arrival: Arrival): void {
    this.#arrivals = this.#arrivals.filter((other) => other !== arrival);
    this.#known.set(arrival.handle, arrival.known);
    if (this.#jump >= 0) arrival.known.after.push(this.#jump);
    // In the freedom of "ready" the event comes now; otherwise it takes its place at the end of the queue.
    if (this.#settings.freedoms.has("ready")) this.#run(arrival.handle, false, true);
    else super._schedule(arrival.handle);
  }

  #choose(options: readonly Option[]): number {
    const chosen = this.#settings.chooser.choose(options, { steps: this.steps, decisions: this.decisions });
    this.decisions.push({ options, chosen });
    return chosen;
  }

  #run(job: Job, outOfOrder: boolean, outside = false): void {
    if (this.steps.length >= this.#settings.maxSteps) throw new StepLimit();
    const known = this.#known.get(job)!;
    this.#forget(job, this.steps.length);
    this.beforeStep?.(job);
    const footprint = new Footprint();
    footprint.anything = outside || !this.#settings.stateDeclared;
    this.#current = this.steps.length;
    this.#currentJob = job;
    this.#footprint = footprint;
    this.#children = 0;
    this.steps.push({
      id: known.id,
      after: known.after,
      footprint,
      thread: known.thread,
      decisions: this.decisions.length,
    });
    this.reports.push({ timeMs: this.time(), job, outOfOrder: outOfOrder || known.outOfOrder });
    this.touch(job, "read");
    if (job instanceof Handle) this.#touchCallback(job);
    try {
      this._runJob(job);
    } finally {
      this.#currentJob = null;
      this.#footprint = null;
    }
    this.afterStep?.(job, footprint);
  }

  /**
   * The done callbacks of a combinator are one function for all of its futures. What they count, they count in any order;
   * but which failure came first may be seen.
   */
  #touchCallback({ _callback: callback, _argument: argument }: Handle): void {
    if (callback === null || !isFuture(argument)) return;
    this.touch(callback, argument._failure === null ? "join" : "write");
  }

  /** The job runs, in the step at `place`, or was cancelled (-1): whoever gave way to it may come. */
  #forget(job: Job, place: number): void {
    this.#known.delete(job);
    for (const known of this.#known.values()) {
      if (known.gaveWayTo?.delete(job) && place >= 0) known.after.push(place);
    }
  }

  #know(kind: string, thread?: number): Known {
    const id = this.#settings.names.number(this.#childName(kind));
    return {
      id,
      after: this.#current === -1 ? [] : [this.#current],
      thread: thread ?? id,
      gaveWayTo: null,
      outOfOrder: false,
    };
  }

  #childName(kind: string): string {
    const parent = this.#current === -1 ? "" : this.steps[this.#current]!.id;
    return `${parent}/${kind}${this.#children++}`;
  }

  #name(object: object, name: string): { number: number; lasting: number } {
    const named = { number: this.#objects.size, lasting: this.#settings.names.number(name) };
    this.#objects.set(object, named);
    return named;
  }

  #taskSpawned(task: object): void {
    const name = this.#childName("spawn");
    this.#tasks.set(task, { thread: this.#settings.names.number(name), order: this.#tasks.size });
    this.#name(task, name);
  }

  #allReady(except: Job): Set<Job> {
    const jobs = new Set<Job>();
    for (let index = 0; index < this._ready.length; index++) jobs.add(this._ready.at(index)!);
    jobs.delete(except);
    return jobs;
  }
}

/** Stands for the jump of the clock in reports. */
export const nothing: Job = { _context: captureContext(), _cancelled: true, _run() {} };

/** A callback that schedules itself again gives way to others, as a task does that sleeps for no time. */
function isSameCallback(job: Job, current: Job): boolean {
  return (
    job instanceof Handle &&
    current instanceof Handle &&
    job._callback !== null &&
    job._callback === current._callback &&
    job._argument === current._argument
  );
}
