import { Context, RuntimeError } from "@tsyncio/context";
import {
  captureContext,
  commonContext,
  currentContext,
  enterContext,
  leaveContext,
  registry,
} from "@tsyncio/context/registry";
import type { Coroutine, CoroutineLike } from "@tsyncio/coroutine";
import {
  badYield,
  type Driver,
  failure,
  type Outcome,
  resume,
  type Step,
  stackOf,
  takeError,
  throwInto,
  toCoroutine,
} from "@tsyncio/coroutine/protocol";
import { CancelledError, Future, isFuture } from "@tsyncio/future";
import { showResult, toCancelledError } from "@tsyncio/future/waiting";
import type { EventLoop } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";

/** The settings of a new task. */
export interface TaskOptions {
  /** Its name. Default: "Task-1", "Task-2" … */
  readonly name?: string;
  /** The context it runs in. Default: a copy of the current one. */
  readonly context?: Context;
  /** Begins at once, inside the call that makes it, if the loop is running; it may be done when that call returns. */
  readonly eagerStart?: boolean;
  /** The loop it runs on. Default: the running one, or the default one. */
  readonly loop?: EventLoop;
}

/** One coroutine of a chain of awaits. */
export interface StackFrame {
  /** The name of its function. */
  readonly name: string;
  readonly coroutine: Coroutine<any>;
  /** The task that drives it. */
  readonly task: Task<any>;
}

/** What a task waits for: a future, or an error that its next step is to throw. */
interface Waited {
  result(): unknown;
  cancel(message?: string | CancelledError): boolean;
}

let tasksMade = 0;

/** What `_cancellation` is made of. */
const throwNext = 1;
const request = 2;

/** What `cancel()` was given, of tasks that declined. */
const declined = new WeakMap<Task<any>, string | CancelledError>();

/**
 * An independent job on the loop that runs a coroutine: it has an error boundary of its own, can be cancelled, and is a
 * Future of the coroutine's result.
 *
 * It is its own entry in the ready queue and among a future's subscribers, so suspending and waking it makes neither
 * handle nor closure. A pending task is held by its loop, and cannot be lost.
 *
 * asyncio counterpart: `asyncio.Task`.
 */
export class Task<T = unknown> extends Future<T> implements Job, Driver {
  /** The loop never passes over a task in its ready queue. @internal */
  declare _cancelled: boolean;
  /** @internal */
  _context!: Context;
  /** Null once it is done. @internal */
  _coroutine: Coroutine<T> | null;
  /** What it is suspended on: null when it is in the ready queue or running. @internal */
  _waitingOn: Waited | null = null;
  /**
   * Twice the number of cancellations that were asked for and not taken back; and one more while the next step is to
   * throw a CancelledError. @internal
   */
  _cancellation = 0;
  /** A name, or the number of the default one. @internal */
  private _name!: string | number;
  /** Among the pending tasks of its loop; negative when it is not listed. @internal */
  _place = -1;

  constructor(coroutine: CoroutineLike<T>, options?: TaskOptions);
  /** With `waits` it does not begin before `_enter()`; with `loop` nobody is asked for that. @internal */
  constructor(coroutine: CoroutineLike<T>, options: TaskOptions | undefined, waits: true, loop: EventLoop | undefined);
  constructor(coroutine: CoroutineLike<T>, options?: TaskOptions, waits?: boolean, loop?: EventLoop) {
    super(options, loop);
    this._coroutine = toCoroutine(coroutine, "new Task()");
    if (options === undefined) {
      this._name = ++tasksMade;
      this._context = captureContext();
    } else {
      this._configure(options);
    }
    if (!waits) this._enter(options);
  }

  /** Apart from the constructor, for the engine to have room for that where a task is made without options. */
  private _configure({ name, context }: TaskOptions): void {
    this._name = name === undefined ? ++tasksMade : checkName(name);
    this._context = context === undefined ? captureContext() : checkContext(context);
  }

  /**
   * Lets it begin. Apart from the constructor, and called by `createTask()` itself, so that the engine makes the task where
   * that is called: 7 % of a spawn. @internal
   */
  _enter(options: TaskOptions | undefined): void {
    const loop = this._loop;
    if (loop.debug) noteSite(this);
    if (options?.eagerStart === true) this._startNow();
    else loop._spawn(this);
  }

  /**
   * Asks the task to stop: a CancelledError with `message` is thrown into it at the await it is suspended on, in the
   * next turn. Its clean-up may await, and it may decline. Gives false when it is done already. A CancelledError may be
   * given in place of a message, to pass on its cause. Does not suspend.
   *
   * asyncio counterpart: `Task.cancel`.
   */
  override cancel(message?: string | CancelledError): boolean {
    this._retrieved();
    if (this.done()) return false;
    const last = this._requestCancel();
    if (last._waitingOn?.cancel(message) !== true) last._cancelNext(message);
    return true;
  }

  /**
   * Notes a request to cancel in this task, the task it awaits, and so on, and gives the last one: what that waits for
   * is to be cancelled. A chain of tasks is gone through in a loop: it may be longer than the call stack.
   *
   * @internal
   */
  _requestCancel(): Task<any> {
    let task: Task<any> = this;
    // Brent's way to find a circle: the mark moves up at every power of two.
    let mark: Task<any> = this;
    for (let steps = 1, markAt = 2; ; steps++) {
      task._cancellation += request;
      const waited = task._waitingOn;
      if (!isTask(waited) || waited.done() || waited.cancel !== cancelOfTask) return task;
      if (waited === mark) {
        task._leaveCircle();
        return task;
      }
      waited._retrieved();
      task = waited;
      if (steps === markAt) {
        mark = task;
        markAt *= 2;
      }
    }
  }

  /**
   * Tasks that await each other in a circle would wait for ever, and asyncio cannot cancel them (RecursionError): this
   * one stops waiting, and the circle is a chain.
   *
   * @internal
   */
  _leaveCircle(): void {
    (this._waitingOn as Future<any>)._unsubscribe(this);
    this._waitingOn = null;
    this._wake();
  }

  /** There is no wait to cut short: the next step throws. @internal */
  _cancelNext(message: string | CancelledError | undefined): void {
    this._cancellation |= throwNext;
    this._value = message;
  }

  /**
   * Takes back one request to cancel, and gives how many are left. When none is left, a cancellation that was not yet
   * thrown is not thrown any more.
   *
   * asyncio counterpart: `Task.uncancel`.
   */
  uncancel(): number {
    if (this._cancellation >= request) {
      this._cancellation -= request;
      if (this._cancellation < request) this._cancellation = 0;
    }
    return this.cancelling();
  }

  /** How many requests to cancel it has got that were not taken back. asyncio counterpart: `Task.cancelling`. */
  cancelling(): number {
    return this._cancellation >> 1;
  }

  /** Its name, as it was given or made. */
  getName(): string {
    return typeof this._name === "number" ? `Task-${this._name}` : this._name;
  }

  /** Gives it another name. */
  setName(name: string): void {
    checkName(name);
    this._name = name;
  }

  /** The stack of the call that made it, if its loop was in debug mode then. @internal */
  get _madeAt(): string | undefined {
    return sites.get(this);
  }

  /** The coroutine it runs; null once it is done. */
  getCoro(): Coroutine<T> | null {
    return this._coroutine;
  }

  /** The context it runs in. */
  getContext(): Context {
    if (this._context._common) {
      // Who asks gets one that is the task's own.
      this._context = this._loop._currentTask === this ? currentContext() : new Context();
    }
    return this._context;
  }

  /**
   * The whole chain of awaits: its coroutines, outermost first, then those of the task they await, and so on. Empty
   * when it is done.
   *
   * asyncio counterpart: `Task.get_stack`, which stops at the task's own frames.
   */
  getStack(): StackFrame[] {
    const frames: StackFrame[] = [];
    const seen = new Set<unknown>();
    for (let task: unknown = this; isTask(task) && !seen.has(task); task = task._waitingOn) {
      seen.add(task);
      for (const coroutine of task._coroutines()) frames.push({ name: coroutine.name, coroutine, task: task as Task });
    }
    return frames;
  }

  /** Its own coroutines, outermost first. @internal */
  _coroutines(): Coroutine<any>[] {
    const bottom = this._coroutine;
    if (bottom === null) return [];
    const gaveWay = this._waitingOn === null && bottom.state === "suspended";
    return stackOf(bottom, gaveWay ? this._loop._ready.besideOf(this) : null);
  }

  /** Writes the chain of awaits, one coroutine a line, to `write` (the console when it is not given). */
  printStack(write: (line: string) => void = (line) => console.error(line)): void {
    const frames = this.getStack();
    write(frames.length === 0 ? `No stack for ${this}` : `Stack for ${this} (outermost first):`);
    for (const { name, task } of frames) write(`  ${name}() in ${task.getName()}`);
  }

  /** @throws RuntimeError always: the result of a task is its coroutine's. */
  override setResult(_value: T): never {
    throw new RuntimeError("Task does not support set_result operation");
  }

  /** @throws RuntimeError always: the error of a task is its coroutine's. */
  override setException(_exception: unknown): never {
    throw new RuntimeError("Task does not support set_exception operation");
  }

  /** @internal */
  protected override _describe(): string {
    const state = !this.done() && this._cancellation >= request ? "cancelling" : this._describeState();
    const name = ` name=${JSON.stringify(this.getName())}`;
    const coro = this._coroutine === null ? "" : ` coro=${this._coroutine.name}()`;
    const awaiting = this._waitingOn instanceof Future ? ` awaiting=${shallow(this._waitingOn)}` : "";
    return `${this.constructor.name} ${state}${name}${coro}${awaiting}`;
  }

  /** Puts it into the ready queue. */
  private _wake(): void {
    this._loop._schedule(this);
  }

  /** The first step, inside the call that makes the task, if the loop is running. */
  private _startNow(): void {
    const loop = this._loop;
    if (!loop.isRunning()) {
      loop._spawn(this);
      return;
    }
    loop._enlistCurrent();
    const outer = loop._currentTask;
    const context = this._context;
    const enters = context !== commonContext || registry.context !== commonContext;
    // Refused by a context that is entered already, before anything knows of the task.
    const outerContext = enters ? enterContext(context) : commonContext;
    loop._currentTask = null;
    loop._beginning++;
    try {
      loop._spawnEagerly(this);
    } catch (error) {
      // None of the coroutine's: the native stack has come to its end. The call that makes the task fails.
      if (!this.done()) this._end();
      throw error;
    } finally {
      // A variable may have been set in the common context, and then the task has one of its own.
      if (enters || registry.context !== commonContext) this._context = leaveContext(outerContext);
      loop._beginning--;
      loop._currentTask = outer;
    }
  }

  /**
   * One step: runs the coroutine until it suspends or ends. Called by the loop's turn.
   *
   * What seldom happens is not written out here, so that the engine compiles the way from the loop to the coroutine and
   * back into one piece.
   *
   * @internal
   */
  _run(): void {
    const loop = this._loop;
    if (loop._currentTask !== null) throw whileAnother(this);
    const waited = this._waitingOn;
    this._waitingOn = null;
    // A result is fetched by the coroutine's own `yield*`; an error is thrown into it.
    let outcome: Outcome;
    if ((waited === null || hasResult(waited)) && (this._cancellation & throwNext) === 0) {
      loop._currentTask = this;
      outcome = resume(this._coroutine!, undefined, this);
    } else {
      outcome = this._throwIn(waited);
    }
    if (outcome !== null) {
      if (isFutureOf(loop, outcome) && outcome !== (this as Future<any>)) this._waitFor(outcome);
      else this._endWith(outcome);
    }
    loop._currentTask = null;
  }

  /** Its coroutine waits for a turn of the loop. @internal */
  _giveWay(step: object): void {
    this._loop._giveWay(this, step);
  }

  /** Resumes the coroutine with the error that the wait ended with, or that of a cancellation. */
  private _throwIn(waited: Waited | null): Outcome {
    const thrown = this._errorToThrow(waited);
    this._loop._currentTask = this;
    return thrown === nothing ? resume(this._coroutine!, undefined, this) : throwInto(this._coroutine!, thrown, this);
  }

  /** The error to throw in; nothing if there is none after all. */
  private _errorToThrow(waited: Waited | null): unknown {
    const error = waited === null ? nothing : errorOf(waited);
    if ((this._cancellation & throwNext) === 0) return error;
    this._cancellation ^= throwNext;
    return error instanceof CancelledError ? error : this._makeCancelledError();
  }

  /** Its coroutine has ended, or what it has suspended with is nothing to wait for. */
  private _endWith(outcome: Future<any> | Step): void {
    if (outcome === failure) this._throw(takeError());
    else if (outcome.done === true) this._return(outcome.value as T);
    else this._refuse(outcome);
  }

  private _throw(error: unknown): void {
    this._end();
    if (error instanceof CancelledError) {
      this._cancelWith(error);
    } else {
      this._keepCancelMessage();
      this._fail(error);
    }
  }

  private _return(value: T): void {
    this._end();
    if ((this._cancellation !== 0 || this._value !== undefined) && this._cancelledAtLast()) return;
    this._finish(value);
  }

  /** It was cancelled and went on to return: whether that was in its last step, and there is no await left to throw at. */
  private _cancelledAtLast(): boolean {
    if ((this._cancellation & throwNext) !== 0) {
      this._cancellation ^= throwNext;
      return super.cancel(this._value as string | CancelledError | undefined);
    }
    if (this._cancellation !== 0) this._reportSwallowed();
    this._keepCancelMessage();
    return false;
  }

  /** What `_cancelNext()` was given last outlives the task, though it declined: a gather that was cancelled tells it. */
  private _keepCancelMessage(): void {
    if (this._value !== undefined) declined.set(this, this._value as string | CancelledError);
  }

  /** The error for a gather that was cancelled, and whose last child this is, whatever the child ended with. @internal */
  _errorOfCancelledGather(): CancelledError {
    return this.cancelled() ? this._makeCancelledError() : toCancelledError(declined.get(this));
  }

  private _waitFor(waited: Future<any>): void {
    waited._subscribe(this);
    this._waitingOn = waited;
    if ((this._cancellation & throwNext) !== 0) this._cancelWait(waited);
  }

  /** It was cancelled while it ran: what it has suspended on is cancelled instead, if it agrees. */
  private _cancelWait(waited: Future<any>): void {
    if (waited.cancel(this._value as string | CancelledError | undefined)) this._cancellation ^= throwNext;
  }

  /** It cannot wait for what it has suspended on: in the next turn the coroutine is told by an error. */
  private _refuse(outcome: Future<any> | Step): void {
    this._waitingOn = new FailedWait(
      !isFuture(outcome)
        ? badYield(`Task ${this}`, outcome)
        : outcome === (this as Future<any>)
          ? new RuntimeError(`Task cannot await on itself: ${this}`)
          : new RuntimeError(`Task ${this} got Future ${outcome} attached to a different loop`),
    );
    this._wake();
  }

  private _end(): void {
    this._coroutine = null;
    if (this._place >= 0) this._loop._pendingTasks.delete(this);
    else this._place = -1;
  }

  private _reportSwallowed(): void {
    registry.cancellationSwallowed?.(this);
    if (!this._loop.debug) return;
    this._loop.callExceptionHandler({
      message:
        "a task was cancelled and went on to return a value: a catch may have swallowed its CancelledError; " +
        "let it pass, or call uncancel()",
      task: this,
    });
  }
}

Object.defineProperty(Task.prototype, "_cancelled", { value: false, writable: true });

// These stand outside of the class because a class that names itself in its own body is built under another name, which
// users would then see in what it prints.
const cancelOfTask = Task.prototype.cancel;

function isTask(value: unknown): value is Task<any> {
  return value instanceof Task;
}

/** Stands for a future when a coroutine suspended on something it cannot wait for. */
class FailedWait implements Waited {
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  result(): never {
    throw this.#error;
  }

  cancel(): boolean {
    return false;
  }
}

/** The state of a future that succeeded: see the small integers in @tsyncio/future. */
const succeeded = 2;

const isFutureOf = (loop: EventLoop, outcome: Future<any> | Step): outcome is Future<any> =>
  (outcome as Partial<Future<any>>)._loop === loop;

const hasResult = (waited: Waited): boolean => (waited as Partial<Future<any>>)._state === succeeded;

const resultOfFuture = Future.prototype.result;

/** In place of an error, when there is none to throw: any other value may be one. */
const nothing = Symbol("nothing");

/** The error that a wait which has no result ended with; nothing, if it has one after all. */
function errorOf(waited: Waited): unknown {
  if (hasResult(waited)) return nothing;
  if (hasError(waited)) return waited._error();
  try {
    waited.result();
  } catch (error) {
    return error;
  }
  return nothing;
}

/** Whether it is a future that throws what any other would, and that need not be thrown to be had. */
function hasError(waited: Waited): waited is Future<any> {
  return waited instanceof Future && waited.result === resultOfFuture && waited.done();
}

function whileAnother(task: Task<any>): RuntimeError {
  const { _currentTask: current } = task._loop;
  return new RuntimeError(`Cannot enter into task ${task} while another task ${current} is being executed.`);
}

function checkName(name: unknown): string {
  if (typeof name !== "string") throw new TypeError(`a task's name must be a string, got ${showResult(name)}`);
  return name;
}

function checkContext(context: Context): Context {
  if (typeof context?.run === "function") return context;
  throw new TypeError(`new Task() expects a Context as its context, got ${showResult(context)}`);
}

const sites = new WeakMap<Task<any>, string>();

function noteSite(task: Task<any>): void {
  sites.set(task, new Error("made here").stack ?? "");
}

/** A future awaited by a future awaited by …: only the first is shown. */
function shallow(future: Future<any>): string {
  return future instanceof Task ? `<Task ${future.state} name=${JSON.stringify(future.getName())}>` : String(future);
}
