import { ContextVar, copyContext } from "@tsyncio/context";
import {
  CancelledError,
  type Future,
  futureAddToAwaitedBy,
  futureDiscardFromAwaitedBy,
  InvalidStateError,
  isFuture,
} from "@tsyncio/future";
import { defaultHost, EventLoop, type ExceptionContext } from "@tsyncio/loop";
import { beforeEach, describe, expect, test } from "vitest";

/** A pending future, and the ways to publish on it. */
export interface Publisher {
  future: Future<any>;
  succeed(value: unknown): void;
  fail(error: unknown): void;
}

export interface ContractOptions {
  /**
   * Who publishes: the future's own `setResult()` and `setException()`, at once; or somebody else, who takes some turns
   * for it, as the coroutine of a task does.
   */
  readonly publishes: "at once" | "in time";
}

/**
 * The contract of futures: the tests that everything must pass that calls itself one. `make` gives a pending future of
 * `loop`, whose exception handler is set.
 */
export function futureContract(
  name: string,
  make: (loop: EventLoop) => Publisher,
  { publishes }: ContractOptions = { publishes: "at once" },
): void {
  describe(`${name}, by the contract of futures`, () => {
    let loop: EventLoop;
    let strays: ExceptionContext[];

    beforeEach(() => {
      loop = new EventLoop();
      strays = [];
      loop.setExceptionHandler((_, context) => void strays.push(context));
      return async () => {
        await settle();
        loop.close();
      };
    });

    /**
     * Lets every job that is on its way run: turns of the loop, and the native jobs between them. What a future is built on
     * may be on another loop, which on a busy machine gives way to the platform before it is through.
     */
    async function settle(): Promise<void> {
      const { giveWay } = defaultHost();
      for (let share = 0; share < 3; share++) {
        for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => loop.callSoon(resolve));
        await new Promise<void>((resolve) => giveWay(resolve));
      }
    }

    /** In an object: an async function that gave the future itself would await it. */
    async function published(publish: (publisher: Publisher) => void): Promise<{ future: Future<any> }> {
      const publisher = make(loop);
      publish(publisher);
      await settle();
      return publisher;
    }

    describe("state", () => {
      test("a new one is pending", () => {
        const { future } = make(loop);
        expect([future.state, future.done(), future.cancelled()]).toEqual(["pending", false, false]);
        expect(() => future.result()).toThrow(InvalidStateError);
        expect(() => future.result()).toThrow("Result is not set.");
        expect(() => future.exception()).toThrow("Exception is not set.");
        future.cancel();
      });

      test("one that succeeded has its result, and no exception", async () => {
        const value = { some: "value" };
        const { future } = await published(({ succeed }) => succeed(value));
        expect([future.state, future.done(), future.cancelled()]).toEqual(["finished", true, false]);
        expect(future.result()).toBe(value);
        expect(future.exception()).toBe(null);
      });

      test("one that failed has its exception, which its result throws", async () => {
        for (const error of [new Error("failed"), new TypeError("typed")]) {
          const { future } = await published(({ fail }) => fail(error));
          expect([future.state, future.done(), future.cancelled()]).toEqual(["finished", true, false]);
          expect(future.exception()).toBe(error);
          expect(thrownBy(() => future.result())).toBe(error);
          expect(thrownBy(() => future.result())).toBe(error);
        }
      });

      test("one that was cancelled throws a CancelledError with the message", async () => {
        for (const message of [undefined, "enough"]) {
          for (const ask of ["result", "exception"] as const) {
            const { future } = await published(({ future }) => void future.cancel(message));
            expect([future.state, future.done(), future.cancelled()]).toEqual(["cancelled", true, true]);
            const error = thrownBy(() => future[ask]());
            expect(error).toBeInstanceOf(CancelledError);
            expect((error as CancelledError).message).toBe(message ?? "");
          }
        }
      });

      test("a CancelledError given to cancel() is passed on", async () => {
        const error = new CancelledError("enough", { cause: "a reason" });
        const { future } = await published(({ future }) => void future.cancel(error));
        expect(thrownBy(() => future.result())).toBe(error);
      });

      test("its loop can be asked for", () => {
        const { future } = make(loop);
        expect(future.getLoop()).toBe(loop);
        future.cancel();
      });

      test("toString tells the state", async () => {
        const { future, succeed } = make(loop);
        expect(String(future)).toMatch(/^<.*pending.*>$/);
        succeed(42);
        await settle();
        expect(String(future)).toMatch(/^<.*finished.*result=42.*>$/);
        const { future: failed } = await published(({ fail }) => fail(new Error("failed")));
        expect(String(failed)).toMatch(/^<.*finished.*exception=Error\("failed"\).*>$/);
        failed.exception();
        expect(String((await published(({ future }) => void future.cancel())).future)).toMatch(/^<.*cancelled.*>$/);
      });

      test("it is known as a future", () => {
        const { future } = make(loop);
        expect(isFuture(future)).toBe(true);
        future.cancel();
      });
    });

    describe("publishing", () => {
      test("happens once: what is done cannot be cancelled", async () => {
        const { future } = await published(({ succeed }) => succeed(1));
        expect([future.cancel(), future.result()]).toEqual([false, 1]);
        const { future: failed } = await published(({ fail }) => fail(new Error("failed")));
        expect([failed.cancel(), failed.cancelled()]).toEqual([false, false]);
        const { future: cancelled } = await published(({ future }) => void future.cancel("first"));
        expect(cancelled.cancel("second")).toBe(false);
        expect(() => cancelled.result()).toThrow("first");
      });

      test("cancelling what is pending gives true", async () => {
        const { future } = make(loop);
        expect(future.cancel()).toBe(true);
        await settle();
        expect(future.cancelled()).toBe(true);
      });

      if (publishes === "at once") {
        test("can be read at once", () => {
          const { future, succeed } = make(loop);
          succeed(1);
          expect([future.done(), future.result()]).toEqual([true, 1]);
          const cancelled = make(loop).future;
          cancelled.cancel();
          expect(cancelled.state).toBe("cancelled");
        });

        test("a second time is refused", async () => {
          const { future } = make(loop);
          future.setResult(1);
          expect(() => future.setResult(2)).toThrow(InvalidStateError);
          expect(() => future.setException(new Error())).toThrow(/^finished: <.* finished result=1>$/);
          expect(future.result()).toBe(1);
          const cancelled = make(loop).future;
          cancelled.cancel();
          expect(() => cancelled.setResult(1)).toThrow(/^cancelled: <.* cancelled>$/);
        });

        test("any value may be thrown, and a result that has a then is not followed", () => {
          for (const error of [undefined, null, 0, "text"]) {
            const { future, fail } = make(loop);
            fail(error);
            expect(future.exception()).toBe(error);
            expect(thrownBy(() => future.result())).toBe(error);
          }
          const { future, succeed } = make(loop);
          const thenable = {
            then() {
              throw new Error("followed");
            },
          };
          succeed(thenable);
          expect(future.result()).toBe(thenable);
        });

        test("takes the place of what nobody waits for, when the loop is closed", () => {
          const { future, succeed } = make(loop);
          loop.close();
          succeed(1);
          expect(future.result()).toBe(1);
          loop = new EventLoop();
        });
      }
    });

    describe("callbacks", () => {
      test("are called with the future, once, in order, in a later turn", async () => {
        const { future, succeed } = make(loop);
        const log: unknown[] = [];
        future.addDoneCallback((given) => log.push("first", given === future));
        future.addDoneCallback(() => log.push("second"));
        succeed(1);
        expect(log).toEqual([]);
        future.addDoneCallback(() => log.push("third"));
        await settle();
        future.addDoneCallback(() => log.push("last"));
        expect(log).toEqual(["first", true, "second", "third"]);
        await settle();
        expect(log).toEqual(["first", true, "second", "third", "last"]);
      });

      test("are called whatever it ends with", async () => {
        const log: unknown[] = [];
        await published(({ future, fail }) => {
          future.addDoneCallback((done) => log.push(done.exception()));
          fail("failed");
        });
        await published(({ future }) => {
          future.addDoneCallback((done) => log.push(done.state));
          future.cancel();
        });
        expect(log).toEqual(["failed", "cancelled"]);
      });

      test("can be removed, every time they were added", async () => {
        const { future, succeed } = make(loop);
        const log: string[] = [];
        const removed = () => log.push("removed");
        const kept = () => log.push("kept");
        expect(future.removeDoneCallback(removed)).toBe(0);
        future.addDoneCallback(removed);
        expect(future.removeDoneCallback(kept)).toBe(0);
        expect(future.removeDoneCallback(removed)).toBe(1);
        for (const callback of [removed, kept, removed, kept]) future.addDoneCallback(callback);
        expect(future.removeDoneCallback(removed)).toBe(2);
        succeed(1);
        await settle();
        expect(log).toEqual(["kept", "kept"]);
        expect(future.removeDoneCallback(kept)).toBe(0);
      });

      test("run on the loop", async () => {
        const { future, succeed } = make(loop);
        const running: boolean[] = [];
        future.addDoneCallback(() => running.push(loop.isRunning()));
        succeed(1);
        await settle();
        future.addDoneCallback(() => running.push(loop.isRunning()));
        await settle();
        expect(running).toEqual([true, true]);
      });

      test("run in the context given, else in a copy of the one they were added in", async () => {
        const variable = new ContextVar<string>("variable", { default: "unset" });
        const log: string[] = [];
        const { future, succeed } = make(loop);
        const given = copyContext();
        given.run(() => variable.set("given"));
        copyContext().run(() => {
          variable.set("added");
          future.addDoneCallback(() => log.push(variable.get()));
          variable.set("later");
          future.addDoneCallback(() => log.push(variable.get()), { context: given });
        });
        succeed(1);
        await settle();
        expect(log).toEqual(["added", "given"]);
      });

      test("an error in one is a stray error, and the others are called", async () => {
        const { future, succeed } = make(loop);
        const log: string[] = [];
        const error = new Error("in a callback");
        future.addDoneCallback(() => {
          throw error;
        });
        future.addDoneCallback(() => log.push("called"));
        succeed(1);
        await settle();
        expect(log).toEqual(["called"]);
        expect(strays.map((stray) => stray.exception)).toEqual([error]);
      });

      test("are functions", () => {
        const { future } = make(loop);
        expect(() => future.addDoneCallback(1 as never)).toThrow(
          new TypeError("addDoneCallback() expects a function, got 1"),
        );
        future.cancel();
      });
    });

    describe("awaiting", () => {
      test("in a coroutine suspends on it until it is done", async () => {
        const { future, succeed } = make(loop);
        const awaiting = awaitIt(future);
        const step = awaiting.next();
        expect([step.done, step.value === future]).toEqual([false, true]);
        succeed(42);
        await settle();
        expect(take(awaiting.next())).toEqual([true, 42]);
      });

      test("in a coroutine does not suspend when it is done", async () => {
        const { future } = await published(({ succeed }) => succeed(42));
        expect(take(awaitIt(future).next())).toEqual([true, 42]);
        const { future: failed } = await published(({ fail }) => fail("failed"));
        expect(thrownBy(() => awaitIt(failed).next())).toBe("failed");
        const { future: cancelled } = await published(({ future }) => void future.cancel());
        expect(() => awaitIt(cancelled).next()).toThrow(CancelledError);
      });

      test("in a coroutine that is resumed too early is an error", () => {
        const { future } = make(loop);
        const awaiting = awaitIt(future);
        awaiting.next();
        expect(() => awaiting.next()).toThrow(/^await wasn't used with future: <.* is not done yet$/);
        future.cancel();
      });

      test("in an async function gives the result or throws the error", async () => {
        const { future, succeed } = make(loop);
        const awaited = Promise.resolve(future);
        succeed(42);
        expect(await awaited).toBe(42);
        const error = new Error("failed");
        const { future: failed } = await published(({ fail }) => fail(error));
        await expect(Promise.resolve(failed)).rejects.toBe(error);
        const { future: cancelled } = await published(({ future }) => void future.cancel("enough"));
        await expect(Promise.resolve(cancelled)).rejects.toThrow("enough");
      });

      test("by then() makes a promise of what the handlers give", async () => {
        const { future } = await published(({ succeed }) => succeed(42));
        expect(await future.then((value: number) => value + 1)).toBe(43);
        const { future: failed } = await published(({ fail }) => fail("failed"));
        expect(await failed.then(undefined, (error: unknown) => [error])).toEqual(["failed"]);
      });

      test("a waiter that combines it with others is known, until it goes", () => {
        const { future } = make(loop);
        const waiter = make(loop).future;
        expect(future.awaitedBy.size).toBe(0);
        futureAddToAwaitedBy(future, waiter);
        expect([future.awaitedBy.size, future.awaitedBy.has(waiter)]).toEqual([1, true]);
        futureDiscardFromAwaitedBy(future, waiter);
        expect(future.awaitedBy.size).toBe(0);
        future.cancel();
        waiter.cancel();
      });
    });

    describe("a failure nobody asks for", () => {
      const report = () => {
        for (const failure of [...loop._failures]) failure.report();
      };

      test("is reported with the future, once", async () => {
        const error = new Error("failed");
        const { future } = await published(({ fail }) => fail(error));
        report();
        report();
        expect(strays.length).toBe(1);
        expect(strays[0]!.message).toMatch(/ exception was never retrieved$/);
        expect(strays[0]!.exception).toBe(error);
        expect(strays[0]!.future === future).toBe(true);
      });

      test("is not reported when somebody did", async () => {
        const asks: ((future: Future<any>) => unknown)[] = [
          (future) => future.exception(),
          (future) => thrownBy(() => future.result()),
          (future) => future.then(undefined, () => {}),
          (future) => thrownBy(() => awaitIt(future).next()),
          (future) => future.cancel(),
        ];
        for (const ask of asks) {
          const { future } = await published(({ fail }) => fail(new Error("failed")));
          ask(future);
          await settle();
          report();
          expect(strays).toEqual([]);
        }
      });
    });
  });
}

function* awaitIt(future: Future<any>): Generator<any, any, any> {
  return yield* future as Iterable<any>;
}

function take(step: IteratorResult<unknown, unknown>): [boolean | undefined, unknown] {
  return [step.done, step.value];
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
