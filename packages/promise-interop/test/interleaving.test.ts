import { EventLoop } from "@tsyncio/loop";
import { expect, test } from "vitest";
import { FuturePromise as P } from "../src/index.ts";
import { stillHost, useStillLoop } from "./still-loop.ts";

useStillLoop();

/** Runs `program`, and gives its log after the platform had its share a few times. */
async function logOf(program: (log: (entry: string) => void) => void): Promise<string[]> {
  const entries: string[] = [];
  program((entry) => entries.push(entry));
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  return entries;
}

test("the loop's turn stands in the microtask queue where the first job was made", async () => {
  const log = await logOf((log) => {
    Promise.resolve().then(() => log("native before"));
    P.resolve().then(() => log("future 1"));
    Promise.resolve().then(() => log("native after"));
    P.resolve().then(() => log("future 2"));
    log("synchronous");
  });
  expect(log).toEqual(["synchronous", "native before", "future 1", "future 2", "native after"]);
});

test("turns follow each other within the microtask: a chain of ours is through before the next native job", async () => {
  const log = await logOf((log) => {
    P.resolve()
      .then(() => log("future 1"))
      .then(() => log("future 2"))
      .then(() => log("future 3"));
    Promise.resolve()
      .then(() => log("native 1"))
      .then(() => log("native 2"));
  });
  expect(log).toEqual(["future 1", "future 2", "future 3", "native 1", "native 2"]);
});

test("a native job that makes one of ours gets it in a microtask of its own", async () => {
  const log = await logOf((log) => {
    Promise.resolve()
      .then(() => {
        P.resolve().then(() => log("future"));
        log("native 1");
      })
      .then(() => log("native 2"));
  });
  expect(log).toEqual(["native 1", "future", "native 2"]);
});

test("one of ours that makes a native job: the loop goes on first", async () => {
  const log = await logOf((log) => {
    P.resolve()
      .then(() => {
        Promise.resolve().then(() => log("native"));
        log("future 1");
      })
      .then(() => log("future 2"));
  });
  expect(log).toEqual(["future 1", "future 2", "native"]);
});

test("before timers, as native jobs are", async () => {
  const log = await logOf((log) => {
    setTimeout(() => log("timer"), 0);
    P.resolve()
      .then(() => log("future 1"))
      .then(() => log("future 2"));
  });
  expect(log).toEqual(["future 1", "future 2", "timer"]);
});

test("callbacks of the loop and jobs of promises share one queue", async () => {
  const log = await logOf((log) => {
    const loop = new EventLoop({ host: stillHost });
    loop.callSoon(() => {
      P.resolve()
        .then(() => log("promise 1"))
        .then(() => log("promise 2"));
      loop.callSoon(() => {
        log("callback 1");
        loop.callSoon(() => log("callback 2"));
      });
    });
  });
  expect(log).toEqual(["promise 1", "callback 1", "promise 2", "callback 2"]);
});

test("a native await of one of ours takes it when its turn is done", async () => {
  const log: string[] = [];
  const awaiting = (async () => log.push(`awaited ${await P.resolve(1)}`))();
  P.resolve().then(() => log.push("future"));
  await awaiting;
  expect(log).toEqual(["future", "awaited 1"]);
});
