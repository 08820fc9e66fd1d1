import { Context } from "@tsyncio/context";
import { Future } from "@tsyncio/future";
import { getEventLoop } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import { describe, expect, test } from "vitest";
import { withArraySetters } from "../test/array-setters.ts";
import { useStillLoop } from "../test/still-loop.ts";
import { FuturePromise, futureFromPromise, PromiseFuture } from "./index.ts";

useStillLoop();
const macrotask = () => new Promise((resolve) => setImmediate(resolve));

describe("futureFromPromise", () => {
  test("gives the hooks of the promise their names", async () => {
    const [succeeded, failed] = [new PromiseFuture<number>(), new PromiseFuture()];
    succeeded.signalSuccess(1);
    failed.signalFailure("failed");
    expect([succeeded.result(), failed.exception()]).toEqual([1, "failed"]);
  });

  test("uses nothing but the class given", async () => {
    let made = 0;
    class Counted<T> extends FuturePromise<T> {
      constructor(executor: ConstructorParameters<typeof FuturePromise<T>>[0]) {
        super(executor);
        made++;
      }
    }
    const CountedFuture = futureFromPromise(Counted);
    const future = new CountedFuture<number>();
    // The promise, and the one its subscription makes.
    expect(made).toBe(2);
    const log: unknown[] = [];
    future.addDoneCallback((done) => log.push(done.result()));
    future.setResult(1);
    await macrotask();
    expect(log).toEqual([1]);
    expect(future.then((value) => value)).toBeInstanceOf(Counted);
  });

  test("takes subscribers though Array.prototype has setters", async () => {
    const log: string[] = [];
    const future = new PromiseFuture();
    withArraySetters(2, () => {
      future.addDoneCallback(() => log.push("first"));
      future.addDoneCallback(() => log.push("second"));
    });
    future.setResult(null);
    await macrotask();
    expect(log).toEqual(["first", "second"]);
  });

  test("refuses what is no class of promises, and options that are none", () => {
    const message = (given: string) =>
      new TypeError(`futureFromPromise() expects a class of promises, such as Promise, got ${given}`);
    expect(() => futureFromPromise(undefined as never)).toThrow(message("undefined"));
    expect(() => futureFromPromise(Map as never)).toThrow(message("function Map"));
    expect(() => new PromiseFuture(1 as never)).toThrow(
      new TypeError("new PromiseFuture() expects options such as {loop}, or nothing, got 1"),
    );
    expect(() => new PromiseFuture({ loop: {} as never })).toThrow(
      new TypeError("new PromiseFuture() expects an EventLoop as its loop, got {}"),
    );
  });

  test("a job can be subscribed, and taken off again", async () => {
    const loop = getEventLoop();
    const log: string[] = [];
    const job = (name: string): Job => ({
      _context: new Context(),
      _cancelled: false,
      _run: () => void log.push(name),
    });
    const future = new PromiseFuture({ loop });
    const [kept, removed] = [job("kept"), job("removed")];
    future._subscribe(kept);
    future._subscribe(removed);
    expect([future._unsubscribe(removed), future._unsubscribe(removed)]).toEqual([true, false]);
    future.setResult(1);
    await macrotask();
    expect(log).toEqual(["kept"]);
  });

  test("a future awaits another, and is found as its waiter", () => {
    const future = new PromiseFuture();
    const waiter = new Future();
    future._subscribe(waiter as never);
    expect([future.awaitedBy.size, future.awaitedBy.has(waiter)]).toEqual([1, true]);
  });

  test("a failure does not become an unhandled rejection of its promise", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    for (const FutureClass of [PromiseFuture, futureFromPromise(FuturePromise)]) {
      const [failed, cancelled] = [new FutureClass(), new FutureClass()];
      failed.signalFailure("failed");
      failed.exception();
      cancelled.cancel();
    }
    await macrotask();
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });
});
