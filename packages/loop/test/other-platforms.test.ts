/** The default host takes what the platform has when it is loaded: here it is loaded anew, where something is missing. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { defaultHost } from "../src/hosts/default-host.ts";

describe("the host on other platforms", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());

  test("is one for all loops", () => {
    expect(defaultHost()).toBe(defaultHost());
  });

  test("reaches a deadline further away than the platform's timers can take, in several steps", async () => {
    const delays: number[] = [];
    let nowMs = 0;
    vi.stubGlobal("performance", { now: () => nowMs });
    let due = () => {};
    vi.stubGlobal("setTimeout", (run: () => void, delayMs: number) => {
      delays.push(delayMs);
      due = () => {
        nowMs += delayMs;
        run();
      };
    });
    const { defaultHost: fresh } = await import("../src/hosts/default-host.ts");
    let fired = 0;
    fresh().wakeAt(2 ** 32, () => fired++);
    for (let i = 0; i < 3; i++) due();
    expect(delays).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2]);
    expect(fired).toBe(1);
  });

  test("gives way by a message where there is no setImmediate", async () => {
    const sent: unknown[] = [];
    const port1: { onmessage?: () => void } = {};
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal(
      "MessageChannel",
      class {
        port1 = port1;
        port2 = { postMessage: (message: unknown) => sent.push(message) };
      },
    );
    const { defaultHost: fresh } = await import("../src/hosts/default-host.ts");
    const order: string[] = [];
    fresh().giveWay(() => order.push("first"));
    fresh().giveWay(() => order.push("second"));
    expect(sent.length).toBe(2);
    port1.onmessage!();
    port1.onmessage!();
    port1.onmessage!();
    expect(order).toEqual(["first", "second"]);
  });

  test("gives way by a timer where there is neither", async () => {
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("MessageChannel", undefined);
    const { defaultHost: fresh } = await import("../src/hosts/default-host.ts");
    await new Promise<void>((resolve) => fresh().giveWay(resolve));
  });

  test("hears from Node when nothing is left to do, and from others never", async () => {
    let called = 0;
    const stop = defaultHost().onIdle!(() => called++);
    process.emit("beforeExit", 0);
    stop();
    process.emit("beforeExit", 0);
    expect(called).toBe(1);
    vi.stubGlobal("process", undefined);
    expect(defaultHost().onIdle!(() => called++)()).toBe(undefined);
  });
});
