import type { GuestHost } from "./host.ts";
import { lookUpClock, nowMs } from "./platform-clock.ts";

/** The longest delay the platform's timers can take; a later deadline is reached in several steps. */
const longestDelayMs = 2 ** 31 - 1;

let shared: GuestHost | undefined;

/**
 * The host for platforms that have a loop of their own: Node, Deno, Bun, browsers and workers. Turns of the loop run in
 * a microtask, one after another for at most `turnBudgetMs`; then the platform's timers, I/O and rendering have their
 * share.
 */
export function defaultHost(): GuestHost {
  return (shared ??= {
    kind: "guest",
    clockResolutionMs: 1e-3,
    turnBudgetMs: 8,
    now: nowMs,
    wakeSoon(run) {
      // A clock that somebody has put in its place alone, without timers, is the clock from now on.
      lookUpClock();
      queueMicrotask(run);
    },
    wakeAt(whenMs, run) {
      let timer = setTimeout(due, delayUntil(whenMs));
      function due() {
        // A platform's timer may fire early, and takes only so long a delay.
        if (nowMs() + 1 < whenMs) timer = setTimeout(due, delayUntil(whenMs));
        else run();
      }
      return () => clearTimeout(timer);
    },
    giveWay: macrotask(),
    onIdle(listener) {
      const node = (globalThis as { process?: NodeJS.Process }).process;
      if (typeof node?.on !== "function") return () => {};
      node.on("beforeExit", listener);
      return () => {
        node.off("beforeExit", listener);
      };
    },
  });
}

function delayUntil(whenMs: number): number {
  return Math.min(Math.max(Math.ceil(whenMs - nowMs()), 0), longestDelayMs);
}

/** The platform's quickest macrotask: setImmediate where there is one, a message to oneself in browsers. */
function macrotask(): (run: () => void) => void {
  if (typeof setImmediate === "function") return (run) => void setImmediate(run);
  if (typeof MessageChannel !== "function") return (run) => void setTimeout(run, 0);
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  (port1 as unknown as { onmessage: () => void }).onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    port2.postMessage(null);
  };
}
