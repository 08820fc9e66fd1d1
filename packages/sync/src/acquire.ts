import { Permit } from "./permit.ts";
import { mustWait, type Way } from "./wait-in-queue.ts";
import type { Waiter } from "./wait-queue.ts";

/** What gives permits, at once or later. */
export interface PermitSource {
  /** Takes a permit if one is free and nobody is in front. */
  _take(): boolean;
  /** Puts a waiter into the queue. */
  _queueUp(): Waiter;
  /** A waiter has been woken, and takes its permit. */
  _woken(waiter: Waiter): void;
  /** A waiter goes away without a permit; it may have been woken for one. */
  _gaveUp(waiter: Waiter): void;
  release(): void;
}

/** The one `acquire()` of everything that gives permits. */
export const acquiring: Way<PermitSource, undefined, Permit> = {
  name: "acquire",
  attempt: (source) => (source._take() ? new Permit(source) : mustWait),
  queueUp: (source) => source._queueUp(),
  goOn(source, _argument, waiter) {
    source._woken(waiter);
    return new Permit(source);
  },
  giveUp: (source, waiter) => source._gaveUp(waiter),
};
