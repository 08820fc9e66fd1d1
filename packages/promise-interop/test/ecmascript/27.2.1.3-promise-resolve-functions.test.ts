import { expect, test } from "vitest";
import { clause, expectBuiltIn, jobs, outcome } from "./clause.ts";

clause("CreateResolvingFunctions", (P) => {
  function pair() {
    let resolve!: (value?: unknown) => unknown;
    let reject!: (reason?: unknown) => unknown;
    const promise = new P<unknown>((resolveFunction, rejectFunction) => {
      resolve = resolveFunction;
      reject = rejectFunction;
    });
    return { promise, resolve, reject };
  }

  test("both functions are anonymous, take one argument and are no constructors", () => {
    const { resolve, reject } = pair();
    expectBuiltIn(resolve, "", 1);
    expectBuiltIn(reject, "", 1);
  });

  test("both give undefined, however often they are called", () => {
    const { resolve, reject } = pair();
    expect([resolve(1), resolve(2), reject(3)]).toEqual([undefined, undefined, undefined]);
  });

  test("only the first call of either counts", async () => {
    const first = pair();
    first.resolve(1);
    first.reject(2);
    first.resolve(3);
    expect(await outcome(first.promise)).toEqual({ value: 1 });
    const second = pair();
    second.reject(1);
    second.resolve(2);
    expect(await outcome(second.promise)).toEqual({ reason: 1 });
  });

  test("a promise resolved with another is resolved, though pending: later calls do nothing", async () => {
    const inner = pair();
    const { promise, resolve, reject } = pair();
    resolve(inner.promise);
    reject("too late");
    resolve("too late");
    await jobs(P);
    reject("too late");
    inner.resolve("in time");
    expect(await outcome(promise)).toEqual({ value: "in time" });
  });

  test("the promise itself is refused with a TypeError", async () => {
    const { promise, resolve } = pair();
    resolve(promise);
    expect(await outcome(promise)).toEqual({ reason: expect.any(TypeError) });
  });

  test("a then getter that throws rejects; it is read once", async () => {
    const { promise, resolve } = pair();
    let reads = 0;
    resolve({
      get then() {
        reads++;
        throw "unreadable";
      },
    });
    expect(await outcome(promise)).toEqual({ reason: "unreadable" });
    expect(reads).toBe(1);
  });

  test("an object whose then is not callable is the value", async () => {
    for (const then of [undefined, null, 1, "then", {}]) {
      const { promise, resolve } = pair();
      const value = { then };
      resolve(value);
      const { value: got } = (await outcome(promise)) as { value: unknown };
      expect(got).toBe(value);
    }
  });

  test("a function with a then is a thenable", async () => {
    const { promise, resolve } = pair();
    resolve(Object.assign(() => {}, { then: (done: (value: string) => void) => done("followed") }));
    expect(await outcome(promise)).toEqual({ value: "followed" });
  });

  test("then of a primitive is not looked at", async () => {
    const prototype = Number.prototype as { then?: unknown };
    prototype.then = () => {
      throw new Error("looked at");
    };
    try {
      const { promise, resolve } = pair();
      resolve(1);
      expect(await outcome(promise)).toEqual({ value: 1 });
    } finally {
      delete prototype.then;
    }
  });

  test("a reason is never followed", async () => {
    const { promise, reject } = pair();
    const reason = P.resolve(1);
    reject(reason);
    expect(((await outcome(promise)) as { reason: unknown }).reason).toBe(reason);
  });
});
