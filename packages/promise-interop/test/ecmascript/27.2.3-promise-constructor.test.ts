import { expect, test } from "vitest";
import { clause, jobs, outcome } from "./clause.ts";

clause("The Promise Constructor", (P) => {
  test("is a constructor named Promise of one argument, whose prototype is Function.prototype", () => {
    expect(Object.getOwnPropertyDescriptor(P, "name")).toEqual({
      value: "Promise",
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(P, "length")).toEqual({
      value: 1,
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getPrototypeOf(P)).toBe(Function.prototype);
    expect(Object.isExtensible(P)).toBe(true);
  });

  test("has a prototype that cannot be replaced", () => {
    expect(Object.getOwnPropertyDescriptor(P, "prototype")).toEqual({
      value: P.prototype,
      writable: false,
      enumerable: false,
      configurable: false,
    });
  });

  test("refuses to be called", () => {
    const call = P as unknown as (executor: () => void) => unknown;
    expect(() => call(() => {})).toThrow(TypeError);
    expect(() => Reflect.apply(P, P.resolve(), [() => {}])).toThrow(TypeError);
  });

  test("refuses an executor that is not callable, before it looks at the new target's prototype", () => {
    for (const executor of [undefined, null, 1, "executor", {}, Symbol()]) {
      expect(() => new P(executor as never)).toThrow(TypeError);
    }
    const newTarget = Object.defineProperty((() => {}).bind(null), "prototype", {
      get() {
        throw new RangeError("looked at");
      },
    });
    class Target {}
    const target = new Proxy(Target, {
      get(object, key) {
        if (key === "prototype") throw new RangeError("looked at");
        return Reflect.get(object, key);
      },
    });
    expect(() => Reflect.construct(P, [], newTarget)).toThrow(TypeError);
    expect(() => Reflect.construct(P, [], target)).toThrow(TypeError);
    expect(() => Reflect.construct(P, [() => {}], target)).toThrow(RangeError);
  });

  test("calls the executor at once, without a receiver, with two functions", () => {
    const calls: unknown[] = [];
    new P(function (this: unknown, ...args: unknown[]) {
      calls.push(this, ...args.map((arg) => typeof arg));
    });
    expect(calls).toEqual([undefined, "function", "function"]);
  });

  test("rejects when the executor throws, unless it settled before", async () => {
    expect(
      await outcome(
        new P(() => {
          throw 1;
        }),
      ),
    ).toEqual({ reason: 1 });
    expect(
      await outcome(
        new P((resolve) => {
          resolve(1);
          throw 2;
        }),
      ),
    ).toEqual({ value: 1 });
  });

  test("makes an object with the prototype of the new target", async () => {
    class Target {}
    const promise = Reflect.construct(P, [(resolve: (value: number) => void) => resolve(1)], Target);
    expect(Object.getPrototypeOf(promise)).toBe(Target.prototype);
    expect(
      await outcome(P.prototype.then.call(Object.assign(promise, { constructor: P }), (value: number) => value + 1)),
    ).toEqual({ value: 2 });
    const noPrototype = Object.assign(function newTarget() {}, { prototype: 1 });
    expect(Object.getPrototypeOf(Reflect.construct(P, [() => {}], noPrototype))).toBe(P.prototype);
  });

  test("can be subclassed: super() makes a promise that is an instance of both", async () => {
    class Sub<T> extends P<T> {
      readonly extra = "field";
    }
    const promise = new Sub<number>((resolve) => resolve(1));
    expect([promise instanceof Sub, promise instanceof P, promise.extra]).toEqual([true, true, "field"]);
    expect(Object.getPrototypeOf(Sub)).toBe(P);
    expect(await outcome(promise)).toEqual({ value: 1 });
  });

  test("has a species that is its receiver, by a getter", () => {
    const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(P, Symbol.species)!;
    expect([set, enumerable, configurable, get?.name, get?.length]).toEqual([
      undefined,
      false,
      true,
      "get [Symbol.species]",
      0,
    ]);
    const receiver = {};
    expect(get?.call(receiver)).toBe(receiver);
    expect(P[Symbol.species]).toBe(P);
  });

  test("has no other properties", () => {
    const proposed = ["allKeyed", "allSettledKeyed", "try", "withResolvers", "fromAsync"].filter((name) => name in P);
    expect(new Set(Reflect.ownKeys(P))).toEqual(
      new Set([
        "length",
        "name",
        "prototype",
        "all",
        "allSettled",
        "any",
        "race",
        "reject",
        "resolve",
        Symbol.species,
        ...proposed,
      ]),
    );
  });
});

clause("Properties of Promise Instances", (P) => {
  test("there are none that can be seen", () => {
    for (const promise of [P.resolve(1), new P(() => {}), P.resolve(1).then()]) {
      expect(Reflect.ownKeys(promise)).toEqual([]);
      expect(Object.getPrototypeOf(promise)).toBe(P.prototype);
      expect(Object.isExtensible(promise)).toBe(true);
    }
  });

  test("an object without the slots is no promise, whatever its prototype", async () => {
    const fake = Object.create(P.prototype);
    expect(() => fake.then()).toThrow(TypeError);
    expect(() => P.prototype.then.call(P.prototype)).toThrow(TypeError);
    expect(() => P.prototype.then.call(new Proxy(P.resolve(), {}))).toThrow(TypeError);
    await jobs(P, 1);
  });
});
