import { CancelledError } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";

/** What can be cancelled: a Task, a Future, or anything with these methods. */
export interface Cancellable {
  /** Asks it to end; false when it is done already. */
  cancel(message?: string | CancelledError): boolean;
  /** Whether it has ended, in whatever way. */
  done(): boolean;
  /** Whether it ended by being cancelled. */
  cancelled(): boolean;
  /** Its error, or null; throws the CancelledError when it was cancelled. */
  exception(): unknown;
  /** Has a function called when it is done. */
  addDoneCallback(callback: () => void): void;
  /** Takes a function out again, and tells how often it was in. */
  removeDoneCallback(callback: () => void): number;
}

/**
 * Cancels `task` when `signal` aborts, at once when it has aborted already. Does not suspend.
 *
 * The CancelledError's message is the reason's, and its `cause` is the reason. When either side is done, nothing of the
 * other is left in it: any number of tasks may come and go on one signal. The function it gives ends it before that.
 */
export function cancelOnAbort(task: Cancellable, signal: AbortSignal): () => void {
  if (typeof task?.cancel !== "function" || typeof task.addDoneCallback !== "function") {
    throw new TypeError(`cancelOnAbort() expects a Task or a Future, got ${showResult(task)}`);
  }
  if (typeof signal?.addEventListener !== "function" || typeof signal.aborted !== "boolean") {
    throw new TypeError(`cancelOnAbort() expects an AbortSignal, got ${showResult(signal)}`);
  }
  if (task.done()) return () => {};
  if (signal.aborted) {
    task.cancel(abortError(signal));
    return () => {};
  }
  const audience = audienceOf(signal);
  const stop = () => {
    task.removeDoneCallback(stop);
    audience.leave(stop);
  };
  audience.join(stop, task);
  task.addDoneCallback(stop);
  return stop;
}

/**
 * A signal that aborts when `task` ends cancelled, with its CancelledError as the reason. Asked again, it is the same
 * one. Does not suspend.
 */
export function abortSignalOf(task: Cancellable): AbortSignal {
  if (typeof task?.cancelled !== "function" || typeof task.addDoneCallback !== "function") {
    throw new TypeError(`abortSignalOf() expects a Task or a Future, got ${showResult(task)}`);
  }
  const known = signals.get(task);
  if (known !== undefined) return known;
  const controller = new AbortController();
  signals.set(task, controller.signal);
  const abort = () => {
    if (!task.cancelled()) return;
    try {
      task.exception();
    } catch (error) {
      controller.abort(error);
    }
  };
  if (task.done()) abort();
  else task.addDoneCallback(abort);
  return controller.signal;
}

const signals = new WeakMap<Cancellable, AbortSignal>();

/**
 * Those who wait for one signal. They share one listener: an EventTarget searches all it has whenever one is added or
 * removed, which for 100,000 of them takes minutes.
 */
class Audience {
  readonly #signal: AbortSignal;
  /** By the function that takes each out again. */
  readonly #tasks = new Map<() => void, Cancellable>();
  readonly #listener = () => this.#abort();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  join(stop: () => void, task: Cancellable): void {
    if (this.#tasks.size === 0) this.#signal.addEventListener("abort", this.#listener);
    this.#tasks.set(stop, task);
  }

  leave(stop: () => void): void {
    if (this.#tasks.delete(stop) && this.#tasks.size === 0) this.#end();
  }

  #abort(): void {
    for (const [stop, task] of [...this.#tasks]) {
      // Cancelling one may have ended another, which is then no longer here.
      if (!this.#tasks.has(stop)) continue;
      stop();
      task.cancel(abortError(this.#signal));
    }
  }

  #end(): void {
    this.#signal.removeEventListener("abort", this.#listener);
    audiences.delete(this.#signal);
  }
}

const audiences = new WeakMap<AbortSignal, Audience>();

function audienceOf(signal: AbortSignal): Audience {
  let audience = audiences.get(signal);
  if (audience === undefined) {
    audience = new Audience(signal);
    audiences.set(signal, audience);
  }
  return audience;
}

/** A CancelledError that tells why the signal was aborted. */
function abortError(signal: AbortSignal): CancelledError {
  const reason: unknown = signal.reason;
  return new CancelledError(reason instanceof Error ? reason.message : String(reason), { cause: reason });
}
