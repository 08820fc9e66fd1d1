import { Context } from "@tsyncio/context";
import type { EventLoop } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";

/** The future of a rejected promise. */
interface Rejected {
  exception(): unknown;
  getLoop(): EventLoop;
}

/**
 * A loop that never comes to rest (somebody spins with `sleep(0)`) must not keep a rejection secret: so many turns are
 * waited for at most. It is a number of turns, not a time, so that the same program always gets the same answer.
 */
const longestWaitTurns = 1_000;

/**
 * The rejected promises of one loop that nobody handles yet.
 *
 * The platform is told of a rejection by a native promise that is rejected for the same reason, its mirror; from then on
 * the platform does what it does with its own: Node emits `unhandledRejection`, a browser dispatches
 * `unhandledrejection`. When the promise is handled after all, so is its mirror, and the platform again does the rest:
 * it forgets the rejection if it was still on its way, or says `rejectionHandled` if it was not.
 *
 * The mirror is made when the loop has come to rest, as the platform looks when its microtasks have: a handler that
 * a job of the loop adds is in time, even when the loop gave the platform its share in between.
 */
class UnhandledRejections implements Job {
  readonly _context = new Context();
  readonly _cancelled = false;
  readonly #loop: EventLoop;
  readonly #rejected = new Set<Rejected>();
  #scheduled = false;
  #turns = 0;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  add(rejected: Rejected): void {
    this.#rejected.add(rejected);
    if (this.#loop.isClosed()) this.report();
    else if (!this.#scheduled) this.#schedule();
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#turns = 0;
    this.#loop._failures.add(this);
    this.#loop._schedule(this);
  }

  /** False when the platform was told already. */
  delete(rejected: Rejected): boolean {
    return this.#rejected.delete(rejected);
  }

  _run(): void {
    if (this.#rejected.size > 0 && this.#loop._ready.length > 0 && ++this.#turns < longestWaitTurns) {
      this.#loop._schedule(this);
    } else {
      this.#scheduled = false;
      this.report();
    }
  }

  /** Called by the loop's job above, or when the run ends. */
  report(): void {
    this.#loop._failures.delete(this);
    for (const rejected of this.#rejected) mirrors.set(rejected, rejectNatively(rejected.exception()));
    this.#rejected.clear();
  }

  toString(): string {
    return "<UnhandledRejections>";
  }
}

const ofLoop = new WeakMap<EventLoop, UnhandledRejections>();
const mirrors = new WeakMap<Rejected, Promise<never>>();

/** HostPromiseRejectionTracker(promise, "reject"). */
export function rejectedWithoutHandler(rejected: Rejected): void {
  const loop = rejected.getLoop();
  let rejections = ofLoop.get(loop);
  if (rejections === undefined) {
    rejections = new UnhandledRejections(loop);
    ofLoop.set(loop, rejections);
  }
  rejections.add(rejected);
}

/** HostPromiseRejectionTracker(promise, "handle"). */
export function handledAfterRejection(rejected: Rejected): void {
  if (ofLoop.get(rejected.getLoop())?.delete(rejected)) return;
  const mirror = mirrors.get(rejected);
  if (mirror === undefined) return;
  mirrors.delete(rejected);
  handleNatively(mirror);
}

// Async functions make native promises whatever the global `Promise` is: it may be missing, or be ours.

async function rejectNatively(reason: unknown): Promise<never> {
  throw reason;
}

async function handleNatively(mirror: Promise<never>): Promise<void> {
  try {
    await mirror;
  } catch {
    // The handler of the promise takes it.
  }
}
