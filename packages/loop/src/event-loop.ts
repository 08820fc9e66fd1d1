import { type Context, RuntimeError } from "@tsyncio/context";
import {
  captureContext,
  commonContext,
  enterCommon,
  enterContext,
  leaveCommon,
  leaveContext,
  registry,
} from "@tsyncio/context/registry";
import { LoopClosedError } from "./errors.ts";
import { Handle, TimerHandle } from "./handle.ts";
import { defaultHost } from "./hosts/default-host.ts";
import type { BlockingHost, GuestHost, Host } from "./hosts/host.ts";
import type { Instrument } from "./instrument.ts";
import type { Job, PendingTask } from "./job.ts";
import { ReadyQueue } from "./ready-queue.ts";
import { Roster } from "./roster.ts";
import { type ExceptionContext, logStrayError } from "./stray-error.ts";
import { Timers } from "./timers.ts";
import { isPendingTask, watchedMethods } from "./watched.ts";

/** The settings of a new loop. */
export interface EventLoopOptions {
  /** The clock, and the way to be woken. Default: `defaultHost()`. */
  readonly host?: Host;
  /** Looks for mistakes, at a cost: slow callbacks, swallowed cancellations, where tasks were made. */
  readonly debug?: boolean;
  /** In debug mode a callback that takes longer is reported. Milliseconds; default 100. */
  readonly slowCallbackDurationMs?: number;
}

/** The settings of `callSoon()`, `callLater()` and `callAt()`. */
export interface CallOptions {
  /** The context the callback runs in. Default: a copy of the current one. */
  readonly context?: Context;
}

/** What `runUntilComplete` needs of a future. */
export interface Completable<T> {
  /** Whether it has a result, or an error. */
  done(): boolean;
  /** The result; throws the error, or that there is none yet. */
  result(): T;
  /** Has a function called when it is done, in a turn of its loop. */
  addDoneCallback(callback: () => void): void;
  /** Takes a function out again, and tells how often it was in. */
  removeDoneCallback(callback: () => void): number;
  /** The loop it belongs to. */
  getLoop(): EventLoop;
}

/** Takes what nobody else can: errors of callbacks, failures nobody retrieved. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

/** While turns are short the clock is read only every so many of them: reading it costs as much as a short turn. */
const turnsPerClockReading = 32;
/** Turns that took this long since the last reading are not short. */
const shortMs = 0.5;

/** The place of an eager task in its first step, among the pending ones: it has none yet. */
const beginning = -2;

/**
 * A queue of jobs on one thread: it takes what is ready, in order, one job after another, and then waits for the next
 * timer or for the outside.
 *
 * On a guest host (the default) it is driven by the platform as soon as there is something to do. On a blocking host
 * it runs inside `runForever()` and `runUntilComplete()`, as in Python.
 *
 * asyncio counterpart: `asyncio.EventLoop`.
 */
export class EventLoop {
  /** Looks for mistakes, at a cost. */
  debug: boolean;
  /** In debug mode a callback that takes longer is reported. Milliseconds. */
  slowCallbackDurationMs: number;

  /** Jobs to run, first in, first out. @internal */
  readonly _ready = new ReadyQueue<Job>();
  /** @internal */
  readonly _timers = new Timers();
  /** Null while nobody watches. @internal */
  _instruments: Instrument[] | null = null;
  /** The task whose step is running: kept here by the layer that has tasks. @internal */
  _currentTask: PendingTask | null = null;
  /**
   * How many eager tasks are in their first step, each begun inside that of the one before. A spawn asks for no more than
   * whether there is one. @internal
   */
  _beginning = 0;
  /** The tasks that are not done: kept by the layer that has tasks. @internal */
  readonly _pendingTasks = new Roster<PendingTask>();
  /** Failures nobody has retrieved: kept by the layer that has futures. @internal */
  readonly _failures = new Set<{ report(): void }>();

  readonly #host: Host;
  #exceptionHandler: ExceptionHandler | null = null;
  #closed = false;
  #running = false;
  #stopping = false;
  /** Guest: a drive has been asked for and has not begun. */
  #requested = false;
  /** Guest: takes back the wake-up asked for the next timer. */
  #disarm: (() => void) | null = null;
  readonly #drive = () => this.#driveTurns();

  constructor(options: EventLoopOptions = {}) {
    if (options === null || typeof options !== "object") {
      throw new TypeError(`new EventLoop() expects options such as {debug: true}, got ${String(options)}`);
    }
    const { host = defaultHost(), debug = false, slowCallbackDurationMs = 100 } = options;
    if (host?.kind !== "guest" && host?.kind !== "blocking") {
      throw new TypeError(
        `new EventLoop() expects a host whose kind is "guest" or "blocking", such as defaultHost(), got ${String(host)}`,
      );
    }
    this.#host = host;
    if (host.kind === "blocking") host.attach?.(this);
    this.debug = debug;
    this.slowCallbackDurationMs = slowCallbackDurationMs;
  }

  /** The host it runs on. */
  get host(): Host {
    return this.#host;
  }

  /** The time on the loop's clock, in milliseconds; only differences mean something. */
  time(): number {
    return this.#host.now();
  }

  /**
   * Calls `callback` in the next turn. Does not suspend.
   *
   * @throws LoopClosedError when the loop is closed.
   * asyncio counterpart: `loop.call_soon`.
   */
  callSoon(callback: () => void, options?: CallOptions): Handle {
    checkCallback("callSoon", callback);
    const handle = new Handle(callback, undefined, contextOf("callSoon", options));
    this._schedule(handle);
    return handle;
  }

  /**
   * Calls `callback` after `delayMs` milliseconds; at once in the next turn when that is 0 or less. Does not suspend.
   *
   * @throws LoopClosedError when the loop is closed.
   * @throws TypeError when the delay is no number; RangeError when it is NaN.
   * asyncio counterpart: `loop.call_later`.
   */
  callLater(delayMs: number, callback: () => void, options?: CallOptions): TimerHandle {
    checkTime("callLater", "delay", delayMs);
    return this.#callAt("callLater", this.time() + delayMs, callback, options);
  }

  /**
   * Calls `callback` when the loop's clock shows `whenMs`. Does not suspend.
   *
   * @throws LoopClosedError when the loop is closed.
   * @throws TypeError when the time is no number; RangeError when it is NaN.
   * asyncio counterpart: `loop.call_at`.
   */
  callAt(whenMs: number, callback: () => void, options?: CallOptions): TimerHandle {
    checkTime("callAt", "time", whenMs);
    return this.#callAt("callAt", whenMs, callback, options);
  }

  #callAt(method: string, whenMs: number, callback: () => void, options: CallOptions | undefined): TimerHandle {
    checkCallback(method, callback);
    return this._setTimer(whenMs, callback, undefined, contextOf(method, options));
  }

  /**
   * Runs until `stop()` is called. Blocks the thread.
   *
   * @throws RuntimeError on a guest host, which cannot block, or when a loop is running already.
   * asyncio counterpart: `loop.run_forever`.
   */
  runForever(): void {
    const host = this.#checkMayBlock("runForever");
    const outer = registry.runningLoop;
    this.#running = true;
    registry.runningLoop = this;
    const common = enterCommon();
    try {
      do {
        this.#waitBlocking(host);
        this._turns(1);
      } while (!this.#stopping);
    } finally {
      leaveCommon(common);
      this.#stopping = false;
      this.#running = false;
      registry.runningLoop = outer;
    }
  }

  /**
   * Runs until `future` is done, and gives its result or throws its error. Blocks the thread. Anything awaitable is
   * accepted once `@tsyncio/task` is loaded.
   *
   * @throws RuntimeError on a guest host, which cannot block; when a loop is running already; when the loop is stopped
   * before the future is done.
   * asyncio counterpart: `loop.run_until_complete`.
   */
  runUntilComplete<T>(future: Completable<T>): T {
    this.#checkMayBlock("runUntilComplete");
    const stop = () => this.stop();
    future.addDoneCallback(stop);
    try {
      this.runForever();
    } finally {
      future.removeDoneCallback(stop);
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  /**
   * Makes `runForever()` return after the current turn. Does not suspend.
   *
   * @throws RuntimeError on a guest host: the platform drives such a loop, and it can only be closed.
   */
  stop(): void {
    if (this.#host.kind === "guest") {
      throw new RuntimeError("a loop on a guest host is driven by the platform and cannot be stopped; close() it");
    }
    this.#stopping = true;
  }

  /**
   * Forgets everything scheduled and refuses anything new. Closing twice does nothing. Does not suspend.
   *
   * @throws RuntimeError while the loop is running.
   */
  close(): void {
    if (this.#running) throw new RuntimeError("Cannot close a running event loop");
    if (this.#closed) return;
    this.#closed = true;
    this._ready.clear();
    this._timers.clear();
    this.#disarm?.();
    this.#disarm = null;
  }

  /** Whether a turn is running now (on a blocking host: whether `runForever()` is). */
  isRunning(): boolean {
    return this.#running;
  }

  /** Whether `close()` was called. */
  isClosed(): boolean {
    return this.#closed;
  }

  /** Sets who takes stray errors; null for the default, which writes to the console. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== "function") {
      throw new TypeError(`A callable object or null is expected, got ${String(handler)}`);
    }
    this.#exceptionHandler = handler;
  }

  /** What `setExceptionHandler()` was given; null for the default one. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#exceptionHandler;
  }

  /** Writes a stray error to the console. */
  defaultExceptionHandler(context: ExceptionContext): void {
    logStrayError(context);
  }

  /** Hands a stray error to the handler. Never throws: what the handler throws goes to the default handler. */
  callExceptionHandler(context: ExceptionContext): void {
    const handler = this.#exceptionHandler;
    try {
      if (handler === null) this.defaultExceptionHandler(context);
      else handler(this, context);
    } catch (error) {
      logStrayError({ message: "Unhandled error in exception handler", exception: error, context });
    }
  }

  /** Lets `instrument` watch. The function it gives ends that. */
  addInstrument(instrument: Instrument): () => void {
    if (instrument === null || typeof instrument !== "object") {
      throw new TypeError(`addInstrument() expects an object with methods such as idle(), got ${String(instrument)}`);
    }
    this._instruments = [...(this._instruments ?? []), instrument];
    Object.assign(this, watchedMethods);
    return () => {
      const others = (this._instruments ?? []).filter((other) => other !== instrument);
      this._instruments = others.length === 0 ? null : others;
      if (others.length > 0) return;
      for (const name of Object.keys(watchedMethods)) Reflect.deleteProperty(this, name);
    };
  }

  /** Its state, as `<EventLoop idle>`: idle, running or closed, and whether it is in debug mode. */
  toString(): string {
    const state = this.#closed ? "closed" : this.#running ? "running" : "idle";
    return `<EventLoop ${state}${this.debug ? " debug" : ""}>`;
  }

  /** Puts a job into the ready queue. @internal */
  _schedule(job: Job): void {
    if (!this.#running) this.#request();
    this._ready.push(job);
  }

  /** Puts the job that runs into the ready queue again, and beside it the step by which it gives way. @internal */
  _giveWay(job: Job, step: object): void {
    this._ready.pushWith(job, step);
  }

  /** `callSoon` for one argument, without a closure. @internal */
  _callSoon<A>(callback: (argument: A) => unknown, argument: A, context: Context): Handle {
    const handle = new Handle(callback, argument, context);
    this._schedule(handle);
    return handle;
  }

  /** `callAt` for one argument, without a closure. @internal */
  _setTimer<A>(whenMs: number, callback: (argument: A) => unknown, argument: A, context: Context): TimerHandle {
    if (!this.#running) this.#request();
    const timer = new TimerHandle(whenMs, callback, argument, context);
    this._timers.push(timer);
    return timer;
  }

  /** Takes in a new task, and makes it ready. @internal */
  _spawn(task: PendingTask): void {
    // Refused by a closed loop, before anything knows of the task.
    this._schedule(task);
    if (this._beginning > 0) this._enlistCurrent();
    this._pendingTasks.add(task);
  }

  /** Takes in a new task, and runs its first step now, in the context that is entered already. @internal */
  _spawnEagerly(task: PendingTask): void {
    task._place = beginning;
    task._run();
    if (task._place === beginning) this._pendingTasks.add(task);
  }

  /**
   * Lists the current task if it is an eager one in its first step. Most end in that, and are never listed; but before it
   * makes another task, or somebody looks, it takes its place. @internal
   */
  _enlistCurrent(): void {
    const task = this._currentTask;
    if (task !== null && task._place === beginning) this._pendingTasks.add(task);
  }

  /** Tells every instrument. @internal */
  _tell(event: keyof Instrument, subject: unknown): void {
    for (const instrument of this._instruments ?? []) {
      try {
        (instrument[event] as ((subject: unknown) => void) | undefined)?.call(instrument, subject);
      } catch (error) {
        this.callExceptionHandler({ message: `Exception in an instrument's ${event}()`, exception: error });
      }
    }
  }

  /** Tells that a task has made a step. @internal */
  _tellOfStep(task: Job): void {
    this._tell("afterTaskStep", task);
    if (!isPendingTask(task)) this._tell("taskExited", task);
  }

  /** Something is about to be scheduled from outside: on a guest host the platform is asked to drive the loop. */
  #request(): void {
    if (this.#closed) throw new LoopClosedError();
    if (this.#requested || this.#host.kind !== "guest") return;
    this.#requested = true;
    this.#host.wakeSoon(this.#drive);
  }

  /** Guest hosts: runs turns until nothing is ready or the platform should have its share. */
  #driveTurns(): void {
    this.#requested = false;
    if (this.#closed || this.#running) return;
    const host = this.#host as GuestHost;
    this.#disarm?.();
    this.#disarm = null;
    const outer = registry.runningLoop;
    this.#running = true;
    registry.runningLoop = this;
    let read = host.now();
    const budgetEndMs = read + host.turnBudgetMs;
    let most = 1;
    const common = enterCommon();
    try {
      for (;;) {
        this._turns(most);
        if (this._ready.length === 0) break;
        const nowMs = host.now();
        if (nowMs >= budgetEndMs) break;
        most = nowMs - read < shortMs ? turnsPerClockReading : 1;
        read = nowMs;
      }
    } finally {
      leaveCommon(common);
      this.#running = false;
      registry.runningLoop = outer;
    }
    if (this._ready.length > 0) {
      this.#requested = true;
      host.giveWay(this.#drive);
    } else {
      const nextMs = this._timers.next();
      if (this._instruments !== null) this._tell("idle", nextMs);
      // An instrument may have scheduled something, and so have asked to be woken.
      if (nextMs !== null && !this.#requested) this.#disarm = host.wakeAt(nextMs, this.#drive);
    }
  }

  #waitBlocking(host: BlockingHost): void {
    const nextMs = this._timers.next();
    if (this._ready.length > 0 || this.#stopping) return;
    if (nextMs !== null && nextMs <= host.now()) return;
    if (this._instruments !== null) {
      this._tell("idle", nextMs);
      if (this._ready.length > 0) return;
    }
    host.wait(nextMs);
  }

  /**
   * Runs turns, at least one, and then while something is ready, up to `most`. In a turn what is due becomes ready, and
   * what was ready when it began runs. The only place that runs jobs.
   *
   * Turns can be as short as one `sleep(0)`, so a call for each would be felt: 5 % of it. A loop that has its own order
   * overrides this, and may run one turn a call: nothing is asked per turn of one that does not.
   *
   * @internal
   */
  _turns(most: number): void {
    const ready = this._ready;
    for (let turns = most; turns > 0; turns--) {
      if (this._timers.length > 0) this._fireDue();
      for (let left = ready.length; left > 0; left--) {
        const job = ready.shift();
        if (job._cancelled) continue;
        if (this.debug) this._runTimed(job);
        else this._runJob(job);
      }
      if (ready.length === 0) return;
    }
  }

  private _fireDue(): void {
    const timers = this._timers;
    timers.next();
    const endMs = this.#host.now() + this.#host.clockResolutionMs;
    for (let timer = timers.popBefore(endMs); timer !== undefined; timer = timers.popBefore(endMs)) this._fire(timer);
  }

  /** A timer is due: it is ready. @internal */
  _fire(timer: TimerHandle): void {
    this._ready.push(timer);
  }

  /** Runs one job in its context. @internal */
  _runJob(job: Job): void {
    if (job._context !== commonContext || registry.context !== commonContext) {
      this._runInContext(job);
      return;
    }
    // There is nothing to enter; but a variable may be set, and then the job has a context of its own.
    try {
      job._run();
    } catch (error) {
      this._reportError(job, error);
    }
    if (registry.context !== commonContext) job._context = leaveContext(commonContext);
  }

  private _runInContext(job: Job): void {
    const context = job._context;
    let outer: Context | null | undefined;
    try {
      outer = enterContext(context);
      job._run();
    } catch (error) {
      this._reportError(job, error);
    }
    if (outer === undefined) return;
    const left = leaveContext(outer);
    if (left !== context) job._context = left;
  }

  private _reportError(job: Job, error: unknown): void {
    this.callExceptionHandler({ message: `Exception in callback ${job}`, exception: error, handle: job });
  }

  private _runTimed(job: Job): void {
    const description = String(job);
    const startMs = this.time();
    this._runJob(job);
    const tookMs = this.time() - startMs;
    if (tookMs >= this.slowCallbackDurationMs) {
      this.callExceptionHandler({ message: `Executing ${description} took ${tookMs.toFixed(3)} ms`, handle: job });
    }
  }

  #checkMayBlock(method: string): BlockingHost {
    if (this.#closed) throw new LoopClosedError();
    if (this.#host.kind !== "blocking") {
      throw new RuntimeError(
        `${method}() blocks the thread, which the host of this loop cannot do; use run(), or a loop on blockingHost()`,
      );
    }
    if (this.#running) throw new RuntimeError("This event loop is already running");
    return this.#host;
  }
}

function checkCallback(method: string, callback: unknown): void {
  if (typeof callback !== "function") {
    throw new TypeError(`a callable object was expected by ${method}(), got ${describe(callback)}`);
  }
}

function checkTime(method: string, what: string, value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(`${method}() expects a ${what} in milliseconds, a number, got ${describe(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`${method}() expects a ${what} in milliseconds, got NaN`);
}

function contextOf(method: string, options: CallOptions | undefined): Context {
  if (options === undefined) return captureContext();
  if (options === null || typeof options !== "object") {
    throw new TypeError(`${method}() expects options such as {context}, got ${describe(options)}`);
  }
  return options.context ?? captureContext();
}

function describe(value: unknown): string {
  return typeof value === "function" ? `function ${value.name || "(anonymous)"}` : String(value);
}
