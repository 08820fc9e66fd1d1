import { expect, test } from "vitest";
import { clause, expectBuiltIn, expectMethod, foreignConstructor, outcome, testDepartedFrom } from "./clause.ts";

const noPromises = [undefined, null, 1, "promise", Symbol(), {}, [], () => {}];

clause("Properties of the Promise Prototype Object", (P) => {
  test("it is an ordinary object without slots", () => {
    expect(Object.getPrototypeOf(P.prototype)).toBe(Object.prototype);
    expect(new Set(Reflect.ownKeys(P.prototype))).toEqual(
      new Set(["constructor", "then", "catch", "finally", Symbol.toStringTag]),
    );
  });

  test("constructor", () => {
    expect(Object.getOwnPropertyDescriptor(P.prototype, "constructor")).toEqual({
      value: P,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  });

  test("[Symbol.toStringTag]", () => {
    expect(Object.getOwnPropertyDescriptor(P.prototype, Symbol.toStringTag)).toEqual({
      value: "Promise",
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.prototype.toString.call(P.resolve())).toBe("[object Promise]");
  });
});

clause("Promise.prototype.then", (P) => {
  test("is a method of two arguments", () => expectMethod(P.prototype, "then", "then", 2));

  test("needs a promise as its receiver", () => {
    for (const receiver of noPromises) expect(() => P.prototype.then.call(receiver as never)).toThrow(TypeError);
    expect(() => P.prototype.then.call({ then: () => {} } as never)).toThrow(TypeError);
  });

  test("makes a promise of the species of its constructor", () => {
    const promise = P.resolve(1);
    const Foreign = foreignConstructor();
    const derived = (Class: unknown) => {
      Object.defineProperty(promise, "constructor", { value: Class, configurable: true });
      return promise.then();
    };
    expect(derived({ [Symbol.species]: Foreign })).toBeInstanceOf(Foreign);
    for (const Class of [undefined, P, {}, { [Symbol.species]: null }, { [Symbol.species]: undefined }]) {
      expect(Object.getPrototypeOf(derived(Class))).toBe(P.prototype);
    }
    for (const Class of [null, 1, "Promise", Symbol(), true]) expect(() => derived(Class)).toThrow(TypeError);
    for (const species of [1, "Promise", {}, () => {}, Math.max]) {
      expect(() => derived({ [Symbol.species]: species })).toThrow(TypeError);
    }
  });

  test("throws what reading the constructor or the species throws", () => {
    const unreadable = {
      get() {
        throw new RangeError("unreadable");
      },
    };
    expect(() => Object.defineProperty(P.resolve(1), "constructor", unreadable).then()).toThrow(RangeError);
    const Class = Object.defineProperty({}, Symbol.species, unreadable);
    expect(() => Object.defineProperty(P.resolve(1), "constructor", { value: Class }).then()).toThrow(RangeError);
  });

  test("a species' constructor may be a proxy; its new target's prototype is not looked at for the check", () => {
    const log: unknown[] = [];
    const Foreign = foreignConstructor();
    const proxy = new Proxy(Foreign, {
      get(target, key) {
        log.push(key);
        return Reflect.get(target, key);
      },
      construct(target, args) {
        log.push("construct");
        return Reflect.construct(target, args);
      },
    });
    const promise = Object.defineProperty(P.resolve(1), "constructor", { value: { [Symbol.species]: proxy } });
    expect(promise.then()).toBeInstanceOf(Foreign);
    expect(log).toEqual(["construct"]);
  });

  test("a foreign promise is settled through its own functions", async () => {
    const Foreign = foreignConstructor();
    const species = { [Symbol.species]: Foreign };
    const derive = (promise: PromiseLike<unknown>, ...handlers: ((value: any) => unknown)[]) =>
      Object.defineProperty(promise, "constructor", { value: species }).then(...handlers);
    derive(P.resolve(1));
    derive(P.resolve(1), (value) => value + 1);
    derive(P.resolve(1), () => {
      throw 3;
    });
    derive(P.reject(4));
    derive(P.reject(4), undefined as never, (reason) => reason + 1);
    await outcome(P.resolve().then(() => {}));
    expect(Foreign.calls).toEqual([
      ["resolve", 1],
      ["resolve", 2],
      ["reject", 3],
      ["reject", 4],
      ["resolve", 5],
    ]);
  });
});

clause("Promise.prototype.catch", (P) => {
  test("is a method of one argument", () => expectMethod(P.prototype, "catch", "catch", 1));

  test("calls then of whatever its receiver is", () => {
    const calls: unknown[][] = [];
    const receiver = {
      then(...args: unknown[]) {
        calls.push([this === receiver, ...args]);
        return "result";
      },
    };
    const handler = () => {};
    expect(P.prototype.catch.call(receiver as never, handler)).toBe("result");
    expect(calls).toEqual([[true, undefined, handler]]);
    for (const receiver of [undefined, null, {}, 1]) {
      expect(() => P.prototype.catch.call(receiver as never, handler)).toThrow(TypeError);
    }
  });

  test("calls then of a primitive's prototype, on the primitive", () => {
    const prototype = Number.prototype as { then?: unknown };
    prototype.then = function (this: unknown) {
      return typeof this;
    };
    Object.defineProperty(prototype, "then", { get: () => () => "got" });
    try {
      expect(P.prototype.catch.call(1 as never)).toBe("got");
    } finally {
      delete prototype.then;
    }
  });
});

clause("Promise.prototype.finally", (P) => {
  test("is a method of one argument", () => expectMethod(P.prototype, "finally", "finally", 1));

  test("needs an object as its receiver", () => {
    for (const receiver of [undefined, null, 1, "promise", Symbol()]) {
      expect(() => P.prototype.finally.call(receiver as never)).toThrow(TypeError);
    }
  });

  test("passes what is not callable on, and two functions otherwise", () => {
    let args: unknown[] = [];
    const receiver = {
      constructor: P,
      then(...given: unknown[]) {
        args = given;
        return "result";
      },
    };
    expect(P.prototype.finally.call(receiver as never, 1 as never)).toBe("result");
    expect(args).toEqual([1, 1]);
    P.prototype.finally.call(receiver as never, () => {});
    expect(args.length).toBe(2);
    for (const handler of args) expectBuiltIn(handler, "", 1);
  });

  test("the settlement passes through, after what onFinally returns has settled", async () => {
    const log: unknown[] = [];
    const onFinally = (...args: unknown[]) => {
      log.push(...args, "finally");
      return P.resolve("ignored").then(() => log.push("waited"));
    };
    expect(await outcome(P.resolve(1).finally(onFinally))).toEqual({ value: 1 });
    expect(await outcome(P.reject(2).finally(onFinally))).toEqual({ reason: 2 });
    expect(log).toEqual(["finally", "waited", "finally", "waited"]);
  });

  test("an error of onFinally takes its place", async () => {
    const failing = () => {
      throw 3;
    };
    expect(await outcome(P.resolve(1).finally(failing))).toEqual({ reason: 3 });
    expect(await outcome(P.reject(2).finally(failing))).toEqual({ reason: 3 });
    expect(await outcome(P.resolve(1).finally(() => P.reject(4)))).toEqual({ reason: 4 });
  });

  testDepartedFrom(P)(
    "resolves what onFinally returns by the species, and asks its then for one function",
    async () => {
      const log: unknown[] = [];
      class Sub<T> extends P<T> {
        static override resolve(value?: any): any {
          return super.resolve(value);
        }
      }
      const promise = Sub.resolve(1);
      const thenable = Sub.resolve(2);
      thenable.then = ((...args: unknown[]) => {
        log.push(args.length, typeof args[0]);
        const [thunk] = args as [() => unknown];
        expectBuiltIn(thunk, "", 0);
        return thunk();
      }) as never;
      expect(await outcome(promise.finally(() => thenable))).toEqual({ value: 1 });
      expect(log).toEqual([1, "function"]);
    },
  );

  testDepartedFrom(P)("takes as many jobs as the specification says", async () => {
    const log: string[] = [];
    P.resolve(1)
      .finally(() => log.push("finally"))
      .then(() => log.push("then"));
    let chain: PromiseLike<unknown> = P.resolve();
    for (let job = 1; job <= 6; job++) chain = chain.then(() => log.push(`job ${job}`));
    await outcome(chain);
    expect(log).toEqual(["finally", "job 1", "job 2", "job 3", "then", "job 4", "job 5", "job 6"]);
  });
});
