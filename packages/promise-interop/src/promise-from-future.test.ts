import { ContextVar, copyContext } from "@tsyncio/context";
import { EventLoop, getEventLoop, getRunningLoop, setEventLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test } from "vitest";
import { stillHost, useStillLoop } from "../test/still-loop.ts";
import { type FutureClass, FuturePromise, type PromiseClass, promiseFromFuture } from "./index.ts";

useStillLoop();

/** The least a future can be: nothing of ours but the loop. */
class SmallFuture {
  #loop: EventLoop;
  #settled: "no" | "result" | "exception" = "no";
  #value: unknown;
  #callbacks: (() => void)[] = [];

  constructor({ loop = defaultLoop }: { loop?: EventLoop } = {}) {
    this.#loop = loop;
  }
  done() {
    return this.#settled !== "no";
  }
  result() {
    return this.#value;
  }
  exception() {
    return this.#settled === "exception" ? this.#value : null;
  }
  setResult(value: unknown) {
    this.#settle("result", value);
  }
  setException(exception: unknown) {
    this.#settle("exception", exception);
  }
  addDoneCallback(callback: () => void) {
    if (this.done()) this.#loop.callSoon(callback);
    else this.#callbacks.push(callback);
  }
  getLoop() {
    return this.#loop;
  }
  #settle(settled: "result" | "exception", value: unknown) {
    this.#settled = settled;
    this.#value = value;
    for (const callback of this.#callbacks) this.#loop.callSoon(callback);
  }
}

const defaultLoop = new EventLoop({ host: stillHost });

describe("promiseFromFuture", () => {
  test("needs no more of a future than its public methods", async () => {
    const P = promiseFromFuture(SmallFuture);
    const values = await P.all([1, P.resolve(2), P.reject(3).catch((reason) => reason + 1)]).then((all) =>
      all.reverse(),
    );
    expect(values).toEqual([4, 2, 1]);
  });

  test("makes another class each time, and their promises are foreign to each other", async () => {
    const P = promiseFromFuture(SmallFuture);
    const promise = P.resolve(1);
    expect(P).not.toBe(promiseFromFuture(SmallFuture));
    expect(() => FuturePromise.prototype.then.call(promise)).toThrow(
      new TypeError("Promise method then() called on incompatible receiver [object Promise]"),
    );
    expect(await FuturePromise.resolve(promise)).toBe(1);
  });

  test("refuses what is no class of futures", () => {
    for (const [value, shown] of [
      [undefined, "undefined"],
      [{}, "{}"],
      [Map, "function Map"],
    ] as const) {
      expect(() => promiseFromFuture(value as unknown as FutureClass)).toThrow(
        new TypeError(`promiseFromFuture() expects a class of futures, such as Future, got ${shown}`),
      );
    }
  });

  test("its errors name the method and the receiver", () => {
    const { resolve } = FuturePromise as { resolve: (this: unknown) => unknown };
    expect(() => resolve.call(1)).toThrow(new TypeError("Promise method resolve() called on incompatible receiver 1"));
    expect(() => new FuturePromise(1 as never)).toThrow(new TypeError("Promise resolver 1 is not a function"));
  });
});

describe("the loop of a promise", () => {
  test("is the one that was running when it was made, and its jobs run there", () => {
    const loop = new EventLoop({ host: testHost() });
    const log: boolean[] = [];
    loop.callSoon(() => {
      const promise = FuturePromise.resolve(1);
      promise.then(() => log.push(getRunningLoop() === loop)).finally(() => loop.stop());
    });
    loop.runForever();
    expect(log).toEqual([true]);
  });

  test("is handed on by then, wherever that is called", () => {
    const loop = new EventLoop({ host: testHost() });
    const promise = withLoop(loop, () => FuturePromise.resolve(1));
    const log: unknown[] = [];
    promise
      .then((value) => FuturePromise.resolve(value + 1))
      .then((value) => {
        log.push(value, getRunningLoop() === loop);
        loop.stop();
      });
    loop.runForever();
    expect(log).toEqual([2, true]);
  });

  test("in a blocking loop a rejection that is handled in time is not reported", () => {
    const loop = new EventLoop({ host: testHost() });
    const log: unknown[] = [];
    loop.callSoon(() => {
      const promise = FuturePromise.reject("reason");
      loop.callSoon(() => loop.callSoon(() => promise.catch((reason) => log.push(reason)).then(() => loop.stop())));
    });
    loop.runForever();
    expect(log).toEqual(["reason"]);
    expect(loop._failures.size).toBe(0);
  });

  test("a loop that never rests still lets a rejection be known", async () => {
    const loop = new EventLoop({ host: testHost() });
    const reported: unknown[] = [];
    const listener = (reason: unknown) => void reported.push(reason);
    process.on("unhandledRejection", listener);
    loop.callSoon(() => void FuturePromise.reject("reason"));
    let turns = 0;
    const spin = () => void (turns++ < 2_000 ? loop.callSoon(spin) : loop.stop());
    loop.callSoon(spin);
    loop.runForever();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect(reported).toEqual(["reason"]);
  });

  test("a rejection on a loop that is closed is known at once", async () => {
    const loop = new EventLoop({ host: testHost() });
    const { promise, reject } = withLoop(loop, () => FuturePromise.withResolvers());
    loop.close();
    const reported: unknown[] = [];
    const listener = (reason: unknown) => void reported.push(reason);
    process.on("unhandledRejection", listener);
    reject("reason");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect([reported, typeof promise]).toEqual([["reason"], "object"]);
  });
});

function withLoop<T>(loop: EventLoop, action: () => T): T {
  const before = getEventLoop();
  setEventLoop(loop);
  try {
    return action();
  } finally {
    setEventLoop(before);
  }
}

test("a promise may stand in a combination twice, and in several, and again when they are done", async () => {
  const { promise, resolve } = FuturePromise.withResolvers<number>();
  const log: unknown[] = [];
  const first = FuturePromise.resolve("first");
  FuturePromise.all([promise, first, promise]).then((values) => log.push(values));
  FuturePromise.race([promise, promise]).then((value) => log.push(value));
  promise.then(() => log.push("then"));
  const failed = FuturePromise.reject<number>("failed");
  FuturePromise.any([failed, failed]).catch((error) => log.push(error.errors));
  resolve(1);
  await new Promise(setImmediate);
  FuturePromise.allSettled([promise, failed]).then((results) => log.push(results));
  await new Promise(setImmediate);
  expect(log).toEqual([
    "then",
    ["failed", "failed"],
    [1, "first", 1],
    1,
    [
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: "failed" },
    ],
  ]);
});

describe("the context of a handler", () => {
  const variable = new ContextVar<string>("variable", { default: "unset" });

  function seen(P: PromiseClass): Promise<string[]> {
    const log: string[] = [];
    const { promise, resolve } = P.withResolvers<number>();
    copyContext().run(() => {
      promise.then(() => log.push(variable.get()));
      variable.set("at then");
      promise.then(() => log.push(variable.get())).then(() => log.push(`derived ${variable.get()}`));
      P.resolve({ then: (done: (value: string) => void) => done(variable.get()) }).then((value) => log.push(value));
      class Sub<T> extends P<T> {}
      Sub.resolve().then(() => log.push(`subclass ${variable.get()}`));
      variable.set("later");
    });
    copyContext().run(() => {
      variable.set("publisher's");
      resolve(1);
    });
    return new Promise((done) => setImmediate(() => done(log.sort())));
  }

  test("is a copy of the one in which then was called", async () => {
    expect(await seen(FuturePromise)).toEqual(["at then", "at then", "derived at then", "subclass at then", "unset"]);
  });

  test("is kept by a handler of the error, and when a promise follows another", async () => {
    const log: string[] = [];
    const failed = FuturePromise.reject<number>(new Error("failed"));
    copyContext().run(() => {
      variable.set("at then");
      failed.then(undefined, () => log.push(`error ${variable.get()}`));
      failed
        .catch(() => FuturePromise.resolve(2))
        .then(
          (value) => log.push(`${value} ${variable.get()}`),
          () => log.push("never"),
        );
    });
    await new Promise(setImmediate);
    expect(log).toEqual(["error at then", "2 at then"]);
  });

  test("may be changed by a subclass when a combinator resolves its promise", async () => {
    class Loud<T> extends FuturePromise<T> {
      static override resolve: any = (value: unknown) => FuturePromise.resolve(value);
      constructor(
        executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void,
      ) {
        super((resolve, reject) => {
          executor((value) => {
            variable.set("resolved");
            resolve(value);
          }, reject);
        });
      }
    }
    expect(await Loud.all([FuturePromise.resolve(1), 2])).toEqual([1, 2]);
    expect(variable.get()).toBe("unset");
  });

  test("does not leak from one handler to the next", async () => {
    const log: string[] = [];
    const promise = FuturePromise.resolve(1);
    promise.then(() => variable.set("leaked"));
    await promise.then(() => log.push(variable.get()));
    expect(log).toEqual(["unset"]);
  });
});
