import { type Awaitable, type Coroutine, coroutine, isCoroutine } from "@tsyncio/coroutine";
import { Future, isFuture, type Suspension } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import { type EventLoop, getEventLoop, type TimerHandle } from "@tsyncio/loop";
import { toPromise } from "@tsyncio/promise-interop";
import type { FutureOf, ResultOf } from "./awaited.ts";
import { ensureFuture } from "./ensure-future.ts";
import { TimeoutError } from "./errors.ts";
import { checkMs } from "./timeout.ts";

/** The settings of `asCompleted()`. */
export interface AsCompletedOptions {
  /** After so many milliseconds whoever still waits gets a TimeoutError. Null, the default: no limit. */
  readonly timeoutMs?: number | null;
}

/**
 * Runs awaitables together, and gives their results in the order in which they come.
 *
 * In a coroutine, each turn of a `for` loop gives a coroutine of the next result, or of the next failure. With `.futures()`, each gives the next future that is done, so that it can be told which one it is. In an async
 * function `for await (const future of asCompleted(tasks))` does the same. The call itself does not suspend; cancelling
 * one of its coroutines stops that one waiting, and nothing else.
 *
 * @throws TypeError when the argument is not an iterable of awaitables. The coroutines throw TimeoutError when the time
 * is up before everything is done.
 * asyncio counterpart: `asyncio.as_completed`.
 *
 * @example
 * ```ts
 * for (const next of asCompleted([sleep(20, "slow"), sleep(1, "quick")])) {
 *   console.log(yield* next);
 * }
 * // prints:
 * //   quick
 * //   slow
 * ```
 */
export function asCompleted<A extends Awaitable<any>>(
  awaitables: Iterable<A>,
  options: AsCompletedOptions = {},
): AsCompleted<ResultOf<A>, FutureOf<A>> {
  return new AsCompleted(awaitables, options);
}

/**
 * What `asCompleted()` gives. Whichever way it is iterated, every awaitable counts once.
 *
 * `T` is what the awaitables give, `F` the futures that stand for them. (A program that iterates the very same `T` and `F` both ways
 * shows TypeScript's memory of types: `for await` then takes the element type of `for`. Use `futures()` there.)
 */
export class AsCompleted<T, F extends Future<any>> implements Iterable<Coroutine<T>>, AsyncIterable<F> {
  private readonly _loop: EventLoop;
  private readonly _completed: Completed;
  private readonly _todo: Set<Future<any>>;
  private readonly _timer: TimerHandle | null = null;
  private readonly _timeoutMs: number | null;
  private _left: number;
  private readonly _onDone: (future: Future<any>) => void;

  /** @internal */
  constructor(awaitables: Iterable<Awaitable<any>>, options: AsCompletedOptions) {
    const { timeoutMs = null } = options;
    checkMs("asCompleted", "timeoutMs", timeoutMs);
    if (isFuture(awaitables) || isCoroutine(awaitables) || typeof awaitables?.[Symbol.iterator] !== "function") {
      throw new TypeError(`asCompleted() expects an iterable of awaitables, got ${showResult(awaitables)}`);
    }
    const loop = getEventLoop();
    this._loop = loop;
    this._timeoutMs = timeoutMs;
    this._completed = new Completed(loop);
    this._onDone = (future) => this._handleDone(future);
    this._todo = new Set();
    for (const awaitable of new Set(awaitables)) this._todo.add(ensureFuture(awaitable, { loop }) as Future<any>);
    for (const future of this._todo) future.addDoneCallback(this._onDone);
    if (this._todo.size > 0 && timeoutMs !== null) {
      this._timer = loop.callLater(timeoutMs, () => this._handleTimeout());
    }
    this._left = this._todo.size;
  }

  /** Coroutines of the results, in the order in which they come. */
  *[Symbol.iterator](): Generator<Coroutine<T>, void, undefined> {
    while (this._take()) yield nextResult(this) as Coroutine<T>;
  }

  /** Coroutines of the futures, each done, in the order in which they become so. */
  *futures(): Generator<Coroutine<F>, void, undefined> {
    while (this._take()) yield nextFuture(this) as Coroutine<F>;
  }

  /** For async functions: the futures, each done, in the order in which they become so. */
  [Symbol.asyncIterator](): AsyncIterator<F, void, undefined> {
    return {
      next: () => {
        if (!this._take()) return Promise.resolve({ done: true, value: undefined });
        // The future goes in an object of its own: a promise resolved with a future would take its result instead.
        return toPromise(ensureFuture(this._nextEntry(), { loop: this._loop }));
      },
    };
  }

  private *_nextEntry(): Generator<Suspension, IteratorYieldResult<F>, unknown> {
    return { done: false, value: (yield* this._next()) as F };
  }

  /** The next future that is done. @internal */
  *_next(): Generator<Suspension, Future<any>, unknown> {
    const future = yield* this._completed.get();
    if (future === null) throw new TimeoutError(`timed out after ${this._timeoutMs} ms`);
    return future;
  }

  private _take(): boolean {
    if (this._left === 0) return false;
    this._left--;
    return true;
  }

  private _handleDone(future: Future<any>): void {
    // The timeout was here first, in the same turn.
    if (!this._todo.delete(future)) return;
    this._completed.put(future);
    if (this._todo.size === 0) this._timer?.cancel();
  }

  private _handleTimeout(): void {
    for (const future of this._todo) {
      future.removeDoneCallback(this._onDone);
      this._completed.put(null);
    }
    this._todo.clear();
  }
}

const nextResult = coroutine(function* asCompleted(
  completed: AsCompleted<any, any>,
): Generator<Suspension, any, unknown> {
  return (yield* completed._next()).result();
});

const nextFuture = coroutine(function* asCompleted(
  completed: AsCompleted<any, any>,
): Generator<Suspension, any, unknown> {
  return yield* completed._next();
});

/** The futures done and not yet taken, and those who wait for one: an unbounded queue, with asyncio's order of wake-ups. */
class Completed {
  private readonly _loop: EventLoop;
  private readonly _items: (Future<any> | null)[] = [];
  private _first = 0;
  /** A circle: `_next` of the head waits longest. */
  private readonly _getters = new Getter(null as never);

  constructor(loop: EventLoop) {
    this._loop = loop;
  }

  put(item: Future<any> | null): void {
    this._items.push(item);
    this._wakeNext();
  }

  *get(): Generator<Suspension, Future<any> | null, unknown> {
    // Whoever is woken may find that somebody else was quicker.
    while (this._isEmpty()) {
      const getter = new Getter(new Future<void>({ loop: this._loop }));
      getter.insertBefore(this._getters);
      try {
        yield* getter.future;
      } catch (error) {
        getter.future.cancel();
        getter.remove();
        // Woken, but cancelled before it could take the item: the next in line gets it.
        if (!this._isEmpty() && !getter.future.cancelled()) this._wakeNext();
        throw error;
      }
    }
    return this._items[this._first++]!;
  }

  private _isEmpty(): boolean {
    return this._first === this._items.length;
  }

  private _wakeNext(): void {
    for (let getter = this._getters.next; getter !== this._getters; getter = this._getters.next) {
      getter.remove();
      if (!getter.future.done()) {
        getter.future.setResult(undefined);
        return;
      }
    }
  }
}

class Getter {
  next: Getter = this;
  private _previous: Getter = this;
  readonly future: Future<void>;

  constructor(future: Future<void>) {
    this.future = future;
  }

  insertBefore(other: Getter): void {
    this.next = other;
    this._previous = other._previous;
    other._previous.next = this;
    other._previous = this;
  }

  remove(): void {
    this._previous.next = this.next;
    this.next._previous = this._previous;
    this.next = this;
    this._previous = this;
  }
}
