import { expect, test } from "vitest";
import { clause, expectBuiltIn, foreignConstructor, outcome } from "./clause.ts";

clause("NewPromiseCapability", (P) => {
  const resolveWith = (Class: unknown, value?: unknown) => Reflect.apply(P.resolve, Class, [value]);

  test("what is no constructor is refused with a TypeError", () => {
    for (const Class of [undefined, null, 1, "Promise", Symbol(), () => {}, {}, { resolve() {} }.resolve]) {
      expect(() => resolveWith(Class)).toThrow(TypeError);
      expect(() => Reflect.apply(P.reject, Class, [])).toThrow(TypeError);
      expect(() => Reflect.apply(P.all, Class, [[]])).toThrow(TypeError);
    }
  });

  test("the executor is anonymous and takes two arguments", () => {
    let executor: unknown;
    function Class(this: unknown, given: (resolve: unknown, reject: unknown) => void) {
      executor = given;
      given(
        () => {},
        () => {},
      );
    }
    resolveWith(Class);
    expectBuiltIn(executor, "", 2);
  });

  test("functions that are not callable are refused with a TypeError, after the constructor ran", () => {
    const callable = () => {};
    for (const [resolve, reject] of [
      [undefined, callable],
      [callable, undefined],
      [1, callable],
      [callable, {}],
      [undefined, undefined],
    ]) {
      let ran = false;
      function Class(this: unknown, executor: (resolve: unknown, reject: unknown) => void) {
        executor(resolve, reject);
        ran = true;
      }
      expect(() => resolveWith(Class)).toThrow(TypeError);
      expect(ran).toBe(true);
    }
    expect(() => resolveWith(function Class() {})).toThrow(TypeError);
  });

  test("the executor may be called again only when it was given nothing before", () => {
    function Class(this: unknown, executor: (resolve?: unknown, reject?: unknown) => void) {
      executor(undefined, undefined);
      executor(
        () => {},
        () => {},
      );
      expect(() => executor()).toThrow(TypeError);
    }
    resolveWith(Class);
    function Half(this: unknown, executor: (resolve?: unknown, reject?: unknown) => void) {
      executor(() => {});
      executor(
        () => {},
        () => {},
      );
    }
    expect(() => resolveWith(Half)).toThrow(TypeError);
    function OtherHalf(this: unknown, executor: (resolve?: unknown, reject?: unknown) => void) {
      executor(undefined, () => {});
      executor(
        () => {},
        () => {},
      );
    }
    expect(() => resolveWith(OtherHalf)).toThrow(TypeError);
  });

  test("the functions are called without a receiver", () => {
    const receivers: unknown[] = [];
    function Class(this: unknown, executor: (resolve: unknown, reject: unknown) => void) {
      executor(
        function (this: unknown) {
          receivers.push(this);
        },
        () => {},
      );
    }
    resolveWith(Class, 1);
    expect(receivers).toEqual([undefined]);
  });

  test("every static method makes what its receiver constructs", () => {
    const Foreign = foreignConstructor();
    Object.assign(Foreign, { resolve: (value: unknown) => P.resolve(value) });
    const methods: [keyof typeof P & string, unknown[]][] = [
      ["resolve", [1]],
      ["reject", [2]],
      ["all", [[]]],
      ["allSettled", [[]]],
      ["any", [[]]],
      ["race", [[]]],
      ["allKeyed", [{}]],
      ["allSettledKeyed", [{}]],
      ["try", [() => 3]],
    ];
    for (const [name, args] of methods) {
      if (!(name in P)) continue;
      expect(Reflect.apply(P[name] as () => unknown, Foreign, args)).toBeInstanceOf(Foreign);
    }
    expect(Foreign.calls.slice(0, 4)).toEqual([
      ["resolve", 1],
      ["reject", 2],
      ["resolve", []],
      ["resolve", []],
    ]);
  });

  test("a subclass is constructed once for each promise, with its own prototype", async () => {
    let constructed = 0;
    class Sub<T> extends P<T> {
      constructor(executor: ConstructorParameters<typeof P<T>>[0]) {
        super(executor);
        constructed++;
      }
    }
    const promise = Sub.resolve(1);
    expect(promise).toBeInstanceOf(Sub);
    expect(constructed).toBe(1);
    const derived = promise.then((value) => value + 1);
    expect(derived).toBeInstanceOf(Sub);
    expect(constructed).toBe(2);
    expect(await outcome(derived)).toEqual({ value: 2 });
  });
});
