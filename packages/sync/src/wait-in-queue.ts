import { created, Frameless } from "@tsyncio/coroutine/protocol";
import type { Waiter } from "./wait-queue.ts";

/** What an attempt gives when it has to wait. */
export const mustWait: unique symbol = Symbol("must wait");

/** How something of a subject (a lock, a queue) is had: at once, or after waiting. */
export interface Way<S, A, T> {
  /** The name of the coroutine. */
  readonly name: string;
  /** Does all of it and gives the result if it need not wait; otherwise does nothing. */
  attempt(subject: S, argument: A): T | typeof mustWait;
  /** Joins a queue. */
  queueUp(subject: S): Waiter;
  /** Goes on after it was woken; it may have to wait again. */
  goOn(subject: S, argument: A, waiter: Waiter): T | typeof mustWait;
  /** Leaves the queue for good: cancelled, maybe when it was woken already. */
  giveUp(subject: S, waiter: Waiter): void;
}

/**
 * A coroutine that ends at once when it can, and otherwise waits in a wait queue until it can. It needs no generator
 * either way: awaiting a lock that is free costs the one object it is. One class for all ways, so that the driver of
 * coroutines sees few shapes.
 */
export class WaitInQueue<S, A, T> extends Frameless<T> {
  get name(): string {
    return this._way.name;
  }

  /** @internal */
  _state: number = created;
  /** Read by the engine. @internal */
  done = false;
  /** Read by the engine. @internal */
  value: unknown = undefined;
  private readonly _way: Way<S, A, T>;
  private readonly _subject: S;
  private readonly _argument: A;

  constructor(way: Way<S, A, T>, subject: S, argument: A) {
    super();
    this._way = way;
    this._subject = subject;
    this._argument = argument;
    this._made();
  }

  protected _advance(): boolean {
    const way = this._way;
    const waiter = this.value as Waiter | undefined;
    let result: T | typeof mustWait;
    if (waiter === undefined) {
      result = way.attempt(this._subject, this._argument);
    } else {
      // Only who drives it by hand can come back before it was woken: an error at the wait, like any other.
      if (!waiter.woken) this.throw(errorOf(waiter));
      result = way.goOn(this._subject, this._argument, waiter);
    }
    if (result === mustWait) {
      this.value = way.queueUp(this._subject);
      return false;
    }
    this.value = result;
    return true;
  }

  protected override _abandon(): void {
    this._way.giveUp(this._subject, this.value as Waiter);
  }
}

function errorOf(waiter: Waiter): unknown {
  try {
    return waiter.result();
  } catch (error) {
    return error;
  }
}
