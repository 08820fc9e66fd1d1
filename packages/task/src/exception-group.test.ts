import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { TimeoutError } from "./errors.ts";
import { ExceptionGroup } from "./exception-group.ts";

/** The shape of a group: its leaves' messages, nested as the groups are. */
function shape(error: unknown): unknown {
  if (error instanceof ExceptionGroup) return { [error.description]: error.errors.map(shape) };
  return error instanceof Error ? error.message : error;
}

/** An error whose stack is the same wherever the tests run. */
function plain<E extends Error>(error: E): E {
  error.stack = String(error);
  return error;
}

const range = new RangeError("range");
const type = new TypeError("type");
const inner = new ExceptionGroup("inner", [type, new RangeError("inner range")]);
const outer = new ExceptionGroup("outer", [range, inner, new SyntaxError("syntax")], { cause: "why" });

describe("a group", () => {
  test("is an AggregateError that counts its errors in the message", () => {
    expect(outer).toBeInstanceOf(AggregateError);
    expect(String(outer)).toBe("ExceptionGroup: outer (3 sub-exceptions)");
    expect(new ExceptionGroup("one", [type]).message).toBe("one (1 sub-exception)");
    expect(outer.description).toBe("outer");
    expect(outer.exceptions).toBe(outer.errors);
    expect(outer.errors[0]).toBe(range);
    expect(outer.cause).toBe("why");
    expect(outer.stack).toMatch(/^ExceptionGroup: outer \(3 sub-exceptions\)\n/);
    expect(Object.keys(new ExceptionGroup("quiet", [type]))).toEqual([]);
  });

  test("holds whatever was thrown, and copies the iterable", () => {
    const errors: unknown[] = ["text", 7];
    const group = new ExceptionGroup("odd", errors);
    errors.pop();
    expect(group.errors).toEqual(["text", 7]);
    expect(new ExceptionGroup("set", new Set([type])).errors).toEqual([type]);
  });

  test("refuses what is not a description, not errors, or nothing", () => {
    const make = (description: unknown, errors: unknown) => () =>
      new ExceptionGroup(description as string, errors as []);
    expect(make(1, [type])).toThrow(new TypeError("an ExceptionGroup's description must be a string, got 1"));
    expect(make("x", null)).toThrow(
      new TypeError("an ExceptionGroup's errors must be an iterable of errors, got null"),
    );
    expect(make("x", [])).toThrow(new RangeError("an ExceptionGroup must hold at least one error, got none"));
  });
});

test("the errors of another loaded copy are known", () => {
  class Derived extends ExceptionGroup {}
  class Late extends TimeoutError {}
  const copies = {
    ExceptionGroup: Symbol.for("tsyncio.ExceptionGroup"),
    TimeoutError: Symbol.for("tsyncio.TimeoutError"),
  };
  for (const [errorClass, derived, copy] of [
    [ExceptionGroup, Derived, copies.ExceptionGroup],
    [TimeoutError, Late, copies.TimeoutError],
  ] as const) {
    expect({ [copy]: true } instanceof errorClass).toBe(true);
    expect({} instanceof errorClass).toBe(false);
    expect((null as unknown) instanceof errorClass).toBe(false);
    expect(("text" as unknown) instanceof errorClass).toBe(false);
    expect({ [copy]: true } instanceof derived).toBe(false);
  }
  expect(new Late("late") instanceof Late).toBe(true);
  expect(String(new Late("late"))).toBe("TimeoutError: late");
  expect(new TimeoutError("late").stack).toMatch(/^TimeoutError: late\n/);
});

describe("split and subgroup", () => {
  test("by class: both parts keep the shape", () => {
    const [match, rest] = outer.split(RangeError);
    expect(shape(match)).toEqual({ outer: ["range", { inner: ["inner range"] }] });
    expect(shape(rest)).toEqual({ outer: [{ inner: ["type"] }, "syntax"] });
    expect(match?.errors[0]).toBe(range);
    expect(shape(outer.subgroup(TypeError))).toEqual({ outer: [{ inner: ["type"] }] });
  });

  test("by several classes", () => {
    expect(shape(outer.subgroup([TypeError, SyntaxError]))).toEqual({ outer: [{ inner: ["type"] }, "syntax"] });
  });

  test("by a class that is no Error, since anything can be thrown", () => {
    class Refusal {}
    const refusal = new Refusal();
    expect(new ExceptionGroup("odd", [refusal, 1]).subgroup(Refusal)?.errors).toEqual([refusal]);
  });

  test("by a function, which is asked about groups first", () => {
    const asked: unknown[] = [];
    const [match, rest] = outer.split((error) => {
      asked.push(error);
      return error === inner;
    });
    expect(asked).toEqual([outer, range, inner, outer.errors[2]]);
    expect(match?.errors).toEqual([inner]);
    expect(shape(rest)).toEqual({ outer: ["range", "syntax"] });
  });

  test("nothing or everything: null on the empty side", () => {
    expect(outer.subgroup(URIError)).toBeNull();
    expect(shape(outer.split(URIError)[1])).toEqual(shape(outer));
    const [match, rest] = outer.split((error) => !(error instanceof ExceptionGroup));
    expect(shape(match)).toEqual(shape(outer));
    expect(rest).toBeNull();
  });

  test("a group that matches as a whole is given as it is", () => {
    expect(outer.split(ExceptionGroup)).toEqual([outer, null]);
    expect(outer.subgroup(Error)).toBe(outer);
  });

  test("20,000 groups deep", () => {
    // Stacks of no frames: with the source maps of a test run, making sense of a stack takes a millisecond.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    let deep: Error = new RangeError("bottom");
    for (let level = 0; level < 20_000; level++) deep = new ExceptionGroup("level", [deep, type]);
    const [match, rest] = (deep as ExceptionGroup).split(RangeError);
    Error.stackTraceLimit = stackTraceLimit;
    expect(match?.errors.length).toBe(1);
    expect(rest?.errors.length).toBe(2);
  });

  test("the parts keep cause and stack", () => {
    const part = outer.subgroup(SyntaxError)!;
    expect(part.cause).toBe("why");
    expect("cause" in inner.subgroup(TypeError)!).toBe(false);
    expect(part.stack?.split("\n")[0]).toBe("ExceptionGroup: outer (1 sub-exception)");
    expect(part.stack?.split("\n").slice(1)).toEqual(outer.stack?.split("\n").slice(1));
  });

  test("a stack that was replaced is not inherited", () => {
    const group = new ExceptionGroup("replaced", [type, range]);
    group.stack = "elsewhere";
    expect(group.subgroup(TypeError)?.stack).toMatch(/^ExceptionGroup: replaced \(1 sub-exception\)\n/);
  });

  test("derive makes groups of the derived class", () => {
    class Failures<E> extends ExceptionGroup<E> {
      override derive<M>(errors: readonly (M | ExceptionGroup<M>)[]): ExceptionGroup<M> {
        return new Failures(this.description, errors);
      }
    }
    const [match, rest] = new Failures("mine", [type, inner]).split(TypeError);
    expect(match).toBeInstanceOf(Failures);
    expect(rest).toBeInstanceOf(Failures);
    expect((rest!.errors[0] as ExceptionGroup).constructor).toBe(ExceptionGroup);
  });

  test("derive must give a group", () => {
    class Bad extends ExceptionGroup {
      override derive(): any {
        return 3;
      }
    }
    expect(() => new Bad("bad", [type, range]).subgroup(TypeError)).toThrow(
      new TypeError("Bad.derive() must give an ExceptionGroup, got 3"),
    );
  });

  test("a matcher of another kind is refused", () => {
    for (const matcher of [3, [], [TypeError, 3], [() => true]]) {
      expect(() => outer.split(matcher as never)).toThrow(
        new TypeError(
          `ExceptionGroup.split() expects an error class, an array of them, or a function that tells, got ${matcher}`,
        ),
      );
    }
  });
});

describe("format", () => {
  test("draws the tree as CPython draws it", () => {
    const tree = plain(
      new ExceptionGroup("top", [
        plain(new RangeError("1")),
        plain(new ExceptionGroup("in", [plain(new TypeError("a\nb")), "text"])),
        plain(new SyntaxError("2")),
      ]),
    );
    expect(tree.format().split("\n")).toEqual([
      "  + ExceptionGroup: top (3 sub-exceptions)",
      "  +-+---------------- 1 ----------------",
      "    | RangeError: 1",
      "    +---------------- 2 ----------------",
      "    | ExceptionGroup: in (2 sub-exceptions)",
      "    +-+---------------- 1 ----------------",
      "      | TypeError: a",
      "      | b",
      "      +---------------- 2 ----------------",
      "      | string: text",
      "      +------------------------------------",
      "    +---------------- 3 ----------------",
      "    | SyntaxError: 2",
      "    +------------------------------------",
    ]);
    expect(inspect(tree)).toBe(tree.format());
  });

  test("closes the tree once when the last error is a group", () => {
    const tree = plain(new ExceptionGroup("a", [plain(new ExceptionGroup("b", [plain(new Error("c"))]))]));
    expect(tree.format().split("\n").slice(-2)).toEqual([
      "      | Error: c",
      "      +------------------------------------",
    ]);
  });

  test("shows stacks and causes, and a circle of causes once", () => {
    const cause = plain(new Error("cause"));
    const error = plain(new Error("error", { cause }));
    cause.cause = error;
    const group = new ExceptionGroup("stacked", [error]);
    const lines = group.format().split("\n");
    expect(lines[1]).toMatch(/^ {2}\| {5}at /);
    expect(lines.slice(-3)).toEqual([
      "    | Error: error",
      "    | caused by Error: cause",
      "    +------------------------------------",
    ]);
    error.stack = "";
    cause.stack = undefined as never;
    expect(group.format().split("\n").slice(-3, -1)).toEqual(["    | Error: error", "    | caused by Error: cause"]);
  });

  test("stops at fifteen errors and at ten groups", () => {
    const many = (count: number) =>
      plain(
        new ExceptionGroup(
          "many",
          Array.from({ length: count }, (_, index) => plain(new Error(`${index}`))),
        ),
      );
    expect(many(16).format().split("\n").slice(-4)).toEqual([
      "    | Error: 14",
      "    +---------------- ... ----------------",
      "    | and 1 more exception",
      "    +------------------------------------",
    ]);
    expect(many(20).format()).toContain("and 5 more exceptions");
    let deep: Error = plain(new Error("leaf"));
    for (let level = 12; level > 0; level--) deep = plain(new ExceptionGroup(`level ${level}`, [deep]));
    const lines = (deep as ExceptionGroup).format().split("\n");
    expect(lines.slice(-4)).toEqual([
      `${" ".repeat(20)}| ExceptionGroup: level 10 (1 sub-exception)`,
      `${" ".repeat(20)}+-+---------------- 1 ----------------`,
      `${" ".repeat(22)}| ... (groups deeper than 10 are not shown)`,
      `${" ".repeat(22)}+------------------------------------`,
    ]);
  });
});
