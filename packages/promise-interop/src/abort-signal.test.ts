import { getEventListeners } from "node:events";
import { CancelledError, Future } from "@tsyncio/future";
import { describe, expect, test } from "vitest";
import { abortSignalOf, cancelOnAbort } from "./index.ts";

const turn = (future: Future<any>) => new Promise<void>((resolve) => future.getLoop().callSoon(resolve));

function errorOf(future: Future<any>): CancelledError {
  try {
    future.result();
  } catch (error) {
    return error as CancelledError;
  }
  throw new Error("it was not cancelled");
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

describe("cancelOnAbort", () => {
  test("cancels when the signal aborts, with the reason as message and cause", () => {
    for (const [reason, message] of [
      [new Error("too slow"), "too slow"],
      ["enough", "enough"],
      [undefined, AbortSignal.abort().reason.message],
    ] as const) {
      const controller = new AbortController();
      const future = new Future();
      cancelOnAbort(future, controller.signal);
      expect(future.done()).toBe(false);
      controller.abort(reason);
      const error = errorOf(future);
      expect([error instanceof CancelledError, error.message]).toEqual([true, message]);
      expect(error.cause).toBe(controller.signal.reason);
      expect(listeners(controller.signal)).toBe(0);
    }
  });

  test("cancels at once when it has aborted already", () => {
    const future = new Future();
    cancelOnAbort(future, AbortSignal.abort("before"))();
    expect(errorOf(future).message).toBe("before");
  });

  test("does nothing to what is done", () => {
    const controller = new AbortController();
    const future = new Future();
    future.setResult(1);
    cancelOnAbort(future, controller.signal)();
    expect(listeners(controller.signal)).toBe(0);
    cancelOnAbort(future, AbortSignal.abort());
    expect(future.result()).toBe(1);
  });

  test("can be ended, and leaves nothing on either side", () => {
    const controller = new AbortController();
    const future = new Future();
    const stop = cancelOnAbort(future, controller.signal);
    expect(listeners(controller.signal)).toBe(1);
    stop();
    stop();
    expect([listeners(controller.signal), future._subscribers]).toEqual([0, null]);
    controller.abort();
    expect(future.done()).toBe(false);
  });

  test("two on one signal are ended each for itself", () => {
    const controller = new AbortController();
    const [first, second] = [new Future(), new Future()];
    const stop = cancelOnAbort(first, controller.signal);
    cancelOnAbort(second, controller.signal);
    stop();
    expect(listeners(controller.signal)).toBe(1);
    controller.abort("enough");
    expect([first.state, second.state]).toEqual(["pending", "cancelled"]);
  });

  test("cancels all of a signal in order, but not one that another's cancelling ended", () => {
    const controller = new AbortController();
    const log: string[] = [];
    class Told extends Future {
      constructor(
        private readonly name: string,
        private readonly then_: () => void = () => {},
      ) {
        super();
      }
      override cancel(message?: string | CancelledError): boolean {
        log.push(this.name);
        this.then_();
        return super.cancel(message);
      }
    }
    let stop: () => void;
    cancelOnAbort(new Told("first", () => stop()), controller.signal);
    stop = cancelOnAbort(new Told("second"), controller.signal);
    cancelOnAbort(new Told("third"), controller.signal);
    controller.abort();
    expect(log).toEqual(["first", "third"]);
  });

  test("100,000 futures on one signal leave no listener, and take no time that grows with the others", async () => {
    const controller = new AbortController();
    const futures = Array.from({ length: 100_000 }, () => new Future<number>());
    for (const future of futures) cancelOnAbort(future, controller.signal);
    expect(listeners(controller.signal)).toBe(1);
    for (const future of futures) future.setResult(1);
    await turn(futures[0]!);
    expect(listeners(controller.signal)).toBe(0);
    controller.abort();
    expect(futures.every((future) => future._subscribers === null && !future.cancelled())).toBe(true);
  });

  test("refuses what it cannot use", () => {
    expect(() => cancelOnAbort({} as never, new AbortController().signal)).toThrow(
      new TypeError("cancelOnAbort() expects a Task or a Future, got {}"),
    );
    expect(() => cancelOnAbort(new Future(), {} as never)).toThrow(
      new TypeError("cancelOnAbort() expects an AbortSignal, got {}"),
    );
  });
});

describe("abortSignalOf", () => {
  test("aborts when the future is cancelled, with the CancelledError as its reason", async () => {
    const future = new Future();
    const signal = abortSignalOf(future);
    expect([signal.aborted, abortSignalOf(future) === signal]).toEqual([false, true]);
    future.cancel("enough");
    await turn(future);
    expect([signal.aborted, signal.reason instanceof CancelledError, signal.reason.message]).toEqual([
      true,
      true,
      "enough",
    ]);
  });

  test("does not abort when it ends in another way", async () => {
    const [succeeded, failed] = [new Future(), new Future()];
    const signals = [abortSignalOf(succeeded), abortSignalOf(failed)];
    succeeded.setResult(1);
    failed.setException(new Error("failed"));
    failed.exception();
    await turn(succeeded);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  });

  test("of what is cancelled already has aborted", () => {
    const future = new Future();
    future.cancel();
    expect(abortSignalOf(future).aborted).toBe(true);
  });

  test("leads back: a signal cancels what a cancelled future stands for", async () => {
    const [first, second] = [new Future(), new Future()];
    cancelOnAbort(second, abortSignalOf(first));
    first.cancel("both");
    await turn(first);
    expect(errorOf(second).message).toBe("both");
  });

  test("refuses what it cannot use", () => {
    expect(() => abortSignalOf(1 as never)).toThrow(new TypeError("abortSignalOf() expects a Task or a Future, got 1"));
  });
});
