import type { BlockingHost, EventLoop } from "@tsyncio/loop";
import { VirtualTimeError } from "./errors.ts";

/** The settings of `virtualHost()`. */
export interface VirtualHostOptions {
  /** What the clock shows at first, in milliseconds. Default 0. */
  readonly startMs?: number;
  /** Where the clock may go at most: a program that would sleep beyond it fails. Default: no limit. */
  readonly maxTimeMs?: number;
  /** How often the clock may jump: a program that sleeps in an endless loop fails. Default 1,000,000. */
  readonly maxJumps?: number;
}

/** A host whose clock stands still while anything is ready, and jumps to the next deadline when nothing is. */
export interface VirtualHost extends BlockingHost {
  /** Milliseconds on the virtual clock. */
  now(): number;
  /**
   * Runs the loop on this host by hand: everything that is ready and every timer due within `delayMs`, then leaves the
   * clock at exactly `delayMs` later. `advance(0)` runs what is ready now. Does not suspend; nothing outside the call
   * runs a job.
   *
   * @throws VirtualTimeError when no loop uses the host, or its loop is running.
   * @throws RangeError when `delayMs` is negative or not a number.
   */
  advance(delayMs: number): void;
  /** True while the loop is stepped by `advance()`. */
  readonly steppedByHand: boolean;
}

/** Time you control: see `virtualHost()`. */
export class VirtualClock implements VirtualHost {
  readonly kind = "blocking";
  #nowMs: number;
  #jumps = 0;
  readonly #maxTimeMs: number;
  readonly #maxJumps: number;
  /** Where `advance()` is to stop, or null outside of it. */
  #untilMs: number | null = null;
  #loop: EventLoop | null = null;
  /** Called when the loop has nothing ready and no timer. @internal */
  _onDeadlock: ((loop: EventLoop | null) => Error) | null = null;

  constructor(options: VirtualHostOptions = {}) {
    this.#nowMs = milliseconds("startMs", options.startMs ?? 0);
    this.#maxTimeMs = options.maxTimeMs ?? Number.POSITIVE_INFINITY;
    this.#maxJumps = options.maxJumps ?? 1_000_000;
  }

  /** After years the numbers of milliseconds are further apart than a nanosecond: a step of the clock is two of them. */
  get clockResolutionMs(): number {
    return Math.max(1e-6, this.#nowMs * 2 ** -51);
  }

  get steppedByHand(): boolean {
    return this.#untilMs !== null;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Told by the loop that is made on this host. @internal */
  attach(loop: EventLoop): void {
    this.#loop = loop;
  }

  refuseOutside(what: string): Error | null {
    // Between two calls of advance() an async test may await, and native promises go on.
    if (this.steppedByHand || this.#loop === null || !this.#loop.isRunning()) return null;
    return new VirtualTimeError(
      `${what} cannot settle in virtual time, where the whole program runs in one call stack: inject it, by a coroutine function or a Future that the test settles (loop.callLater(20, () => future.setResult(value))); or run the program with run(), in real time`,
    );
  }

  wait(untilMs: number | null): void {
    const stopMs = this.#untilMs;
    if (stopMs !== null && (untilMs === null || untilMs > stopMs)) {
      this.#nowMs = Math.max(this.#nowMs, stopMs);
      this.#loop!.stop();
      return;
    }
    if (untilMs === null) {
      throw (
        this._onDeadlock?.(this.#loop) ??
        new VirtualTimeError("the loop has nothing ready and no timer, and nothing else can wake it in virtual time")
      );
    }
    this.#jump(untilMs);
  }

  advance(delayMs: number): void {
    milliseconds("delayMs", delayMs);
    const loop = this.#loop;
    if (loop === null) {
      throw new VirtualTimeError("advance() has no loop to run: make one with new EventLoop({ host })");
    }
    if (loop.isRunning()) {
      throw new VirtualTimeError(
        "advance() was called while its loop is running: call it from outside the loop, or `yield* sleep(delayMs)` inside",
      );
    }
    this.#untilMs = this.#nowMs + delayMs;
    try {
      loop.runForever();
    } finally {
      this.#untilMs = null;
    }
  }

  #jump(untilMs: number): void {
    if (untilMs > this.#maxTimeMs) {
      throw new VirtualTimeError(
        `the next timer is due at ${untilMs} ms, beyond the limit of ${this.#maxTimeMs} ms: raise maxTimeMs if the program may sleep so long`,
      );
    }
    if (++this.#jumps > this.#maxJumps) {
      throw new VirtualTimeError(
        `the clock jumped more than ${this.#maxJumps} times and shows ${this.#nowMs} ms: the program seems to sleep in an endless loop; raise maxJumps if it does not`,
      );
    }
    if (untilMs > this.#nowMs) this.#nowMs = untilMs;
  }
}

/**
 * A host whose clock jumps to the next timer: a loop on it finishes programs that sleep for a year in microseconds, in
 * one call stack.
 *
 * asyncio counterpart: none; the scripted clock of its own test-suite comes nearest.
 */
export function virtualHost(options?: VirtualHostOptions): VirtualHost {
  return new VirtualClock(options);
}

function milliseconds(name: string, value: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number of milliseconds, got ${String(value)}`);
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more milliseconds, got ${value}`);
  return value;
}
