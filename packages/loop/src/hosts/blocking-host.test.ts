import { RuntimeError } from "@tsyncio/context";
import { expect, test } from "vitest";
import { EventLoop } from "../event-loop.ts";
import { blockingHost } from "./blocking-host.ts";

test("a loop on it runs in the caller's stack, and waits by blocking", () => {
  const loop = new EventLoop({ host: blockingHost() });
  const order: string[] = [];
  const startMs = loop.time();
  loop.callAt(startMs + 4, () => {
    order.push("four");
    loop.stop();
  });
  loop.callAt(startMs + 2, () => order.push("two"));
  loop.runForever();
  expect(order).toEqual(["two", "four"]);
  expect(loop.time() - startMs).toBeGreaterThanOrEqual(4 - loop.host.clockResolutionMs);
});

test("does not wait for what is due", () => {
  const host = blockingHost();
  host.wait(host.now() - 1);
});

test("waiting for nothing is an error, and not for ever", () => {
  const loop = new EventLoop({ host: blockingHost() });
  expect(() => loop.runForever()).toThrow(
    new RuntimeError(
      "the loop has nothing ready and no timer, and nothing else can run while it blocks the thread: it would wait for ever",
    ),
  );
});
