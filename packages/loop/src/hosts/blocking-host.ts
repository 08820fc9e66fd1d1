import { RuntimeError } from "@tsyncio/context";
import type { BlockingHost } from "./host.ts";
import { lookUpClock, nowMs } from "./platform-clock.ts";

/**
 * A host that owns the thread and sleeps by blocking it, so that `runForever()` and `runUntilComplete()` work as they
 * do in Python. Nothing else runs meanwhile: no native promise, no I/O of the platform.
 *
 * @throws TypeError from `wait` where the platform forbids blocking (a browser's main thread).
 */
export function blockingHost(): BlockingHost {
  lookUpClock();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  return {
    kind: "blocking",
    clockResolutionMs: 1e-6,
    now: nowMs,
    wait(untilMs) {
      if (untilMs === null) {
        throw new RuntimeError(
          "the loop has nothing ready and no timer, and nothing else can run while it blocks the thread: it would wait for ever",
        );
      }
      const delayMs = untilMs - nowMs();
      if (delayMs > 0) Atomics.wait(cell, 0, 0, delayMs);
    },
  };
}
