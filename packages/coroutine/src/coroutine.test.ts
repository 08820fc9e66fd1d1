import { RuntimeError } from "@tsyncio/context";
import { watchCoroutines } from "@tsyncio/context/registry";
import { Future } from "@tsyncio/future";
import { handsOn } from "@tsyncio/future/waiting";
import { EventLoop } from "@tsyncio/loop";
import { testHost } from "@tsyncio/test-host";
import { describe, expect, test, vi } from "vitest";
import { Coroutine, CoroutineRunningError, coroutine, GeneratorExit, isCoroutine } from "./index.ts";
import {
  badYield,
  checkpoint,
  created,
  delegateTo,
  Frameless,
  failure,
  Leaf,
  resume,
  type Step,
  stackOf,
  takeError,
  throwInto,
  toCoroutine,
} from "./protocol.ts";

const loop = new EventLoop({ host: testHost() });

const pair = coroutine(function* pair(a: string, b: string) {
  yield* checkpoint;
  return a + b;
});

describe("a coroutine function", () => {
  test("keeps the name and the length of its generator function", () => {
    expect(pair.name).toBe("pair");
    expect(pair.length).toBe(2);
    expect(coroutine((() => function* () {})()).name).toBe("anonymous");
  });

  test("runs nothing when it is called", () => {
    let ran = false;
    const called = coroutine(function* body() {
      ran = true;
    })();
    expect(ran).toBe(false);
    expect(called).toBeInstanceOf(Coroutine);
    expect(called.state).toBe("created");
    expect(String(called)).toBe("<Coroutine created body()>");
    called.send();
    expect(ran).toBe(true);
  });

  test("can be a method", () => {
    class Greeter {
      greeting = "hello";
      greet = coroutine(function* greet(this: Greeter, name: string) {
        return `${this.greeting} ${name}`;
      });
    }
    expect(new Greeter().greet("you").send()).toEqual({ done: true, value: "hello you" });
  });

  test("is made of a generator function, and of nothing else", () => {
    expect(() => coroutine(5 as never)).toThrow(new TypeError("coroutine() expects a generator function, got 5"));
    const plain = coroutine(function plain() {
      return 5;
    } as never);
    expect(() => plain()).toThrow(new TypeError("coroutine() expects a generator function, but plain() gave 5"));
  });

  test("tells whoever watches about each coroutine it makes", () => {
    const made: object[] = [];
    watchCoroutines((each) => made.push(each));
    try {
      const each = pair("a", "b");
      expect(made.length === 1 && made[0] === each).toBe(true);
    } finally {
      watchCoroutines(null);
    }
  });
});

describe("driving by hand", () => {
  test("send() gives what it suspended on, then the result", () => {
    const driven = pair("a", "b");
    expect(driven.send().done).toBe(false);
    expect(driven.state).toBe("suspended");
    expect(driven.send()).toEqual({ done: true, value: "ab" });
    expect(driven.state).toBe("closed");
    expect(() => driven.send()).toThrow(
      new RuntimeError("cannot reuse already awaited coroutine <Coroutine closed pair()>; call its function again"),
    );
  });

  test("a value cannot be sent to one that has not begun", () => {
    expect(() => pair("a", "b").send(1)).toThrow(
      new TypeError("can't send a value to a just-started coroutine: nothing in it waits for one"),
    );
  });

  test("throw() throws where it is suspended, and gives what comes then", () => {
    const error = new Error("thrown in");
    const catching = coroutine(function* catching() {
      try {
        yield* checkpoint;
      } catch (caught) {
        yield* checkpoint;
        return caught;
      }
      return "not thrown";
    })();
    catching.send();
    expect(catching.throw(error).done).toBe(false);
    expect(catching.send()).toEqual({ done: true, value: error });
  });

  test("throw() into one that has not begun ends it", () => {
    const error = new Error("too early");
    const never = pair("a", "b");
    expect(() => never.throw(error)).toThrow(error);
    expect(never.state).toBe("closed");
  });

  test("it cannot be resumed while it runs", () => {
    const errors: unknown[] = [];
    const selfish: Coroutine<void> = coroutine(function* self() {
      expect(selfish.state).toBe("running");
      for (const resumption of [() => selfish.send(), () => selfish.throw(new Error()), () => selfish.close()]) {
        try {
          resumption();
        } catch (error) {
          errors.push(error);
        }
      }
      yield* selfish;
    })();
    expect(() => selfish.send()).toThrow(CoroutineRunningError);
    expect(errors.map(String)).toEqual(
      Array(3).fill("CoroutineRunningError: coroutine already executing: <Coroutine running self()>"),
    );
  });
});

describe("close()", () => {
  test("of one that has not begun runs nothing", () => {
    const never = pair("a", "b");
    never.close();
    never.close();
    expect(never.state).toBe("closed");
  });

  test("runs the finally blocks of the whole stack", () => {
    const order: string[] = [];
    const inner = coroutine(function* inner() {
      try {
        yield* checkpoint;
      } catch (error) {
        order.push(String(error));
        throw error;
      } finally {
        order.push("inner");
      }
    });
    const outer = coroutine(function* outer() {
      try {
        yield* inner();
      } finally {
        order.push("outer");
      }
    })();
    outer.send();
    outer.close();
    expect(order).toEqual(["GeneratorExit: the coroutine is being closed", "inner", "outer"]);
    expect(outer.state).toBe("closed");
  });

  test("is content with a coroutine that returns, and passes on what the clean-up throws", () => {
    const returning = coroutine(function* returning() {
      try {
        yield* checkpoint;
      } catch (error) {
        if (!(error instanceof GeneratorExit)) throw error;
      }
    })();
    returning.send();
    returning.close();
    const failing = coroutine(function* failing() {
      try {
        yield* checkpoint;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what a clean-up throws takes the place of what it cleans up after
        throw new Error("in clean-up");
      }
    })();
    failing.send();
    expect(() => failing.close()).toThrow("in clean-up");
  });

  test("of one whose clean-up suspends is an error", () => {
    const stubborn = coroutine(function* stubborn() {
      try {
        yield* checkpoint;
      } finally {
        yield* checkpoint;
      }
    })();
    stubborn.send();
    expect(() => stubborn.close()).toThrow(
      new RuntimeError(
        "<Coroutine suspended stubborn()> ignored GeneratorExit: the clean-up of a coroutine that is closed cannot suspend",
      ),
    );
  });
});

describe("a coroutine that awaits another", () => {
  test("runs it in the same stack, without a turn of the loop", () => {
    const outer = coroutine(function* outer() {
      return (yield* pair("a", "b")) + (yield* pair("c", "d"));
    })();
    outer.send();
    expect(stackOf(outer).map(({ name }) => name)).toEqual(["outer", "pair"]);
    outer.send();
    expect(outer.send()).toEqual({ done: true, value: "abcd" });
    expect(stackOf(outer).map(({ name }) => name)).toEqual(["outer"]);
  });

  test("gets its errors thrown at the await", () => {
    const failing = coroutine(function* failing() {
      throw new Error("inside");
    });
    const outer = coroutine(function* outer() {
      try {
        yield* failing();
      } catch (error) {
        return `caught ${(error as Error).message}`;
      }
      return "not thrown";
    })();
    expect(outer.send()).toEqual({ done: true, value: "caught inside" });
  });

  test("may await it through raw generators", () => {
    function* raw() {
      return (yield* pair("r", "a")) + (yield* pair("w", ""));
    }
    const outer = coroutine(function* outer() {
      return yield* raw();
    })();
    outer.send();
    outer.send();
    expect(outer.send()).toEqual({ done: true, value: "raw" });
  });

  test("cannot await it twice, nor one that somebody drives by hand", () => {
    const inner = pair("a", "b");
    const twice = coroutine(function* twice() {
      yield* inner;
      yield* inner;
    })();
    twice.send();
    expect(() => twice.send()).toThrow(
      new RuntimeError("cannot reuse already awaited coroutine <Coroutine closed pair()>; call its function again"),
    );
    const driven = pair("a", "b");
    driven.send();
    const late = coroutine(function* late() {
      yield* driven;
    })();
    expect(() => late.send()).toThrow(
      new RuntimeError("coroutine is being awaited already: <Coroutine suspended pair()>"),
    );
  });

  test("is resumed at any depth, without recursion", () => {
    const depth = 20_000;
    const deep: (left: number) => Coroutine<number> = coroutine(function* level(left: number) {
      if (left === 0) {
        yield* checkpoint;
        return 0;
      }
      return (1 + (yield* deep(left - 1))) as number;
    }) as never;
    const root = deep(depth);
    root.send();
    expect(stackOf(root).length).toBe(depth + 1);
    expect(root.send()).toEqual({ done: true, value: depth });
    const failing = deep(depth);
    failing.send();
    expect(() => failing.throw(new Error("from the bottom of it"))).toThrow("from the bottom of it");
  });

  test("its iterators can be closed by hand, as JavaScript's may be", () => {
    expect(pair("a", "b")[Symbol.iterator]().return!("early")).toEqual({ done: true, value: "early" });
    expect(checkpoint[Symbol.iterator]().return!()).toEqual({ done: true, value: undefined });
    expect(new Future({ loop })[Symbol.iterator]().return!(1)).toEqual({ done: true, value: 1 });
  });
});

describe("delegateTo()", () => {
  const generator = function* (): Generator<any, string, any> {
    const log: unknown[] = [];
    try {
      log.push(yield "first");
      log.push(yield "second");
      return log.join();
    } catch (error) {
      return `caught ${error}`;
    } finally {
      if (log[0] === "b") yield "clean-up";
    }
  };

  for (const [how, delegate] of [
    ["yield* of it", () => delegateTo(generator()) as Iterable<any>],
    ["yield* of the generator itself", () => generator() as Iterable<any>],
  ] as const) {
    test(`${how} passes on what is sent, thrown and returned, in both directions`, () => {
      const outer = () =>
        (function* (): Generator<any, unknown, any> {
          return yield* delegate();
        })();
      const sent = outer();
      expect([sent.next(), sent.next("a"), sent.next("b"), sent.next()]).toEqual([
        { value: "first", done: false },
        { value: "second", done: false },
        { value: "a,b", done: true },
        { value: undefined, done: true },
      ]);
      const thrown = outer();
      expect([thrown.next(), thrown.throw("x")]).toEqual([
        { value: "first", done: false },
        { value: "caught x", done: true },
      ]);
      const returned = outer();
      expect([returned.next(), returned.next("b"), returned.return(7), returned.next()]).toEqual([
        { value: "first", done: false },
        { value: "second", done: false },
        { value: "clean-up", done: false },
        { value: 7, done: true },
      ]);
    });
  }

  test("hands on the very steps of the generator", () => {
    const step = { value: 1, done: false };
    const inner = (function* () {
      yield* { [Symbol.iterator]: () => ({ next: () => step }) } as Iterable<never>;
    })();
    const outer = (function* () {
      yield* delegateTo(inner);
    })();
    expect((outer.next() as unknown) === step).toBe(handsOn);
  });

  test("is what it was given, when that is no generator", () => {
    const future = new Future({ loop });
    expect(delegateTo(future)).toBe(future);
  });
});

describe("the driver's side", () => {
  const driver = { _giveWay() {} };

  test("is handed an error, once, whatever the depth, and whether it has begun or not", () => {
    const failing = coroutine(function* failing(error: unknown) {
      yield* checkpoint;
      throw error;
    });
    const calling = coroutine(function* calling(error: unknown) {
      yield* failing(error);
    });
    for (const error of [new Error("a"), undefined, failure]) {
      const driven = calling(error);
      expect(resume(driven, undefined, driver)).not.toBe(failure);
      expect(resume(driven, undefined, driver)).toBe(failure);
      expect(takeError()).toBe(error);
      expect(takeError()).toBe(undefined);
      expect(driven.state).toBe("closed");
      expect(resume(driven, undefined, driver)).toBe(failure);
      expect(takeError()).toBeInstanceOf(RuntimeError);
      expect(throwInto(driven, error, driver)).toBe(failure);
      expect(takeError()).toBeInstanceOf(RuntimeError);
      const neverBegun = calling(error);
      expect(throwInto(neverBegun, error, driver)).toBe(failure);
      expect(takeError()).toBe(error);
      expect(neverBegun.state).toBe("closed");
    }
  });

  test("an iterator that was asked for and never used does not pass for a call", () => {
    let begun = false;
    const stray = coroutine(function* stray() {
      begun = true;
      yield* checkpoint;
    });
    const inner = coroutine(function* inner() {
      yield* checkpoint;
      stray()[Symbol.iterator]();
      return "inner";
    });
    const outer = coroutine(function* outer() {
      return yield* inner();
    });
    const driven = outer();
    expect(resume(driven, undefined, driver)).toBe(null);
    expect(resume(driven, undefined, driver)).toEqual({ value: "inner", done: true });
    expect(begun).toBe(false);
  });

  test("sees what a coroutine yields as a mistake, even where it is the sign of a failure", () => {
    const yielding = coroutine(function* yielding() {
      yield failure as never;
    })();
    const step = resume(yielding, undefined, driver);
    expect(step).not.toBe(failure);
    expect(step).toEqual({ value: failure, done: false });
  });

  test("sees a checkpoint, a future, or a mistake", () => {
    const future = new Future<number>({ loop });
    const suspending = coroutine(function* suspending() {
      yield* checkpoint;
      yield* future;
      yield 5 as never;
    })();
    expect(resume(suspending, undefined, driver)).toBe(null);
    expect(resume(suspending, undefined, driver)).toBe(future);
    future.setResult(1);
    const third = resume(suspending, undefined, driver) as Step;
    expect(third).toEqual({ value: 5, done: false });
    expect(badYield("Task", third).message).toBe(
      "Task got bad yield: 5; a coroutine awaits futures, tasks and coroutines, with yield*",
    );
  });

  test("names the remedy for what was wrongly yielded", () => {
    const future = new Future({ loop });
    expect(badYield("Task", { value: undefined }).message).toBe(
      "Task got bad yield: undefined; to give way for a turn write yield* sleep(0)",
    );
    expect(badYield("Task", { value: future }).message).toBe(
      "Task got bad yield: <Future pending>; write yield* instead of yield",
    );
    expect(badYield("Task", { value: pair("a", "b") }).message).toBe(
      "Task got bad yield: <Coroutine created pair()>; write yield* instead of yield",
    );
  });

  test("a driver that resumes an awaiting coroutine before its future is done is told", () => {
    const early = coroutine(function* early() {
      yield* new Future({ loop });
    })();
    early.send();
    expect(() => early.send()).toThrow(
      new RuntimeError("await wasn't used with future: <Future pending> is not done yet"),
    );
  });

  test("takes raw generators for coroutines, and says what to do about anything else", () => {
    function* raw() {
      yield* checkpoint;
      return "raw";
    }
    const wrapped = toCoroutine(raw(), "here");
    expect(isCoroutine(wrapped)).toBe(true);
    expect(wrapped.name).toBe("generator");
    expect(toCoroutine(wrapped, "here")).toBe(wrapped);
    const refusal = (value: unknown) => {
      try {
        toCoroutine(value as never, "createTask()");
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal(5)).toBe("TypeError: createTask() expects a coroutine, got 5");
    expect(refusal(null)).toBe("TypeError: createTask() expects a coroutine, got null");
    expect(refusal(raw)).toBe(
      "TypeError: createTask() expects a coroutine, got function raw; call the function, and give what it returns",
    );
    expect(refusal(async function fetchAll() {})).toBe(
      "TypeError: createTask() expects a coroutine, got function fetchAll; an async function becomes a coroutine function with fromAsync()",
    );
    expect(refusal(Promise.resolve())).toBe(
      "TypeError: createTask() expects a coroutine, got <Promise>; a promise or a future is awaited as it is: ensureFuture(), or yield* fromPromise()",
    );
  });
});

describe("a leaf", () => {
  class Nap extends Leaf<string> {
    readonly name = "nap";
    _state = created;
    done = false;
    value: unknown = undefined;
    readonly order: string[] = [];

    protected _begin() {
      this.order.push("begin");
      return null;
    }

    protected _end() {
      return "rested";
    }

    protected override _abandon() {
      this.order.push("abandon");
    }
  }

  test("is a coroutine that is its own iterator, step and frame", () => {
    const nap = new Nap();
    const outer = coroutine(function* outer() {
      return yield* nap;
    })();
    const step = outer.send();
    expect(step.done).toBe(false);
    expect([nap.state, stackOf(outer).map(({ name }) => name)]).toEqual(["suspended", ["outer", "nap"]]);
    expect(outer.send()).toEqual({ done: true, value: "rested" });
    expect([nap.state, stackOf(outer).map(({ name }) => name)]).toEqual(["closed", ["outer"]]);
    expect(() => nap[Symbol.iterator]()).toThrow("cannot reuse already awaited coroutine <Coroutine closed nap()>");
  });

  test("by which a stack gives way is told to its driver, and is in the stack if that says so", () => {
    const driver = { _giveWay: vi.fn() };
    const toldOf = () => driver._giveWay.mock.lastCall![0] as object;
    const names = (step: object | null) => stackOf(resting, step).map(({ name }) => name);
    const nap = new Nap();
    const resting = coroutine(function* resting() {
      yield* nap;
      yield* checkpoint;
      try {
        yield* new Future({ loop });
      } catch {
        yield* new Nap();
      }
    })();
    expect(resume(resting, undefined, driver)).toBe(null);
    expect(toldOf()).toBe(nap);
    expect(names(nap)).toEqual(["resting", "nap"]);
    expect(names(null)).toEqual(["resting"]);
    expect(resume(resting, undefined, driver)).toBe(null);
    expect(names(toldOf())).toEqual(["resting"]);
    expect(resume(resting, undefined, driver)).toBeInstanceOf(Future);
    expect(driver._giveWay).toHaveBeenCalledTimes(2);
    expect(throwInto(resting, new Error("no more"), driver)).toBe(null);
    expect(driver._giveWay).toHaveBeenCalledTimes(3);
    expect(toldOf()).toBeInstanceOf(Nap);
  });

  test("can be driven by hand, as the others can", () => {
    const nap = new Nap();
    expect(nap.send()).toEqual({ done: false, value: null });
    expect(stackOf(nap)).toHaveLength(1);
    expect(() => nap[Symbol.iterator]()).toThrow("coroutine is being awaited already");
    expect(nap.send()).toEqual({ done: true, value: "rested" });
    expect(() => nap.send()).toThrow(RuntimeError);
    expect(() => nap.throw(new Error())).toThrow("cannot reuse already awaited coroutine <Coroutine closed nap()>");
  });

  test("undoes what it began when an error is thrown in, or when it is closed", () => {
    const nap = new Nap();
    const outer = coroutine(function* outer() {
      yield* nap;
    })();
    outer.send();
    expect(() => outer.throw(new Error("thrown in"))).toThrow("thrown in");
    expect(nap.order).toEqual(["begin", "abandon"]);
    const closing = new Nap();
    closing.send();
    closing.close();
    expect(closing.order).toEqual(["begin", "abandon"]);
    const never = new Nap();
    expect(() => never.throw(new Error("too early"))).toThrow("too early");
    expect(never.order).toEqual([]);
    class Plain extends Leaf<void> {
      readonly name = "plain";
      _state = created;
      done = false;
      value: unknown = undefined;
      protected _begin() {
        return null;
      }
      protected _end() {}
    }
    const plain = new Plain();
    plain.send();
    plain.close();
    expect(plain.state).toBe("closed");
  });
});

describe("something that only works like a generator", () => {
  /** Yields the steps one after another, and ends with what it was sent or thrown last. */
  function handmade(...steps: object[]) {
    return {
      next: (value?: unknown) => steps.shift() ?? { done: true, value },
      throw: (error: unknown) => ({ done: true, value: error }),
    } as unknown as Generator<never, unknown, unknown>;
  }
  const turn = () => checkpoint[Symbol.iterator]().next();

  test("is a coroutine too", () => {
    const driven = toCoroutine(handmade(turn()), "here");
    expect(driven.send().done).toBe(false);
    expect(driven.send("sent")).toEqual({ done: true, value: "sent" });
    const thrownInto = coroutine(() => handmade(turn()))();
    thrownInto.send();
    expect(thrownInto.throw("thrown")).toEqual({ done: true, value: "thrown" });
  });

  test("may await a coroutine by the call of another loaded copy", () => {
    const call = { done: false, value: pair("a", "b"), [Symbol.for("tsyncio.Call")]: true };
    const outer = coroutine(() => handmade(call))();
    expect(outer.send().done).toBe(false);
    expect(stackOf(outer).map(({ name }) => name)).toEqual(["anonymous", "pair"]);
    expect(outer.send()).toEqual({ done: true, value: "ab" });
  });
});

describe("a coroutine without a frame", () => {
  class Steps extends Frameless<string> {
    readonly name = "steps";
    done = false;
    value: unknown = undefined;
    _state: number = created;
    left = 2;

    protected _advance(): boolean {
      if (this.left < 0) throw new Error("one step too many");
      this.value = this.left === 0 ? "over" : null;
      return this.left-- === 0;
    }
  }

  test("suspends as often as it likes", () => {
    const outer = coroutine(function* outer() {
      return yield* new Steps();
    })();
    expect([outer.send().done, outer.send().done]).toEqual([false, false]);
    expect(outer.send()).toEqual({ done: true, value: "over" });
  });

  test("is over when it throws, or an error is thrown in", () => {
    const failing = new Steps();
    failing.left = -1;
    expect(() => failing.send()).toThrow("one step too many");
    expect(failing.state).toBe("closed");
    const thrownInto = new Steps();
    thrownInto.send();
    expect(() => thrownInto.throw(new Error("thrown in"))).toThrow("thrown in");
    expect(thrownInto.state).toBe("closed");
  });
});

describe("isCoroutine", () => {
  test("knows coroutines of other copies of the package by their brand", () => {
    expect(isCoroutine(pair("a", "b"))).toBe(true);
    expect(isCoroutine({ [Symbol.for("tsyncio.Coroutine")]: true })).toBe(true);
    expect(isCoroutine({})).toBe(false);
    expect(isCoroutine(null)).toBe(false);
    expect(isCoroutine(function* () {})).toBe(false);
  });
});
