import { expect, test } from "vitest";
import { clause, expectMethod, foreignConstructor, jobs, outcome, testDepartedFrom } from "./clause.ts";

clause("Promise.resolve", (P) => {
  test("is a method of one argument", () => expectMethod(P, "resolve", "resolve", 1));

  test("gives a promise of the same constructor back, and wraps every other", () => {
    const promise = P.resolve(1);
    expect(P.resolve(promise)).toBe(promise);
    class Sub<T> extends P<T> {}
    expect(Sub.resolve(promise)).not.toBe(promise);
    const sub = Sub.resolve(1);
    expect(P.resolve(sub)).not.toBe(sub);
    const claimed = Object.defineProperty(P.resolve(1), "constructor", { value: Sub });
    expect(Sub.resolve(claimed)).toBe(claimed);
    expect(P.resolve(claimed)).not.toBe(claimed);
  });

  test("throws what reading the constructor throws", () => {
    const promise = Object.defineProperty(P.resolve(1), "constructor", {
      get() {
        throw new RangeError("unreadable");
      },
    });
    expect(() => P.resolve(promise)).toThrow(RangeError);
  });

  test("does not read the constructor of what is no promise", () => {
    const value = {
      get constructor(): never {
        throw new Error("read");
      },
    };
    expect(() => P.resolve(value)).not.toThrow();
  });

  test("needs an object as its receiver", () => {
    for (const receiver of [undefined, null, 1, "Promise", true, Symbol()]) {
      expect(() => Reflect.apply(P.resolve, receiver, [1])).toThrow(TypeError);
    }
  });

  test("follows a thenable, and resolves to a value", async () => {
    expect(await outcome(P.resolve({ then: (resolve: (value: number) => void) => resolve(1) }))).toEqual({ value: 1 });
    expect(await outcome(P.resolve())).toEqual({ value: undefined });
    expect(await outcome(P.resolve(new Proxy(P.resolve(1), {})))).toEqual({ reason: expect.any(TypeError) });
  });
});

clause("Promise.reject", (P) => {
  test("is a method of one argument", () => expectMethod(P, "reject", "reject", 1));

  test("rejects with the very reason", async () => {
    for (const reason of [undefined, null, 1, new Error("reason"), P.resolve(1)]) {
      const { reason: got } = (await outcome(P.reject(reason))) as { reason: unknown };
      expect(got).toBe(reason);
    }
  });

  test("throws what the constructor's reject throws", () => {
    function Foreign(this: unknown, executor: (resolve: unknown, reject: unknown) => void) {
      executor(
        () => {},
        () => {
          throw new RangeError("refused");
        },
      );
    }
    expect(() => Reflect.apply(P.reject, Foreign, [1])).toThrow(RangeError);
  });
});

clause(
  "Promise.try",
  (P) => {
    test("is a method of one argument", () => expectMethod(P, "try", "try", 1));

    test("calls at once, without a receiver, with the arguments given", () => {
      const calls: unknown[] = [];
      P.try(
        function (this: unknown, ...args: number[]) {
          calls.push(this, ...args);
        },
        1,
        2,
      );
      expect(calls).toEqual([undefined, 1, 2]);
    });

    test("resolves with what is returned, rejects with what is thrown", async () => {
      expect(await outcome(P.try(() => 1))).toEqual({ value: 1 });
      expect(await outcome(P.try(() => P.resolve(2)))).toEqual({ value: 2 });
      expect(await outcome(P.try(() => P.reject(3)))).toEqual({ reason: 3 });
      expect(
        await outcome(
          P.try(() => {
            throw 4;
          }),
        ),
      ).toEqual({ reason: 4 });
      expect(await outcome(P.try(5 as never))).toEqual({ reason: expect.any(TypeError) });
    });

    test("needs an object as its receiver", () => {
      for (const receiver of [undefined, null, 1, "Promise"]) {
        expect(() => Reflect.apply(P.try, receiver, [() => {}])).toThrow(TypeError);
      }
    });
  },
  ["try"],
);

clause(
  "Promise.withResolvers",
  (P) => {
    test("is a method of no argument", () => expectMethod(P, "withResolvers", "withResolvers", 0));

    testDepartedFrom(P)("gives an ordinary object of three", async () => {
      const resolvers = P.withResolvers<number>();
      expect(Object.getPrototypeOf(resolvers)).toBe(Object.prototype);
      expect(Reflect.ownKeys(resolvers)).toEqual(["promise", "resolve", "reject"]);
      resolvers.resolve(1);
      expect(resolvers.promise).toBeInstanceOf(P);
      expect(await outcome(resolvers.promise)).toEqual({ value: 1 });
      const other = P.withResolvers();
      other.reject(2);
      expect(await outcome(other.promise)).toEqual({ reason: 2 });
    });

    test("makes a promise of its receiver", () => {
      const Foreign = foreignConstructor();
      const { promise, resolve } = Reflect.apply(P.withResolvers, Foreign, []) as ReturnType<typeof P.withResolvers>;
      resolve(1);
      expect(promise).toBeInstanceOf(Foreign);
      expect(Foreign.calls).toEqual([["resolve", 1]]);
      expect(() => Reflect.apply(P.withResolvers, undefined, [])).toThrow(TypeError);
    });
  },
  ["withResolvers"],
);

clause("Properties of the Promise Constructor", (P) => {
  test("the combinators are methods of one argument", () => {
    for (const name of ["all", "allSettled", "any", "race"]) expectMethod(P, name, name, 1);
  });

  test("none needs its receiver to be a promise class of ours", async () => {
    const { all } = P;
    expect(await outcome(Reflect.apply(all, Promise, [[P.resolve(1), 2]]) as PromiseLike<unknown>)).toEqual({
      value: [1, 2],
    });
    await jobs(P, 1);
  });
});
