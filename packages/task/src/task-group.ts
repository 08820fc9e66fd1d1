import { RuntimeError } from "@tsyncio/context";
import { type Awaitable, type Coroutine, type CoroutineLike, coroutine, GeneratorExit } from "@tsyncio/coroutine";
import { toCoroutine } from "@tsyncio/coroutine/protocol";
import {
  CancelledError,
  Future,
  futureAddToAwaitedBy,
  futureDiscardFromAwaitedBy,
  type Suspension,
} from "@tsyncio/future";
import { type EventLoop, getRunningLoop } from "@tsyncio/loop";
import { awaitAny } from "./awaited.ts";
import { createTask } from "./create-task.ts";
import { currentTask } from "./current-task.ts";
import { ExceptionGroup } from "./exception-group.ts";
import { checkBody } from "./scope-body.ts";
import type { Task, TaskOptions } from "./task.ts";

/** The settings of a group's `createTask()`: the group knows the loop. */
export type GroupTaskOptions = Omit<TaskOptions, "loop">;

/**
 * The tasks of a `taskGroup()`: none of them outlives its body.
 *
 * asyncio counterpart: `asyncio.TaskGroup`.
 */
export class TaskGroup {
  private readonly _loop: EventLoop;
  /** The task that runs the body: cancelled when a child fails. */
  private readonly _parent: Task<any>;
  private readonly _tasks = new Set<Task<any>>();
  private readonly _errors: unknown[] = [];
  private _exiting = false;
  private _aborting = false;
  /** Whether the parent has a cancel request of ours, which is ours to take back. */
  private _parentCancelled = false;
  /** What the exit waits for: set by the last child. */
  private _completed: Future<void> | null = null;

  /** @internal */
  constructor() {
    this._loop = getRunningLoop();
    const parent = currentTask(this._loop);
    if (parent === null) throw new RuntimeError("a task group works by cancelling a task: use it inside one");
    this._parent = parent;
  }

  /**
   * Starts a task that belongs to the group. Does not suspend.
   *
   * @throws RuntimeError when the group is over, or shutting down; the coroutine is closed then.
   * asyncio counterpart: `TaskGroup.create_task`.
   */
  createTask<T>(coro: CoroutineLike<T>, options?: GroupTaskOptions): Task<T> {
    if (this._exiting && this._tasks.size === 0) throw this._refuse(coro, "is finished");
    if (this._aborting) throw this._refuse(coro, "is shutting down");
    const task = createTask(coro, { ...options, loop: this._loop });
    futureAddToAwaitedBy(task, this._parent);
    // Also for an eager child that is done already: its failure must not cancel the body in the middle of this call.
    this._tasks.add(task);
    task.addDoneCallback(this._onTaskDone);
    // An eager child may have cancelled the group before it belonged to it.
    if (this._aborting && !task.done()) task.cancel();
    return task;
  }

  /**
   * Stops the group: cancels its tasks and its body. `taskGroup()` then ends without an error, and without a result
   * when the body was cut short. Calling it again, or when the group is over, does nothing. Does not suspend.
   *
   * asyncio counterpart: `TaskGroup.cancel` (3.15).
   */
  cancel(): void {
    if (this._aborting || (this._exiting && this._tasks.size === 0)) return;
    this._abortWithParent();
  }

  /** Its state, and how many tasks and errors it has. */
  toString(): string {
    let shown = "<TaskGroup";
    if (this._tasks.size > 0) shown += ` tasks=${this._tasks.size}`;
    if (this._errors.length > 0) shown += ` errors=${this._errors.length}`;
    return `${shown} ${this._aborting ? "cancelling" : "entered"}>`;
  }

  /**
   * Waits for the children after the body ended, with `error` when it failed.
   *
   * @throws what the group ends with.
   * @internal
   */
  *_exit(failed: boolean, error: unknown): Generator<Suspension, void, unknown> {
    this._exiting = true;
    const bodyCancelled = failed && error instanceof CancelledError;
    let cancellation: unknown = bodyCancelled ? error : null;
    // The body failed, or the parent was cancelled in it.
    if (failed && !this._aborting) this._abort();

    // Again and again: each cancellation of the parent ends one wait.
    let lateCancellation: unknown = null;
    while (this._tasks.size > 0) {
      this._completed ??= new Future<void>({ loop: this._loop });
      try {
        yield* this._completed;
      } catch (thrown) {
        if (!(thrown instanceof CancelledError)) throw thrown;
        lateCancellation = thrown;
        if (!this._aborting) {
          // The parent was cancelled while it waits for the children.
          cancellation = thrown;
          this._abort();
        }
      }
      this._completed = null;
    }

    if (this._parentCancelled) {
      // With no other request left, the cancellation was ours alone.
      if (this._parent.uncancel() === 0) cancellation = null;
      else cancellation ??= lateCancellation;
    }
    const errors = this._errors;
    if (cancellation !== null && errors.length === 0) throw cancellation;
    if (failed && !bodyCancelled) errors.push(error);
    if (errors.length === 0) return;
    // An outside cancellation gives way to the errors, but the request stays: the next await gets it.
    if (this._parent.cancelling() > 0) {
      this._parent.uncancel();
      this._parent.cancel();
    }
    if (errors.length === 1 && failed && error instanceof GeneratorExit) throw error;
    throw new ExceptionGroup("unhandled errors in a TaskGroup", errors);
  }

  private _refuse(coro: CoroutineLike<unknown>, why: string): RuntimeError {
    toCoroutine(coro, "createTask()").close();
    return new RuntimeError(`${this} ${why}: no task can be added`);
  }

  private _abort(): void {
    this._aborting = true;
    for (const task of this._tasks) if (!task.done()) task.cancel();
  }

  private _abortWithParent(): void {
    this._abort();
    this._parentCancelled = true;
    this._parent.cancel();
  }

  /** One function for all children: each costs one handle, and no closure. */
  private readonly _onTaskDone = (task: Task<any>): void => {
    this._tasks.delete(task);
    futureDiscardFromAwaitedBy(task, this._parent);
    if (this._completed !== null && this._tasks.size === 0 && !this._completed.done()) {
      this._completed.setResult(undefined);
    }
    if (task.cancelled()) return;
    const exception = task.exception();
    if (exception === null) return;
    this._errors.push(exception);
    if (this._parent.done()) {
      this._loop.callExceptionHandler({
        message: `${task} has failed, but the parent of its group is done already: ${this._parent}`,
        exception,
        task,
      });
      return;
    }
    // The parent is somewhere in the body: get it out. The exit takes the request back.
    if (!this._aborting) this._abortWithParent();
  };
}

/**
 * Runs `body` with a group to start tasks in, and waits for all of them: they are done when it returns. Gives what the
 * body returns. Suspends; cancelling it cancels the body and the tasks.
 *
 * When a task fails, the others and the body are cancelled, and once all have cleaned up, the failures are thrown in an
 * ExceptionGroup. A task that was cancelled by somebody else is no failure.
 *
 * @throws ExceptionGroup of what the tasks, and the body, failed with.
 * asyncio counterpart: `async with asyncio.TaskGroup() as group`.
 *
 * @example
 * ```ts
 * const [user, orders] = yield* taskGroup(function* (group) {
 *   const user = group.createTask(sleep(2, "Ada"));
 *   const orders = group.createTask(sleep(1, 3));
 *   return [yield* user, yield* orders] as const;
 * });
 * console.log(user, orders); // prints: Ada 3
 * ```
 */
export const taskGroup: <T>(body: (group: TaskGroup) => Awaitable<T>) => Coroutine<T> = coroutine(function* taskGroup<
  T,
>(body: (group: TaskGroup) => Awaitable<T>) {
  checkBody("taskGroup", body);
  const group = new TaskGroup();
  let result: T | undefined;
  let failed = false;
  let error: unknown;
  try {
    result = yield* awaitAny(body(group), "what the body of taskGroup() gives");
  } catch (thrown) {
    failed = true;
    error = thrown;
  }
  yield* group._exit(failed, error);
  return result as T;
});
