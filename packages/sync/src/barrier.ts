import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { Condition } from "./condition.ts";
import { BrokenBarrierError } from "./errors.ts";

/** What a barrier tells about itself. */
export interface BarrierStatistics {
  readonly parties: number;
  /** How many tasks wait for the others. */
  readonly waiting: number;
  readonly state: BarrierState;
}

/** Tasks come in; they go out; those inside are being sent away; nobody may come in any more. */
export type BarrierState = "filling" | "draining" | "resetting" | "broken";

/** One task's way through the round, while it has the lock. */
function* pass(barrier: Barrier) {
  // Those of the round before are still going out.
  yield* barrier._condition.waitFor(() => barrier._state === "filling" || barrier._state === "broken");
  if (barrier._state === "broken") throw new BrokenBarrierError("Barrier aborted");
  try {
    const position = barrier._count++;
    if (barrier._count === barrier.parties) {
      barrier._enter("draining");
    } else {
      yield* barrier._condition.waitFor(() => barrier._state !== "filling");
      if (barrier._state !== "draining") throw new BrokenBarrierError("Abort or reset of barrier");
    }
    return position;
  } finally {
    barrier._count--;
    barrier._leave();
  }
}

const wait = coroutine(function* wait(barrier: Barrier) {
  yield* barrier._condition.acquire();
  try {
    return yield* pass(barrier);
  } finally {
    barrier._condition.release();
  }
});

const reset = coroutine(function* reset(barrier: Barrier) {
  yield* barrier._condition.acquire();
  barrier._enter(barrier._count > 0 ? "resetting" : "filling");
  barrier._condition.release();
});

const abort = coroutine(function* abort(barrier: Barrier) {
  yield* barrier._condition.acquire();
  barrier._enter("broken");
  barrier._condition.release();
});

/**
 * Holds tasks until a number of them have come, then lets all of them go on; again and again.
 *
 * asyncio counterpart: `asyncio.Barrier`.
 */
export class Barrier {
  /** How many tasks go on together. */
  readonly parties: number;
  /** @internal */
  readonly _condition = new Condition();
  /** @internal */
  _state: BarrierState = "filling";
  /** How many are between coming in and going out. @internal */
  _count = 0;

  /** @throws RangeError when `parties` is less than 1. */
  constructor(parties: number) {
    if (!Number.isInteger(parties)) {
      throw new TypeError(`Barrier expects a whole number of parties, got ${String(parties)}`);
    }
    if (parties < 1) throw new RangeError("parties must be >= 1");
    this.parties = parties;
    this._condition._partOf = this;
  }

  /** How many tasks wait for the others. */
  get nWaiting(): number {
    return this._state === "filling" ? this._count : 0;
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    return this._state === "broken";
  }

  /**
   * Suspends until `parties` tasks wait. Gives each another position, from 0 to `parties - 1`.
   *
   * Cancelling it takes the task out of the round; the others wait for one more.
   *
   * @throws BrokenBarrierError when the barrier is or gets aborted, or is reset while the task waits.
   */
  wait(): Coroutine<number> {
    return wait(this);
  }

  /** Sends those who wait away with a BrokenBarrierError, and starts anew. */
  reset(): Coroutine<void> {
    return reset(this);
  }

  /** Sends those who wait away with a BrokenBarrierError, and everyone who comes from now on, until it is reset. */
  abort(): Coroutine<void> {
    return abort(this);
  }

  /** How many must come, how many wait, and its state. */
  statistics(): BarrierStatistics {
    return { parties: this.parties, waiting: this.nWaiting, state: this._state };
  }

  /** Its state, and how many wait. */
  toString(): string {
    const waiters = this.broken ? "" : `, waiters:${this.nWaiting}/${this.parties}`;
    return `<${this.constructor.name} [${this._state}${waiters}]>`;
  }

  /** @internal */
  _enter(state: BarrierState): void {
    this._state = state;
    this._condition.notifyAll();
  }

  /** The last one out opens the barrier for the next round. @internal */
  _leave(): void {
    if (this._count > 0) return;
    this._enter(this._state === "resetting" || this._state === "draining" ? "filling" : this._state);
  }
}
