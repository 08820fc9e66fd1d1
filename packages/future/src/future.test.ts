import { Context, ContextVar, RuntimeError } from "@tsyncio/context";
import { EventLoop, type ExceptionContext, getEventLoop, type Handle } from "@tsyncio/loop";
import type { Job } from "@tsyncio/loop/job";
import { testHost } from "@tsyncio/test-host";
import { beforeEach, describe, expect, test } from "vitest";
import {
  CancelledError,
  Future,
  futureAddToAwaitedBy,
  futureDiscardFromAwaitedBy,
  InvalidStateError,
  isFuture,
} from "./index.ts";
import { stepBrand, toCancelledError } from "./waiting.ts";

let loop: EventLoop;
let strays: ExceptionContext[];

beforeEach(() => {
  loop = new EventLoop({ host: testHost() });
  strays = [];
  loop.setExceptionHandler((_loop, context) => strays.push(context));
});

const make = <T>() => new Future<T>({ loop });

/** Whether a set holds these very futures: comparing them by their contents would await them. */
function expectSame(set: ReadonlySet<unknown>, expected: readonly unknown[]) {
  expect(set.size).toBe(expected.length);
  for (const each of expected) expect(set.has(each)).toBe(true);
}

function runTurns() {
  loop.callLater(1, () => loop.stop());
  loop.runForever();
}

describe("the state of a future", () => {
  test("can be read at any time", () => {
    const future = make<number>();
    expect([future.state, future.done(), future.cancelled()]).toEqual(["pending", false, false]);
    future.setResult(42);
    expect([future.state, future.done(), future.cancelled()]).toEqual(["finished", true, false]);
    expect(future.result()).toBe(42);
    expect(future.exception()).toBe(null);
    expect(future.getLoop()).toBe(loop);
  });

  test("of a failed one gives its error", () => {
    const future = make();
    const error = new Error("failed");
    future.setException(error);
    expect([future.state, future.done(), future.cancelled()]).toEqual(["finished", true, false]);
    expect(future.exception()).toBe(error);
    expect(() => future.result()).toThrow(error);
  });

  test("of a cancelled one gives a CancelledError with the message", () => {
    const future = make();
    expect(future.cancel("enough")).toBe(true);
    expect(future.cancel("again")).toBe(false);
    expect([future.state, future.done(), future.cancelled()]).toEqual(["cancelled", true, true]);
    for (const ask of [() => future.result(), () => future.exception()]) {
      expect(ask).toThrow(CancelledError);
      expect(ask).toThrow("enough");
    }
  });

  test("is asked for too early, or set twice: InvalidStateError", () => {
    const future = make();
    expect(() => future.result()).toThrow(new InvalidStateError("Result is not set."));
    expect(() => future.exception()).toThrow(new InvalidStateError("Exception is not set."));
    future.setResult(1);
    expect(() => future.setResult(2)).toThrow(new InvalidStateError("finished: <Future finished result=1>"));
    expect(() => future.setException(new Error())).toThrow(InvalidStateError);
    expect(future.cancel()).toBe(false);
    const cancelled = make();
    cancelled.cancel();
    expect(() => cancelled.setResult(1)).toThrow(new InvalidStateError("cancelled: <Future cancelled>"));
  });

  test("shows what it failed with before anybody has asked for it, be it nothing", () => {
    const future = make();
    future.setException(undefined);
    expect(String(future)).toBe("<Future finished exception=undefined>");
    future._retrieved();
    expect(String(future)).toBe("<Future finished exception=undefined>");
  });

  test("shows", () => {
    const shown = (settle: (future: Future<unknown>) => void) => {
      const future = make();
      settle(future);
      future._retrieved();
      return String(future);
    };
    expect(shown(() => {})).toBe("<Future pending>");
    expect(shown((future) => future.setResult("a"))).toBe('<Future finished result="a">');
    expect(shown((future) => future.setResult([1, "b", 2n]))).toBe('<Future finished result=[1, "b", 2n]>');
    expect(shown((future) => future.setResult({ a: 1, b: 2 }))).toBe("<Future finished result={a, b}>");
    expect(shown((future) => future.setResult(Object.create(null)))).toBe("<Future finished result={}>");
    expect(shown((future) => future.setResult(new Map()))).toBe("<Future finished result=<Map>>");
    expect(shown((future) => future.setResult(() => 1))).toBe("<Future finished result=an anonymous function>");
    expect(shown((future) => future.setResult(runTurns))).toBe("<Future finished result=function runTurns>");
    expect(shown((future) => future.setResult(Symbol("s")))).toBe("<Future finished result=Symbol(s)>");
    expect(shown((future) => future.setResult("two\nlines"))).toBe('<Future finished result="two\\nlines">');
    expect(shown((future) => future.setResult("x".repeat(200)))).toBe(`<Future finished result="${"x".repeat(78)}…>`);
    expect(shown((future) => future.setResult({ toString: () => "own\nwords" }))).toBe(
      "<Future finished result=own words>",
    );
    expect(
      shown((future) =>
        future.setResult({
          toString() {
            throw new Error();
          },
        }),
      ),
    ).toBe("<Future finished result=(a value that cannot be shown)>");
    expect(shown((future) => future.setException(new TypeError("bad")))).toBe(
      '<Future finished exception=TypeError("bad")>',
    );
    expect(shown((future) => future.setException(new RangeError()))).toBe("<Future finished exception=RangeError>");
    expect(shown((future) => future.cancel())).toBe("<Future cancelled>");
  });
});

describe("done callbacks", () => {
  test("run in the next turn, in order, each time they were added", () => {
    const future = make<number>();
    const order: unknown[] = [];
    const first = (done: Future<number>) => void order.push(["first", done.result()]);
    future.addDoneCallback(first);
    future.addDoneCallback(() => order.push("second"));
    future.addDoneCallback(first);
    future.setResult(1);
    expect(order).toEqual([]);
    runTurns();
    expect(order).toEqual([["first", 1], "second", ["first", 1]]);
  });

  test("added to a done future run in the next turn too", () => {
    const future = make();
    future.setResult(1);
    const order: string[] = [];
    future.addDoneCallback(() => order.push("called"));
    expect(order).toEqual([]);
    runTurns();
    expect(order).toEqual(["called"]);
  });

  test("run when it fails or is cancelled as well", () => {
    const order: string[] = [];
    const failing = make();
    failing.addDoneCallback((future) => order.push(String(future.exception())));
    failing.setException(new Error("failed"));
    const cancelled = make();
    cancelled.addDoneCallback((future) => order.push(future.state));
    cancelled.cancel();
    runTurns();
    expect(order).toEqual(["Error: failed", "cancelled"]);
  });

  test("can be removed, all of the same function at once", () => {
    const future = make();
    const order: string[] = [];
    const first = () => order.push("first");
    const second = () => order.push("second");
    expect(future.removeDoneCallback(first)).toBe(0);
    future.addDoneCallback(first);
    expect(future.removeDoneCallback(second)).toBe(0);
    expect(future.removeDoneCallback(first)).toBe(1);
    for (const callback of [first, second, first, second]) future.addDoneCallback(callback);
    expect(future.removeDoneCallback(first)).toBe(2);
    future.setResult(1);
    expect(future.removeDoneCallback(second)).toBe(0);
    runTurns();
    expect(order).toEqual(["second", "second"]);
  });

  test("are among the jobs that can be asked for", () => {
    const future = make();
    const callbacks = [() => {}, () => {}, () => {}];
    const subscribed = () =>
      callbacks.map((callback) => future._isSubscribed((job) => (job as Handle)._callback === callback));
    expect(subscribed()).toEqual([false, false, false]);
    future.addDoneCallback(callbacks[0]!);
    expect(subscribed()).toEqual([true, false, false]);
    future.addDoneCallback(callbacks[1]!);
    expect(subscribed()).toEqual([true, true, false]);
    for (const callback of callbacks) future.removeDoneCallback(callback);
    expect(subscribed()).toEqual([false, false, false]);
  });

  test("that throw are reported, and the others run", () => {
    const future = make();
    const order: string[] = [];
    future.addDoneCallback(() => {
      throw new Error("in a callback");
    });
    future.addDoneCallback(() => order.push("next"));
    future.setResult(1);
    runTurns();
    expect(order).toEqual(["next"]);
    expect(strays.map(({ message, exception }) => [message, String(exception)])).toEqual([
      ["Exception in callback <Handle anonymous function()>", "Error: in a callback"],
    ]);
  });

  test("run in a copy of the context they were added in, or in the one given", () => {
    const variable = new ContextVar<string>("v", { default: "default" });
    const given = new Context();
    given.run(() => variable.set("given"));
    const future = make();
    const seen: string[] = [];
    new Context().run(() => {
      variable.set("added");
      future.addDoneCallback(() => seen.push(variable.get()));
      future.addDoneCallback(() => seen.push(variable.get()), { context: given });
      variable.set("changed");
    });
    future.setResult(1);
    runTurns();
    expect(seen).toEqual(["added", "given"]);
  });

  test("must be functions", () => {
    expect(() => make().addDoneCallback("f" as never)).toThrow(
      new TypeError('addDoneCallback() expects a function, got "f"'),
    );
  });
});

describe("subscribers", () => {
  const job = (run: () => void): Job => ({ _context: new Context(), _cancelled: false, _run: run });

  test("are put into the ready queue themselves, and can leave", () => {
    const future = make();
    const order: string[] = [];
    const jobs = ["a", "b", "c"].map((name) => job(() => order.push(name)));
    expect(future._unsubscribe(jobs[0]!)).toBe(false);
    future._subscribe(jobs[0]!);
    expect(future._unsubscribe(jobs[1]!)).toBe(false);
    expect(future._unsubscribe(jobs[0]!)).toBe(true);
    for (const each of jobs) future._subscribe(each);
    expect(future._unsubscribe(jobs[1]!)).toBe(true);
    expect(future._unsubscribe(jobs[1]!)).toBe(false);
    future.setResult(1);
    future._subscribe(jobs[1]!);
    runTurns();
    expect(order).toEqual(["a", "c", "b"]);
  });
});

describe("awaiting", () => {
  test("yields the future to the driver until it is done, then gives its result", () => {
    const future = make<number>();
    const iterator = future[Symbol.iterator]();
    const step = iterator.next();
    expect([step.done, step.value === (future as unknown), stepBrand in step]).toEqual([false, true, true]);
    expect(() => iterator.next()).toThrow(
      new RuntimeError("await wasn't used with future: <Future pending> is not done yet"),
    );
    future.setResult(1);
    expect(iterator.next()).toMatchObject({ done: true, value: 1 });
    expect(make()[Symbol.iterator]().return!("early")).toEqual({ done: true, value: "early" });
  });

  test("of a future too early is told, though a done one was awaited in between", () => {
    const early = make()[Symbol.iterator]();
    early.next();
    const done = make<number>();
    done.setResult(1);
    expect(done[Symbol.iterator]().next().value).toBe(1);
    expect(() => early.next()).toThrow(
      new RuntimeError("await wasn't used with future: <Future pending> is not done yet"),
    );
  });

  test("of a done future does not suspend", () => {
    const future = make<number>();
    future.setResult(1);
    function* raw() {
      return yield* future;
    }
    expect(raw().next()).toMatchObject({ done: true, value: 1 });
    const failed = make();
    failed.setException(new Error("failed"));
    expect(() => failed[Symbol.iterator]().next()).toThrow("failed");
  });

  test("throws what is thrown in", () => {
    expect(() => make()[Symbol.iterator]().throw!(new Error("thrown in"))).toThrow("thrown in");
  });

  test("an async function can await it", async () => {
    const guest = new EventLoop();
    const future = new Future<number>({ loop: guest });
    guest.callSoon(() => future.setResult(1));
    expect(await future).toBe(1);
    const failed = new Future({ loop: guest });
    failed.setException(new Error("failed"));
    await expect(failed.then()).rejects.toThrow("failed");
    expect(await failed.then(null, (error: Error) => error.message)).toBe("failed");
    const cancelled = new Future({ loop: guest });
    cancelled.cancel("enough");
    await expect(cancelled.then((value) => value)).rejects.toBeInstanceOf(CancelledError);
  });
});

describe("a failure nobody asks for", () => {
  test("is known to the loop until somebody does", () => {
    const future = make();
    future.setException(new Error("unseen"));
    expect(loop._failures.size).toBe(1);
    future.exception();
    expect(loop._failures.size).toBe(0);
  });

  test.each<[string, (future: Future<unknown>) => unknown]>([
    ["result()", (future) => future.result()],
    ["cancel()", (future) => future.cancel()],
    ["awaiting it", (future) => future[Symbol.iterator]().next()],
  ])("%s sees it", (_name, see) => {
    const future = make();
    future.setException(new Error("seen"));
    try {
      see(future);
    } catch {}
    expect(loop._failures.size).toBe(0);
  });

  test("is reported once, with the future if it is still there", () => {
    const future = make();
    const error = new Error("unseen");
    future.setException(error);
    const [failure] = loop._failures;
    failure!.report();
    failure!.report();
    expect(strays.map(({ message, exception }) => [message, exception === error])).toEqual([
      ["Future exception was never retrieved", true],
    ]);
    expect(strays[0]!.future).toBe(future);
  });

  test("is reported without it when it is collected", () => {
    const future = make();
    future.setException(new Error("unseen"));
    const [failure] = loop._failures as Set<{ report(): void; _future: { deref(): unknown } }>;
    failure!._future = { deref: () => undefined };
    failure!.report();
    expect(strays.map((context) => Object.keys(context))).toEqual([["message", "exception"]]);
  });
});

describe("who awaits a future", () => {
  test("are the futures that combine it with others, and the tasks that wait for it", () => {
    const future = make();
    const outer = make();
    const another = make();
    expectSame(future.awaitedBy, []);
    futureAddToAwaitedBy(future, outer);
    futureAddToAwaitedBy(future, another);
    expectSame(future.awaitedBy, [outer, another]);
    futureDiscardFromAwaitedBy(future, outer);
    futureDiscardFromAwaitedBy(future, outer);
    expectSame(future.awaitedBy, [another]);
    futureDiscardFromAwaitedBy(future, another);
    expect(future._combinedBy).toBe(null);
    const task = Object.assign(make(), { _context: new Context(), _cancelled: false, _run() {} });
    future._subscribe(task);
    expectSame(future.awaitedBy, [task]);
    future._subscribe({ _context: new Context(), _cancelled: false, _run() {} });
    expectSame(future.awaitedBy, [task]);
  });

  test("are also the tasks that were woken, until they run", () => {
    const future = make();
    const other = make();
    const task = Object.assign(make(), {
      _context: new Context(),
      _cancelled: false,
      _waitingOn: future as Future | null,
      _run() {
        this._waitingOn = null;
      },
    });
    future._subscribe(task);
    future.addDoneCallback(() => {});
    future.setResult(1);
    other.setResult(2);
    expectSame(future.awaitedBy, [task]);
    expectSame(other.awaitedBy, []);
    runTurns();
    expectSame(future.awaitedBy, []);
  });

  test("may be many", () => {
    const future = make();
    const waiters = [make(), make(), make()];
    for (const waiter of [...waiters, ...waiters]) futureAddToAwaitedBy(future, waiter);
    expectSame(future.awaitedBy, waiters);
    for (const waiter of waiters) futureDiscardFromAwaitedBy(future, waiter);
    expectSame(future.awaitedBy, []);
  });

  test("what is no future is nobody", () => {
    const future = make();
    futureAddToAwaitedBy(future, "nobody");
    futureAddToAwaitedBy("nothing", future);
    futureDiscardFromAwaitedBy(future, "nobody");
    futureDiscardFromAwaitedBy(future, make());
    expect(future.awaitedBy.size).toBe(0);
  });
});

describe("making one", () => {
  test("takes the loop that is there when none is given", () => {
    expect(new Future().getLoop()).toBe(getEventLoop());
    expect(new Future({}).getLoop()).toBe(getEventLoop());
  });

  test("refuses what is no loop", () => {
    expect(() => new Future({ loop: {} as never })).toThrow(
      new TypeError("new Future() expects an EventLoop as its loop, got {}"),
    );
    expect(() => new Future(5 as never)).toThrow(
      new TypeError("new Future() expects options such as {loop}, or nothing, got 5"),
    );
    expect(() => new Future(null as never)).toThrow(TypeError);
  });
});

describe("isFuture", () => {
  test("knows futures of every copy of the package by their brand", () => {
    expect(isFuture(make())).toBe(true);
    expect(isFuture({ [Symbol.for("tsyncio.Future")]: true })).toBe(true);
    expect(isFuture({})).toBe(false);
    expect(isFuture(null)).toBe(false);
    expect(isFuture(Promise.resolve())).toBe(false);
  });
});

describe("CancelledError", () => {
  test("knows those of every copy of the package", () => {
    const foreign = Object.assign(new Error("enough"), { [Symbol.for("tsyncio.CancelledError")]: true });
    expect(new CancelledError("enough")).toBeInstanceOf(CancelledError);
    expect(foreign).toBeInstanceOf(CancelledError);
    expect(new Error("enough")).not.toBeInstanceOf(CancelledError);
    expect(null).not.toBeInstanceOf(CancelledError);
    class Special extends CancelledError {}
    expect(new CancelledError()).not.toBeInstanceOf(Special);
    expect(new Special()).toBeInstanceOf(Special);
  });

  test("can be given to cancel() whole, with its cause", () => {
    const future = make();
    const error = new CancelledError("enough", { cause: "the reason" });
    future.cancel(error);
    expect(() => future.result()).toThrow(error);
    expect(toCancelledError("words")).toEqual(new CancelledError("words"));
  });

  test("of a cancelled task is thrown on once", () => {
    const future = make();
    const error = new CancelledError("from inside");
    future._cancelWith(error);
    expect(future._cancelMessage).toBe(undefined);
    expect(future._makeCancelledError()).toBe(error);
    expect(future._makeCancelledError()).not.toBe(error);
    expect(future._makeCancelledError().message).toBe("");
  });
});
