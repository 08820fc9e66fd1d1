import { expect, test } from "vitest";
import type { PromiseClass } from "../../src/index.ts";
import { withArraySetters } from "../array-setters.ts";
import { clause, expectBuiltIn, expectMethod, foreignConstructor, jobs, outcome, scriptedIterable } from "./clause.ts";

type Name = "all" | "allSettled" | "any" | "race";
const names: Name[] = ["all", "allSettled", "any", "race"];

/** A constructor whose capability tells what it was settled with, and whose resolve makes the thenables given. */
function observed(thenableOf: (value: any) => unknown) {
  const Foreign = foreignConstructor();
  return Object.assign(Foreign, { resolve: (value: unknown) => thenableOf(value) });
}

function combine(P: PromiseClass, name: Name, Class: unknown, iterable: unknown): unknown {
  return Reflect.apply(P[name] as (iterable: unknown) => unknown, Class, [iterable]);
}

for (const name of names) {
  clause(`Promise.${name}`, (P) => {
    const combination = (iterable: unknown) => combine(P, name, P, iterable) as PromiseLike<unknown>;
    const TypeErrorReason = { reason: expect.any(TypeError) };

    test("rejects what is not iterable", async () => {
      for (const value of [undefined, null, 1, {}, { [Symbol.iterator]: 1 }, { [Symbol.iterator]: () => 1 }]) {
        expect(await outcome(combination(value))).toEqual(TypeErrorReason);
      }
    });

    test("takes any iterable", async () => {
      function* three() {
        yield 1;
        yield P.resolve(1);
        yield 1;
      }
      expect(await outcome(combination(three()))).toEqual(await outcome(combination([1, 1, 1])));
      expect(await outcome(combination("ab"))).toEqual(await outcome(combination(["a", "b"])));
    });

    test("rejects with what reading resolve throws, and does not begin to iterate", async () => {
      class Sub<T> extends P<T> {
        static override get resolve(): never {
          throw "unreadable";
        }
      }
      const iterable = scriptedIterable({ values: [] });
      expect(await outcome(combine(P, name, Sub, iterable) as PromiseLike<unknown>)).toEqual({ reason: "unreadable" });
      expect(iterable.log).toEqual([]);
    });

    test("rejects when resolve is not callable; reads it once, and calls it on the constructor", async () => {
      class Sub<T> extends P<T> {}
      Object.defineProperty(Sub, "resolve", { value: 1 });
      expect(await outcome(combine(P, name, Sub, []) as PromiseLike<unknown>)).toEqual(TypeErrorReason);
      const log: unknown[] = [];
      class Other<T> extends P<T> {
        static override get resolve() {
          log.push("read");
          return function (this: unknown, value: unknown) {
            log.push(this === Other);
            return P.resolve(value);
          } as never;
        }
      }
      await outcome(combine(P, name, Other, [1, 2]) as PromiseLike<unknown>);
      expect(log).toEqual(["read", true, true]);
    });

    test("does not close an iterator that failed", async () => {
      for (const failure of [{ nextThrows: 1 }, { doneThrows: 1 }, { valueThrows: 1 }]) {
        const iterable = scriptedIterable({ values: [], ...failure });
        expect(await outcome(combination(iterable))).toEqual({ reason: 1 });
        expect(iterable.log).toEqual(["iterator", "next"]);
      }
    });

    test("closes the iterator when resolve or then fails, and keeps the first error", async () => {
      for (const extra of [{}, { returnThrows: "closing" }]) {
        class Sub<T> extends P<T> {}
        Object.defineProperty(Sub, "resolve", {
          value: () => {
            throw "resolve";
          },
        });
        const iterable = scriptedIterable({ values: [1], ...extra });
        expect(await outcome(combine(P, name, Sub, iterable) as PromiseLike<unknown>)).toEqual({ reason: "resolve" });
        expect(iterable.log).toEqual(["iterator", "next", "return"]);

        for (const thenable of [
          {
            get then() {
              throw "then";
            },
          },
          {
            then() {
              throw "then";
            },
          },
        ]) {
          class Thenables<T> extends P<T> {}
          Object.defineProperty(Thenables, "resolve", { value: () => thenable });
          const other = scriptedIterable({ values: [1], ...extra });
          expect(await outcome(combine(P, name, Thenables, other) as PromiseLike<unknown>)).toEqual({
            reason: "then",
          });
          expect(other.log).toEqual(["iterator", "next", "return"]);
        }
      }
    });

    test("rejects when a promise's then is not callable", async () => {
      class Sub<T> extends P<T> {}
      Object.defineProperty(Sub, "resolve", { value: () => ({ then: 1 }) });
      expect(await outcome(combine(P, name, Sub, [1]) as PromiseLike<unknown>)).toEqual(TypeErrorReason);
    });

    test("calls then of each promise with two functions, on the promise", () => {
      const calls: [unknown, unknown, number][] = [];
      const thenable = {
        then(...handlers: unknown[]) {
          calls.push([this === thenable, handlers.every((handler) => typeof handler === "function"), handlers.length]);
        },
      };
      combine(
        P,
        name,
        observed(() => thenable),
        [1, 2],
      );
      expect(calls).toEqual([
        [true, true, 2],
        [true, true, 2],
      ]);
    });

    test("the functions for one element are anonymous, take one argument, and work once", () => {
      const seen: ((value: unknown) => unknown)[] = [];
      const Class = observed(() => ({
        then(onFulfilled: () => void, onRejected: () => void) {
          seen.push(onFulfilled, onRejected);
        },
      }));
      combine(P, name, Class, [1, 2]);
      for (const handler of seen) expectBuiltIn(handler, "", 1);
      const [onFulfilled, onRejected] = seen as [(value: unknown) => unknown, (reason: unknown) => unknown];
      if (name === "all" || name === "allSettled") {
        expect([onFulfilled("a"), onFulfilled("b")]).toEqual([undefined, undefined]);
        expect(Class.calls).toEqual([]);
      }
      if (name === "any") {
        expect([onRejected("a"), onRejected("b")]).toEqual([undefined, undefined]);
        expect(Class.calls).toEqual([]);
      }
      if (name === "allSettled") {
        onRejected("c");
        expect(Class.calls).toEqual([]);
        seen[3]!("d");
        seen[2]!("e");
        expect(Class.calls).toEqual([
          [
            "resolve",
            [
              { status: "fulfilled", value: "a" },
              { status: "rejected", reason: "d" },
            ],
          ],
        ]);
      }
    });

    test("asks a promise for its constructor and species once each", async () => {
      const log: string[] = [];
      const promise = P.resolve(1);
      Object.defineProperty(promise, "constructor", {
        configurable: true,
        get() {
          log.push("constructor");
          return log.length === 1
            ? P
            : {
                get [Symbol.species]() {
                  log.push("species");
                  return P;
                },
              };
        },
      });
      await outcome(combination([promise]));
      expect(log).toEqual(["constructor", "constructor", "species"]);
    });

    test("a promise whose species is another makes one of those", async () => {
      let made = 0;
      class Sub<T> extends P<T> {
        constructor(executor: ConstructorParameters<typeof P<T>>[0]) {
          super(executor);
          made++;
        }
      }
      const promise = P.resolve(1);
      let reads = 0;
      Object.defineProperty(promise, "constructor", { get: () => (reads++ === 0 ? P : Sub) });
      await outcome(combination([promise]));
      expect(made).toBe(1);
    });

    test("a promise with a then of its own is asked through that", async () => {
      const promise = P.resolve(1);
      let asked = 0;
      promise.then = ((onFulfilled: (value: number) => void) => {
        asked++;
        onFulfilled(2);
      }) as never;
      const result = await outcome(combination([promise]));
      expect(asked).toBe(1);
      expect(JSON.stringify(result)).toContain("2");
    });

    test("throws what the constructor's own reject throws", () => {
      function Foreign(this: unknown, executor: (resolve: unknown, reject: unknown) => void) {
        executor(
          () => {},
          () => {
            throw new RangeError("refused");
          },
        );
      }
      expect(() => combine(P, name, Foreign, [])).toThrow(RangeError);
    });
  });
}

clause("Promise.all", (P) => {
  test("gives the values in the order of the iterable, when the last is there", async () => {
    const { resolve, promise } = deferred<string>(P);
    const all = P.all([promise, 2, P.resolve("three")]);
    await jobs(P, 2);
    resolve("one");
    expect(await outcome(all)).toEqual({ value: ["one", 2, "three"] });
    expect(await outcome(P.all([]))).toEqual({ value: [] });
  });

  test("rejects with the first rejection", async () => {
    expect(await outcome(P.all([new P(() => {}), P.reject(1), P.reject(2)]))).toEqual({ reason: 1 });
  });

  test("resolves within the loop when every thenable called back at once", () => {
    const Class = observed((value) => ({ then: (onFulfilled: (value: unknown) => void) => onFulfilled(value) }));
    combine(P, "all", Class, [1, 2]);
    expect(Class.calls).toEqual([["resolve", [1, 2]]]);
  });

  test("its values are properties of their array, though Array.prototype has setters", () => {
    let values: unknown;
    function Class(executor: (resolve: unknown, reject: unknown) => void) {
      executor(
        (value: unknown) => {
          values = value;
        },
        () => {},
      );
    }
    Class.resolve = (value: unknown) => ({ then: (onFulfilled: (value: unknown) => void) => onFulfilled(value) });
    withArraySetters(2, () => combine(P, "all", Class, ["a", "b"]));
    expect(values).toEqual(["a", "b"]);
  });

  test("passes the capability's own reject", () => {
    const rejects = new Set<unknown>();
    const Class = observed(() => ({ then: (_: unknown, onRejected: unknown) => rejects.add(onRejected) }));
    combine(P, "all", Class, [1, 2]);
    expect(rejects.size).toBe(1);
  });

  test("rejects when resolving throws", async () => {
    const log: unknown[] = [];
    function Class(this: unknown, executor: (resolve: unknown, reject: unknown) => void) {
      executor(
        () => {
          throw "resolving";
        },
        (reason: unknown) => log.push(reason),
      );
    }
    Class.resolve = (value: unknown) => P.resolve(value);
    combine(P, "all", Class, []);
    expect(log).toEqual(["resolving"]);
  });

  test("settles as soon as the last promise was heard of", async () => {
    const log: string[] = [];
    P.all([P.resolve(1), P.resolve(2)]).then(() => log.push("all"));
    let chain: PromiseLike<unknown> = P.resolve();
    for (let job = 1; job <= 3; job++) chain = chain.then(() => log.push(`job ${job}`));
    await outcome(chain);
    expect(log).toEqual(["job 1", "all", "job 2", "job 3"]);
  });
});

clause("Promise.allSettled", (P) => {
  test("gives what became of each", async () => {
    expect(await outcome(P.allSettled([1, P.resolve(2), P.reject(3)]))).toEqual({
      value: [
        { status: "fulfilled", value: 1 },
        { status: "fulfilled", value: 2 },
        { status: "rejected", reason: 3 },
      ],
    });
    expect(await outcome(P.allSettled([]))).toEqual({ value: [] });
  });

  test("the results are ordinary objects with two keys", async () => {
    const [fulfilled, rejected] = ((await outcome(P.allSettled([1, P.reject(2)]))) as { value: object[] }).value;
    expect([Reflect.ownKeys(fulfilled!), Reflect.ownKeys(rejected!)]).toEqual([
      ["status", "value"],
      ["status", "reason"],
    ]);
    expect(Object.getPrototypeOf(fulfilled)).toBe(Object.prototype);
  });
});

clause("Promise.any", (P) => {
  test("gives the first that succeeds", async () => {
    expect(await outcome(P.any([P.reject(1), P.resolve(2), 3]))).toEqual({ value: 2 });
  });

  test("rejects with an AggregateError of all errors when none does", async () => {
    for (const reasons of [[], [1], [1, 2]]) {
      const { reason } = (await outcome(P.any(reasons.map((each) => P.reject(each))))) as { reason: AggregateError };
      expect(reason).toBeInstanceOf(AggregateError);
      expect(Object.getOwnPropertyDescriptor(reason, "errors")).toEqual({
        value: reasons,
        writable: true,
        enumerable: false,
        configurable: true,
      });
    }
  });

  test("passes the capability's own resolve", () => {
    const resolves = new Set<unknown>();
    const Class = observed(() => ({ then: (onFulfilled: unknown) => resolves.add(onFulfilled) }));
    combine(P, "any", Class, [1, 2]);
    expect(resolves.size).toBe(1);
  });
});

clause("Promise.race", (P) => {
  test("settles as the first does", async () => {
    const never = new P(() => {});
    expect(await outcome(P.race([never, P.resolve(1), P.reject(2)]))).toEqual({ value: 1 });
    expect(await outcome(P.race([never, P.reject(1), P.resolve(2)]))).toEqual({ reason: 1 });
  });

  test("of nothing never settles", async () => {
    let settled = false;
    P.race([]).then(
      () => (settled = true),
      () => (settled = true),
    );
    await jobs(P);
    expect(settled).toBe(false);
  });

  test("passes the capability's own functions", () => {
    const seen = new Set<unknown>();
    const Class = observed(() => ({
      then(...handlers: unknown[]) {
        for (const handler of handlers) seen.add(handler);
      },
    }));
    combine(P, "race", Class, [1, 2, 3]);
    expect(seen.size).toBe(2);
  });
});

for (const name of ["allKeyed", "allSettledKeyed"] as const) {
  clause(
    `Promise.${name}`,
    (P) => {
      const combination = (object: unknown) => P[name](object as object) as Promise<Record<PropertyKey, unknown>>;
      const each = (value: unknown) => (name === "allKeyed" ? value : { status: "fulfilled", value });

      test("is a method of one argument", () => expectMethod(P, name, name, 1));

      test("gives an object without a prototype, with the values of own enumerable keys", async () => {
        const symbol = Symbol("key");
        const object = Object.create({ inherited: 1 }, { unseen: { value: P.reject("unseen"), enumerable: false } });
        object.b = P.resolve(1);
        object.a = 2;
        object[symbol] = P.resolve(3);
        object[0] = 4;
        object.unseen.catch(() => {});
        const { value } = (await outcome(combination(object))) as { value: object };
        expect(Object.getPrototypeOf(value)).toBe(null);
        expect(Reflect.ownKeys(value)).toEqual(["0", "b", "a", symbol]);
        expect(Reflect.ownKeys(value).map((key) => Reflect.get(value, key))).toEqual([4, 1, 2, 3].map(each));
        expect(Object.getOwnPropertyDescriptor(value, "a")).toEqual({
          value: each(2),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      });

      test("takes a function, an array, and an object of nothing", async () => {
        expect(await outcome(combination(Object.assign(() => {}, { a: 1 })))).toEqual({ value: { a: each(1) } });
        expect(await outcome(combination([1]))).toEqual({ value: { 0: each(1) } });
        expect(await outcome(combination({}))).toEqual({ value: {} });
      });

      test("rejects what is no object", async () => {
        for (const value of [undefined, null, 1, "ab", 1n, Symbol(), true]) {
          expect(await outcome(combination(value))).toEqual({ reason: expect.any(TypeError) });
        }
      });

      test("a key named __proto__ is a key like any other", async () => {
        const object = Object.defineProperty({}, "__proto__", { value: 1, enumerable: true });
        const { value } = (await outcome(combination(object))) as { value: object };
        expect(Reflect.ownKeys(value)).toEqual(["__proto__"]);
      });

      test("looks at each key and value in turn, and stops at the first error", async () => {
        const log: string[] = [];
        const proxy = new Proxy(
          { a: 1, b: 2, c: 3 },
          {
            ownKeys(target) {
              log.push("keys");
              return Reflect.ownKeys(target);
            },
            getOwnPropertyDescriptor(target, key) {
              log.push(`descriptor ${String(key)}`);
              return Reflect.getOwnPropertyDescriptor(target, key);
            },
            get(target, key) {
              log.push(`get ${String(key)}`);
              if (key === "b") throw "unreadable";
              return Reflect.get(target, key);
            },
          },
        );
        expect(await outcome(combination(proxy))).toEqual({ reason: "unreadable" });
        expect(log).toEqual(["keys", "descriptor a", "get a", "descriptor b", "get b"]);
      });

      test("a key that goes away is passed over", async () => {
        const object: Record<string, unknown> = {
          get a() {
            delete object.b;
            return 1;
          },
          b: 2,
          c: 3,
        };
        expect(await outcome(combination(object))).toEqual({ value: { a: each(1), c: each(3) } });
      });

      test("a rejection", async () => {
        const result = await outcome(combination({ a: P.resolve(1), b: P.reject(2) }));
        expect(result).toEqual(
          name === "allKeyed" ? { reason: 2 } : { value: { a: each(1), b: { status: "rejected", reason: 2 } } },
        );
      });
    },
    [name],
  );
}

function deferred<T>(P: PromiseClass) {
  let resolve!: (value: T) => void;
  const promise = new P<T>((resolveFunction) => {
    resolve = resolveFunction;
  });
  return { promise, resolve };
}
