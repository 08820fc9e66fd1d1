import { afterEach, describe, expect, test, vi } from "vitest";
import { EventLoop } from "../event-loop.ts";
import type { GuestHost } from "./host.ts";

/** The platform's macrotasks that came between: what a guest must not starve. */
function countMacrotasks() {
  let count = 0;
  let stopped = false;
  const tick = () => {
    count++;
    if (!stopped) setImmediate(tick);
  };
  setImmediate(tick);
  return {
    get count() {
      return count;
    },
    stop() {
      stopped = true;
    },
  };
}

const promiseOf = <T>(start: (resolve: (value: T) => void) => void) => new Promise<T>(start);

describe("a loop on the default host", () => {
  test("drives itself as soon as something is scheduled, in a microtask", async () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.callSoon(() => order.push("job"));
    order.push("synchronous");
    await Promise.resolve();
    order.push("microtask");
    expect(order).toEqual(["synchronous", "job", "microtask"]);
    expect(loop.isRunning()).toBe(false);
  });

  test("sets the platform's timer for its earliest deadline, and keeps the order of deadlines", async () => {
    const loop = new EventLoop();
    const order: string[] = [];
    // Of one reading of the clock: between two of them the machine may stand still.
    const now = loop.time();
    await promiseOf<void>((resolve) => {
      loop.callAt(now + 4, () => {
        order.push("later");
        resolve();
      });
      loop.callAt(now + 1, () => order.push("sooner"));
      loop.callAt(now + 2, () => order.push("cancelled")).cancel();
    });
    expect(order).toEqual(["sooner", "later"]);
  });

  test("a timer never fires early", async () => {
    const loop = new EventLoop();
    for (const delayMs of [0.3, 1.7, 3]) {
      const due = loop.time() + delayMs;
      const fired = await promiseOf<number>((resolve) => loop.callAt(due, () => resolve(loop.time())));
      expect(fired).toBeGreaterThanOrEqual(due - loop.host.clockResolutionMs);
    }
  });

  describe("whose clock is replaced", () => {
    afterEach(() => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    });

    test("with the platform's timers, even within a turn: it goes by the new one at once", async () => {
      const loop = new EventLoop();
      await promiseOf<void>((resolve) => {
        loop.callSoon(() => {
          const before = loop.time();
          vi.useFakeTimers();
          const from = loop.time();
          vi.advanceTimersByTime(1000);
          expect(loop.time() - from).toBe(1000);
          vi.useRealTimers();
          expect(loop.time()).toBeGreaterThanOrEqual(before);
          expect(loop.time()).toBeLessThanOrEqual(performance.now());
          resolve();
        });
      });
    });

    test("alone: it goes by the new one when it is next woken", async () => {
      const loop = new EventLoop();
      vi.stubGlobal("performance", { now: () => 5 });
      expect(await promiseOf<number>((resolve) => loop.callSoon(() => resolve(loop.time())))).toBe(5);
    });
  });

  test("cannot be run or stopped by hand, and says what to do", () => {
    const loop = new EventLoop();
    expect(() => loop.runForever()).toThrow(
      "runForever() blocks the thread, which the host of this loop cannot do; use run(), or a loop on blockingHost()",
    );
    expect(() => loop.runUntilComplete({} as never)).toThrow("runUntilComplete() blocks the thread");
    expect(() => loop.stop()).toThrow(
      "a loop on a guest host is driven by the platform and cannot be stopped; close() it",
    );
  });

  test("does nothing more once it is closed", async () => {
    const loop = new EventLoop();
    loop.callSoon(() => {
      throw new Error("ran after close()");
    });
    loop.close();
    const other = new EventLoop();
    other.callLater(1, () => {
      throw new Error("fired after close()");
    });
    await Promise.resolve();
    other.close();
    await promiseOf<void>((resolve) => setTimeout(resolve, 5));
  });

  test("a loop that never rests leaves the platform its share", async () => {
    const loop = new EventLoop();
    const macrotasks = countMacrotasks();
    let turns = 0;
    await promiseOf<void>((resolve) => {
      const busy = () => {
        turns++;
        if (macrotasks.count >= 5) resolve();
        else loop.callSoon(busy);
      };
      loop.callSoon(busy);
    });
    macrotasks.stop();
    expect(turns).toBeGreaterThan(5);
  });

  test("an idle loop tells its instruments, and what they schedule runs", async () => {
    const loop = new EventLoop();
    const seen: unknown[] = [];
    const remove = loop.addInstrument({
      idle(untilMs) {
        seen.push(untilMs);
        if (seen.length === 1) loop.callSoon(() => seen.push("scheduled when idle"));
      },
    });
    loop.callSoon(() => {});
    await Promise.resolve();
    await Promise.resolve();
    remove();
    expect(seen).toEqual([null, "scheduled when idle", null]);
  });
});

describe("a loop on a guest host, step by step", () => {
  function scriptedHost() {
    const wakes: (() => void)[] = [];
    const yields: (() => void)[] = [];
    const alarms: { whenMs: number; run: () => void; stopped: boolean }[] = [];
    const clock = { nowMs: 0, stepMs: 0 };
    const host: GuestHost = {
      kind: "guest",
      clockResolutionMs: 0.001,
      turnBudgetMs: 8,
      now: () => (clock.nowMs += clock.stepMs),
      wakeSoon: (run) => void wakes.push(run),
      giveWay: (run) => void yields.push(run),
      wakeAt(whenMs, run) {
        const alarm = { whenMs, run, stopped: false };
        alarms.push(alarm);
        return () => {
          alarm.stopped = true;
        };
      },
    };
    return { host, wakes, yields, alarms, clock, loop: new EventLoop({ host }) };
  }

  test("asks to be woken once, however much is scheduled", () => {
    const { loop, wakes } = scriptedHost();
    loop.callSoon(() => {});
    loop.callSoon(() => {});
    loop.callLater(1, () => {});
    expect(wakes.length).toBe(1);
  });

  test("gives way when its budget is spent, and goes on afterwards", () => {
    const { loop, wakes, yields, clock } = scriptedHost();
    let turns = 0;
    const busy = () => {
      turns++;
      loop.callSoon(busy);
    };
    loop.callSoon(busy);
    clock.stepMs = 5;
    wakes.shift()!();
    expect([turns, yields.length]).toEqual([2, 1]);
    loop.callSoon(() => {});
    expect(wakes.length).toBe(0);
    yields.shift()!();
    expect([turns, yields.length]).toEqual([4, 1]);
  });

  test("reads the clock seldom while turns are short", () => {
    const { loop, wakes, clock } = scriptedHost();
    let turns = 0;
    const busy = () => {
      if (++turns < 1_000) loop.callSoon(busy);
    };
    loop.callSoon(busy);
    let reads = 0;
    clock.stepMs = 0;
    const now = loop.host.now;
    loop.host.now = () => {
      reads++;
      return now();
    };
    wakes.shift()!();
    expect(turns).toBe(1_000);
    expect(reads).toBeLessThan(50);
  });

  test("sets one alarm for its earliest timer, and takes it back when it is woken before", () => {
    const { loop, wakes, alarms, clock } = scriptedHost();
    const order: string[] = [];
    loop.callLater(10, () => order.push("ten"));
    wakes.shift()!();
    expect(alarms.map(({ whenMs, stopped }) => [whenMs, stopped])).toEqual([[10, false]]);
    loop.callLater(5, () => order.push("five"));
    wakes.shift()!();
    expect(alarms.map(({ whenMs, stopped }) => [whenMs, stopped])).toEqual([
      [10, true],
      [5, false],
    ]);
    clock.nowMs = 5;
    alarms[1]!.run();
    clock.nowMs = 10;
    alarms[2]!.run();
    expect(order).toEqual(["five", "ten"]);
    expect(alarms.length).toBe(3);
  });

  test("is not driven twice at once", () => {
    const { loop, wakes } = scriptedHost();
    const drive: (() => void)[] = [];
    let inner = 0;
    loop.callSoon(() => {
      drive[0]!();
      inner++;
    });
    drive.push(wakes.shift()!);
    drive[0]!();
    expect(inner).toBe(1);
  });
});
