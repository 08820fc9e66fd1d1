import { Context, ContextVar, RuntimeError } from "@tsyncio/context";
import { registry } from "@tsyncio/context/registry";
import { testHost } from "@tsyncio/test-host";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  EventLoop,
  type ExceptionContext,
  getEventLoop,
  getRunningLoop,
  Handle,
  type Instrument,
  LoopClosedError,
  setEventLoop,
  TimerHandle,
} from "./index.ts";

function virtualLoop(options: { debug?: boolean; slowCallbackDurationMs?: number } = {}) {
  const host = testHost();
  return new EventLoop({ host, ...options });
}

/** Runs everything there is, and stops. */
function runAll(loop: EventLoop, untilMs = 1_000) {
  loop.callLater(untilMs, () => loop.stop());
  loop.runForever();
}

/** Collects the stray errors of a loop. */
function strayErrors(loop: EventLoop): ExceptionContext[] {
  const contexts: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => contexts.push(context));
  return contexts;
}

afterEach(() => setEventLoop(null));

describe("turns", () => {
  test("run what was ready when they began, first in, first out", () => {
    const loop = virtualLoop();
    const order: string[] = [];
    loop.callSoon(() => {
      order.push("a");
      loop.callSoon(() => order.push("d"));
    });
    loop.callSoon(() => order.push("b"));
    loop.callSoon(() => {
      order.push("c");
      loop.stop();
    });
    loop.runForever();
    expect(order).toEqual(["a", "b", "c"]);
    loop.callSoon(() => loop.stop());
    loop.runForever();
    expect(order).toEqual(["a", "b", "c", "d"]);
  });

  test("run due timers after what is ready, on a clock that only waiting moves", () => {
    const loop = virtualLoop();
    const order: unknown[] = [];
    loop.callLater(20, () => order.push(["late", loop.time()]));
    loop.callLater(10, () => order.push(["early", loop.time()]));
    loop.callAt(15, () => order.push(["middle", loop.time()]));
    loop.callLater(-5, () => order.push(["negative", loop.time()]));
    loop.callSoon(() => order.push(["soon", loop.time()]));
    runAll(loop, 100);
    expect(order).toEqual([
      ["soon", 0],
      ["negative", 0],
      ["early", 10],
      ["middle", 15],
      ["late", 20],
    ]);
  });

  test("pass over what was cancelled", () => {
    const loop = virtualLoop();
    const order: string[] = [];
    const handle = loop.callSoon(() => order.push("cancelled"));
    const timer = loop.callLater(5, () => order.push("cancelled timer"));
    loop.callSoon(() => {
      timer.cancel();
      timer.cancel();
    });
    handle.cancel();
    expect(handle.cancelled()).toBe(true);
    runAll(loop);
    expect(order).toEqual([]);
  });

  test("an error in one job goes to the exception handler, and the others run", () => {
    const loop = virtualLoop();
    const contexts = strayErrors(loop);
    const order: string[] = [];
    const error = new Error("stray");
    const handle = loop.callSoon(function failing() {
      throw error;
    });
    loop.callSoon(() => order.push("next"));
    runAll(loop);
    expect(order).toEqual(["next"]);
    expect(contexts).toEqual([{ message: "Exception in callback <Handle failing()>", exception: error, handle }]);
  });

  test("a job whose context is entered already is reported, and the others run", () => {
    const loop = virtualLoop();
    const contexts = strayErrors(loop);
    const context = new Context();
    loop.callSoon(() => {}, { context });
    context.run(() => runAll(loop));
    expect(contexts.map(({ message, exception }) => [message, String(exception)])).toEqual([
      [
        "Exception in callback <Handle anonymous function()>",
        "RuntimeError: cannot enter context: <Context 0 variables> is already entered; enter a copy() of it",
      ],
    ]);
  });
});

describe("contexts", () => {
  test("a callback runs in the context it was scheduled in, or the one it was given", () => {
    const loop = virtualLoop();
    const variable = new ContextVar<string>("v", { default: "default" });
    const context = new Context();
    context.run(() => variable.set("given"));
    const seen: string[] = [];
    const see = () => void seen.push(variable.get());
    new Context().run(() => {
      variable.set("scheduled");
      loop.callSoon(see);
      loop.callSoon(see, {});
      loop.callSoon(see, { context });
      loop.callLater(1, see, { context });
    });
    loop.callSoon(see);
    runAll(loop);
    expect(seen).toEqual(["scheduled", "scheduled", "given", "default", "given"]);
  });

  test("the context of a callback is a copy: what is set later, by either, the other does not see", () => {
    const loop = virtualLoop();
    const variable = new ContextVar<string>("v", { default: "default" });
    const seen: string[] = [];
    new Context().run(() => {
      variable.set("before");
      loop.callSoon(() => {
        seen.push(variable.get());
        variable.set("inside");
      });
      variable.set("after");
      runAll(loop);
      seen.push(variable.get());
    });
    expect(seen).toEqual(["before", "after"]);
  });
});

describe("runForever and runUntilComplete", () => {
  const completable = (loop: EventLoop) => {
    let callback: (() => void) | null = null;
    let outcome: (() => string) | null = null;
    return {
      done: () => outcome !== null,
      result: () => outcome!(),
      addDoneCallback: (added: () => void) => {
        callback = added;
      },
      removeDoneCallback: () => (callback === null ? 0 : 1),
      getLoop: () => loop,
      finish: (result: () => string) => {
        outcome = result;
        loop.callSoon(callback!);
      },
    };
  };

  test("gives the result, or throws the error", () => {
    const loop = virtualLoop();
    const future = completable(loop);
    loop.callLater(10, () => future.finish(() => "result"));
    expect(loop.runUntilComplete(future)).toBe("result");
    const failing = completable(loop);
    loop.callLater(10, () =>
      failing.finish(() => {
        throw new Error("failed");
      }),
    );
    expect(() => loop.runUntilComplete(failing)).toThrow("failed");
  });

  test("a loop stopped too early says so", () => {
    const loop = virtualLoop();
    loop.callSoon(() => loop.stop());
    expect(() => loop.runUntilComplete(completable(loop))).toThrow(
      new RuntimeError("Event loop stopped before Future completed."),
    );
  });

  test("a loop cannot be run while it runs, but another one can", () => {
    const loop = virtualLoop();
    const contexts = strayErrors(loop);
    const inner = virtualLoop();
    const seen: unknown[] = [];
    loop.callSoon(() => loop.runForever());
    loop.callSoon(() => {
      inner.callSoon(() => {
        seen.push(getRunningLoop() === inner);
        inner.stop();
      });
      inner.runForever();
      seen.push(getRunningLoop() === loop);
    });
    runAll(loop);
    expect(contexts.map(({ exception }) => String(exception))).toEqual([
      "RuntimeError: This event loop is already running",
    ]);
    expect(seen).toEqual([true, true]);
  });

  test("an error of the host stops the run and leaves the loop usable", () => {
    const loop = virtualLoop();
    expect(() => loop.runForever()).toThrow("the test waits for something that can never come");
    expect(loop.isRunning()).toBe(false);
    expect(registry.runningLoop).toBe(null);
    runAll(loop);
  });

  test("stopping before running runs one turn", () => {
    const loop = virtualLoop();
    const order: string[] = [];
    loop.callSoon(() => {
      order.push("first");
      loop.callSoon(() => order.push("second"));
    });
    loop.stop();
    loop.runForever();
    expect(order).toEqual(["first"]);
  });
});

describe("close", () => {
  test("forgets what was scheduled, and refuses anything new", () => {
    const loop = virtualLoop();
    loop.callSoon(() => {});
    loop.callLater(1, () => {});
    loop.close();
    loop.close();
    expect(loop.isClosed()).toBe(true);
    expect(() => loop.callSoon(() => {})).toThrow(new LoopClosedError());
    expect(() => loop.callLater(1, () => {})).toThrow("Event loop is closed");
    expect(() => loop.runForever()).toThrow(LoopClosedError);
    expect(String(loop)).toBe("<EventLoop closed>");
  });

  test("is refused while running", () => {
    const loop = virtualLoop({ debug: true });
    const contexts = strayErrors(loop);
    loop.callSoon(() => {
      expect(loop.isRunning()).toBe(true);
      expect(String(loop)).toBe("<EventLoop running debug>");
      loop.close();
    });
    runAll(loop);
    expect(contexts.map(({ exception }) => String(exception))).toEqual([
      "RuntimeError: Cannot close a running event loop",
    ]);
    expect(String(virtualLoop())).toBe("<EventLoop idle>");
  });
});

describe("stray errors", () => {
  test("go to the console by default, with all that is known", () => {
    const loop = virtualLoop();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const error = new Error("stray");
      loop.callExceptionHandler({ message: "something happened", exception: error, where: "here", about: 1 });
      loop.callExceptionHandler({ message: "something else happened" });
      loop.defaultExceptionHandler({} as ExceptionContext);
      expect(log.mock.calls).toEqual([
        ["something happened\nabout: 1\nwhere: here\n", error],
        ["something else happened"],
        ["Unhandled exception in event loop"],
      ]);
    } finally {
      log.mockRestore();
    }
  });

  test("of the handler itself go to the console", () => {
    const loop = virtualLoop();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const error = new Error("in the handler");
      loop.setExceptionHandler(() => {
        throw error;
      });
      expect(loop.getExceptionHandler()).toBeTypeOf("function");
      loop.callExceptionHandler({ message: "first" });
      expect(log.mock.calls).toEqual([["Unhandled error in exception handler\ncontext: [object Object]\n", error]]);
      loop.setExceptionHandler(null);
      expect(loop.getExceptionHandler()).toBe(null);
    } finally {
      log.mockRestore();
    }
  });
});

describe("debug mode", () => {
  test("reports slow callbacks", () => {
    const host = testHost();
    const loop = new EventLoop({ host, debug: true, slowCallbackDurationMs: 50 });
    const contexts = strayErrors(loop);
    const slow = loop.callSoon(function slow() {
      host.wait(host.now() + 51);
    });
    loop.callSoon(function quick() {
      host.wait(host.now() + 49);
    });
    runAll(loop);
    expect(contexts).toEqual([{ message: "Executing <Handle slow()> took 51.000 ms", handle: slow }]);
  });
});

describe("instruments", () => {
  test("see timers set and fired, and the loop idle; until they are taken away", () => {
    const loop = virtualLoop();
    const seen: unknown[] = [];
    const instrument: Instrument = {
      timerSet: (timer) => seen.push(["set", timer.when()]),
      timerFired: (timer) => seen.push(["fired", timer.when()]),
      idle: (untilMs) => seen.push(["idle", untilMs]),
    };
    const remove = loop.addInstrument(instrument);
    const removeOther = loop.addInstrument({});
    loop.callLater(5, () => {});
    loop.callLater(6, () => {}).cancel();
    runAll(loop, 10);
    remove();
    expect(seen).toEqual([
      ["set", 5],
      ["set", 6],
      ["set", 10],
      ["idle", 5],
      ["fired", 5],
      ["idle", 10],
      ["fired", 10],
    ]);
    loop.callLater(5, () => {});
    expect(seen.length).toBe(7);
    const watchedBy = () => Object.keys(loop).filter((key) => ["_schedule", "_runJob"].includes(key));
    expect(watchedBy()).toEqual(["_schedule", "_runJob"]);
    removeOther();
    expect(watchedBy()).toEqual([]);
    expect(loop._instruments).toBe(null);
    removeOther();
  });

  test("may schedule something when the loop is idle", () => {
    const loop = virtualLoop();
    loop.addInstrument({ idle: () => void loop.callSoon(() => loop.stop()) });
    loop.runForever();
    expect(loop.time()).toBe(0);
  });

  test("that throw are reported, and harm nobody", () => {
    const loop = virtualLoop();
    const contexts = strayErrors(loop);
    loop.addInstrument({
      timerSet() {
        throw new Error("broken instrument");
      },
    });
    runAll(loop);
    expect(contexts.map(({ message, exception }) => [message, String(exception)])).toEqual([
      ["Exception in an instrument's timerSet()", "Error: broken instrument"],
    ]);
  });
});

describe("bad input", () => {
  const loop = virtualLoop();
  test.each<[string, () => unknown, Error]>([
    [
      "no callback",
      () => loop.callSoon(1 as never),
      new TypeError("a callable object was expected by callSoon(), got 1"),
    ],
    [
      "a call instead of a callback",
      () => loop.callLater(1, undefined as never),
      new TypeError("a callable object was expected by callLater(), got undefined"),
    ],
    [
      "a callback in the place of the delay",
      () => loop.callLater(function tick() {} as never, 1 as never),
      new TypeError("callLater() expects a delay in milliseconds, a number, got function tick"),
    ],
    [
      "an anonymous one",
      () => loop.callAt((() => {}) as never, 1 as never),
      new TypeError("callAt() expects a time in milliseconds, a number, got function (anonymous)"),
    ],
    [
      "NaN",
      () => loop.callLater(Number.NaN, () => {}),
      new RangeError("callLater() expects a delay in milliseconds, got NaN"),
    ],
    [
      "options",
      () => loop.callSoon(() => {}, null as never),
      new TypeError("callSoon() expects options such as {context}, got null"),
    ],
    [
      "handler",
      () => loop.setExceptionHandler(1 as never),
      new TypeError("A callable object or null is expected, got 1"),
    ],
    [
      "instrument",
      () => loop.addInstrument(1 as never),
      new TypeError("addInstrument() expects an object with methods such as idle(), got 1"),
    ],
    [
      "loop options",
      () => new EventLoop(1 as never),
      new TypeError("new EventLoop() expects options such as {debug: true}, got 1"),
    ],
    [
      "host",
      () => new EventLoop({ host: {} as never }),
      new TypeError(
        'new EventLoop() expects a host whose kind is "guest" or "blocking", such as defaultHost(), got [object Object]',
      ),
    ],
    [
      "a loop that is none",
      () => setEventLoop({} as never),
      new TypeError("setEventLoop() expects an EventLoop or null, got [object Object]"),
    ],
  ])("%s", (_name, act, error) => {
    expect(act).toThrow(error);
  });
});

describe("handles", () => {
  test("show what they are", () => {
    const loop = virtualLoop();
    const handle = loop.callSoon(function work() {});
    expect(handle).toBeInstanceOf(Handle);
    expect(String(handle)).toBe("<Handle work()>");
    handle.cancel();
    expect(String(handle)).toBe("<Handle cancelled>");
    const timer = loop.callAt(7, () => {});
    expect(timer).toBeInstanceOf(TimerHandle);
    expect(timer.when()).toBe(7);
    expect(String(timer)).toBe("<TimerHandle anonymous function() when=7>");
  });

  test("a cancelled one that is run all the same does nothing", () => {
    const handle = virtualLoop().callSoon(() => {
      throw new Error("ran");
    });
    handle.cancel();
    handle._run();
  });
});

describe("the running and the default loop", () => {
  test("there is no running loop outside of one", () => {
    expect(() => getRunningLoop()).toThrow(new RuntimeError("no running event loop"));
  });

  test("the default loop is made once, until another one is set", () => {
    const made = getEventLoop();
    expect(getEventLoop()).toBe(made);
    const other = virtualLoop();
    setEventLoop(other);
    expect(getEventLoop()).toBe(other);
    setEventLoop(null);
    expect(getEventLoop()).not.toBe(made);
  });

  test("inside a loop the running one is given", () => {
    const loop = virtualLoop();
    const seen: unknown[] = [];
    loop.callSoon(() => seen.push(getEventLoop() === loop, getRunningLoop() === loop));
    runAll(loop);
    expect(seen).toEqual([true, true]);
  });

  test("what a callback schedules for one argument needs no closure", () => {
    const loop = virtualLoop();
    const seen: unknown[] = [];
    loop._callSoon((argument: string) => seen.push(argument), "argument", new Context());
    runAll(loop);
    expect(seen).toEqual(["argument"]);
  });
});
