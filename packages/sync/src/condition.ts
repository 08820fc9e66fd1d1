import { RuntimeError } from "@tsyncio/context";
import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError } from "@tsyncio/future";
import { describe } from "./describe.ts";
import { type Body, hold } from "./hold.ts";
import { Lock } from "./lock.ts";
import type { Permit } from "./permit.ts";
import { LoopBound, WaitQueue } from "./waiting.ts";

/** What a condition tells about itself. */
export interface ConditionStatistics {
  readonly locked: boolean;
  /** How many tasks wait to be notified. */
  readonly waiting: number;
}

/** Takes the lock, come what may; the last cancellation that came meanwhile is thrown when it has it. */
const reacquire = coroutine(function* reacquire(condition: Condition) {
  let cancellation: CancelledError | null = null;
  for (;;) {
    try {
      yield* condition.acquire();
      break;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      cancellation = error;
    }
  }
  if (cancellation !== null) throw cancellation;
});

const wait = coroutine(function* wait(condition: Condition) {
  if (!condition.locked()) throw new RuntimeError("cannot wait on un-acquired lock");
  const loop = condition._getLoop();
  condition.release();
  const waiters = condition._waiters;
  const waiter = waiters.add(loop);
  let notified = false;
  try {
    try {
      yield* waiter;
    } finally {
      waiters.remove(waiter);
      yield* reacquire(condition);
    }
    notified = true;
    return true as const;
  } finally {
    // It may have been notified before it failed: the notification goes to another one, who must be ready for
    // that (a condition's waiters may always wake up in vain).
    if (!notified) condition._notify(1);
  }
});

const waitFor = coroutine(function* waitFor<T>(condition: Condition, predicate: () => T) {
  let result = predicate();
  while (!result) {
    yield* condition.wait();
    result = predicate();
  }
  return result;
});

/**
 * A lock, and tasks that wait for something that changes under it.
 *
 * asyncio counterpart: `asyncio.Condition`.
 */
export class Condition extends LoopBound {
  /** @internal */
  readonly _waiters = new WaitQueue(this);
  private readonly _lock: Lock;

  /** On `lock`, which others may use too; on one of its own when none is given. */
  constructor(lock: Lock = new Lock()) {
    super();
    if (typeof lock?.acquire !== "function" || typeof lock.release !== "function") {
      throw new TypeError(`Condition expects a Lock, got ${String(lock)}`);
    }
    this._lock = lock;
  }

  /** How many tasks wait to be notified. */
  get nWaiting(): number {
    return this._waiters.length;
  }

  /** Whether somebody holds its lock. */
  locked(): boolean {
    return this._lock.locked();
  }

  /** Takes the lock: `Lock.acquire()`. */
  acquire(): Coroutine<Permit> {
    return this._lock.acquire();
  }

  /** Gives the lock back: `Lock.release()`. */
  release(): void {
    this._lock.release();
  }

  /** Runs `body` while it has the lock, and gives what it gives. asyncio counterpart: `async with condition`. */
  hold<T>(body: Body<T>): Coroutine<T> {
    return hold(this, body);
  }

  /**
   * Gives the lock back, suspends until it is notified, and takes the lock again. Gives true.
   *
   * Cancelling it stops the waiting; the lock is taken again before the cancellation is thrown.
   *
   * @throws RuntimeError when the lock is not held.
   */
  wait(): Coroutine<true> {
    return wait(this);
  }

  /** Waits until `predicate()` gives something true, and gives that. `predicate` is asked while the lock is held. */
  waitFor<T>(predicate: () => T): Coroutine<T> {
    if (typeof predicate !== "function") {
      throw new TypeError(`Condition.waitFor() expects a function, got ${String(predicate)}`);
    }
    return waitFor(this, predicate) as Coroutine<T>;
  }

  /**
   * Wakes the first `n` who wait. They go on when they have the lock again. Does not suspend.
   *
   * @throws RuntimeError when the lock is not held.
   */
  notify(n = 1): void {
    if (!this.locked()) throw new RuntimeError("cannot notify on un-acquired lock");
    this._notify(n);
  }

  /** Wakes everyone who waits: `notify()` for all. */
  notifyAll(): void {
    this.notify(this._waiters.length);
  }

  /** Whether its lock is held, and how many wait. */
  statistics(): ConditionStatistics {
    return { locked: this.locked(), waiting: this._waiters.length };
  }

  override toString(): string {
    return describe(this, this.locked() ? "locked" : "unlocked", this._waiters.length);
  }

  /** @internal */
  _notify(n: number): void {
    for (let woken = 0; woken < n && this._waiters.wakeNext(); woken++);
  }
}
