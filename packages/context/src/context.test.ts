import { describe, expect, test } from "vitest";
import { Context, ContextVar, copyContext, LookupError, RuntimeError, Token } from "./index.ts";
import {
  captureContext,
  commonContext,
  currentContext,
  enterCommon,
  enterContext,
  leaveCommon,
  leaveContext,
  registry,
} from "./registry.ts";

describe("ContextVar", () => {
  test("gives its value, else the fallback, else the default, else throws", () => {
    const bare = new ContextVar<number>("bare");
    const withDefault = new ContextVar<number>("with default", { default: 1 });
    new Context().run(() => {
      expect(() => bare.get()).toThrow(
        new LookupError('<ContextVar "bare"> has no value in this context; set() one, or give it a default'),
      );
      expect(bare.get(7)).toBe(7);
      expect(withDefault.get()).toBe(1);
      expect(withDefault.get(7)).toBe(7);
      bare.set(2);
      expect(bare.get(7)).toBe(2);
    });
  });

  test("a default of undefined is a default, and a value of undefined is a value", () => {
    const variable = new ContextVar<number | undefined>("maybe", { default: undefined });
    expect(variable.get()).toBe(undefined);
    new Context().run(() => {
      variable.set(undefined);
      expect(variable.get(1)).toBe(undefined);
    });
  });

  test("refuses a name that is no string, and options that are no object", () => {
    expect(() => new ContextVar(1 as never)).toThrow(new TypeError("a ContextVar's name must be a string, got 1"));
    expect(() => new ContextVar("x", 3 as never)).toThrow(
      new TypeError("a ContextVar's options must be an object such as {default: 0}, got 3"),
    );
    expect(() => new ContextVar("x", null as never)).toThrow(TypeError);
  });
});

describe("Token", () => {
  const variable = new ContextVar<number>("v");

  test("takes back what set() did: to the value before, or to none", () => {
    new Context().run(() => {
      const first = variable.set(1);
      const second = variable.set(2);
      expect([first.hadValue, first.oldValue, second.hadValue, second.oldValue]).toEqual([false, undefined, true, 1]);
      expect(second.variable).toBe(variable);
      variable.reset(second);
      expect(variable.get()).toBe(1);
      variable.reset(first);
      expect(variable.get(0)).toBe(0);
    });
  });

  test("is disposable", () => {
    new Context().run(() => {
      variable.set(1);
      {
        using token = variable.set(2);
        expect(variable.get()).toBe(2);
        expect(String(token)).toBe('<Token of <ContextVar "v">>');
      }
      expect(variable.get()).toBe(1);
    });
  });

  test("works once, for its variable, in its context", () => {
    new Context().run(() => {
      const token = variable.set(1);
      const other = new ContextVar<number>("other");
      expect(() => other.reset(token)).toThrow(
        new TypeError('<Token of <ContextVar "v">> was made by a different variable than <ContextVar "other">'),
      );
      expect(() => variable.reset("token" as never)).toThrow(
        new TypeError("reset() expects the Token that set() gave, got token"),
      );
      copyContext().run(() => {
        expect(() => variable.reset(token)).toThrow(
          new TypeError('<Token of <ContextVar "v">> was made in a different context'),
        );
      });
      variable.reset(token);
      expect(() => variable.reset(token)).toThrow(
        new RuntimeError('<Token used of <ContextVar "v">> has already been used once'),
      );
      expect(token).toBeInstanceOf(Token);
    });
  });
});

describe("Context", () => {
  const variable = new ContextVar<string>("v", { default: "none" });

  test("keeps what is set in it, and gives the caller's back", () => {
    const context = new Context();
    expect(context.run((a, b) => a + variable.set(b).variable.get(), "set ", "inside")).toBe("set inside");
    expect(variable.get()).toBe("none");
    expect(context.get(variable)).toBe("inside");
    expect(context.has(variable)).toBe(true);
    expect([...context]).toEqual([[variable, "inside"]]);
    expect(context.size).toBe(1);
    expect(String(context)).toBe("<Context 1 variable>");
    expect(String(new Context())).toBe("<Context 0 variables>");
    expect(new Context().get(variable)).toBe(undefined);
    expect(new Context().has(variable)).toBe(false);
  });

  test("a copy has the values of then; what either sets afterwards the other does not see", () => {
    const original = new Context();
    original.run(() => variable.set("before"));
    const copy = original.copy();
    original.run(() => variable.set("original"));
    copy.run(() => variable.set("copy"));
    expect(original.get(variable)).toBe("original");
    expect(copy.get(variable)).toBe("copy");
    expect(original.copy().copy().get(variable)).toBe("original");
  });

  test("a copy costs the same however many variables there are: it shares them until one writes", () => {
    const original = new Context();
    original.run(() => variable.set("x"));
    const copy = original.copy();
    expect(copy._values).toBe(original._values);
    copy.run(() => variable.set("y"));
    expect(copy._values).not.toBe(original._values);
  });

  test("run() gives the arguments on", () => {
    expect(new Context().run((a: number, b: number) => a + b, 1, 2)).toBe(3);
    expect(new Context().run(() => "none")).toBe("none");
  });

  test("is left when its body throws", () => {
    const context = new Context();
    expect(() =>
      context.run(() => {
        throw new Error("thrown inside");
      }),
    ).toThrow("thrown inside");
    expect(context.run(() => "entered again")).toBe("entered again");
  });

  test("cannot be entered twice", () => {
    const context = new Context();
    context.run(() => {
      expect(() => context.run(() => {})).toThrow(
        new RuntimeError("cannot enter context: <Context 0 variables> is already entered; enter a copy() of it"),
      );
    });
  });

  test("run() refuses what is no function", () => {
    expect(() => new Context().run("body" as never)).toThrow(
      new TypeError("Context.run() expects a function, got body"),
    );
  });
});

describe("the current context", () => {
  test("is made when it is first needed, and lives on the registry", () => {
    const before = registry.context;
    registry.context = null;
    try {
      const variable = new ContextVar<number>("v", { default: 0 });
      expect(copyContext().size).toBe(0);
      expect(registry.context).toBe(null);
      expect(variable.get()).toBe(0);
      variable.set(1);
      expect(currentContext().get(variable)).toBe(1);
      expect(currentContext()).toBe(currentContext());
      expect(copyContext().get(variable)).toBe(1);
    } finally {
      registry.context = before;
    }
  });

  test("is switched like brackets by those who run jobs", () => {
    const outer = new Context();
    const inner = new Context();
    const before = registry.context;
    expect(enterContext(outer)).toBe(before);
    expect(enterContext(inner)).toBe(outer);
    expect(registry.context).toBe(inner);
    expect(() => enterContext(outer)).toThrow(RuntimeError);
    expect(leaveContext(outer)).toBe(inner);
    expect(registry.context).toBe(outer);
    expect(leaveContext(before as Context | null)).toBe(outer);
    expect(registry.context).toBe(before);
  });

  test("is the common one while a loop runs jobs, and what is set between them stays set after it", () => {
    const variable = new ContextVar("variable", { default: 0 });
    const before = registry.context;
    registry.context = null;
    try {
      expect(enterCommon()).toBe(true);
      expect(registry.context).toBe(commonContext);
      // A loop that runs within a job of another one.
      expect(enterCommon()).toBe(false);
      leaveCommon(false);
      expect(registry.context).toBe(commonContext);
      leaveCommon(true);
      expect(registry.context).toBe(null);

      enterCommon();
      variable.set(1);
      leaveCommon(true);
      expect(variable.get()).toBe(1);
      expect((registry.context as unknown as Context).run(() => variable.get())).toBe(1);
      expect(enterCommon()).toBe(false);
    } finally {
      registry.context = before;
    }
  });

  test("is one for all jobs while no variable is set, and their own as soon as one is", () => {
    const variable = new ContextVar("variable", { default: 0 });
    new Context().run(() => {
      const first = captureContext();
      expect(captureContext()).toBe(first);
      const around = enterContext(first);
      // Entered within itself: an eager task within a task.
      const within = enterContext(captureContext());
      expect(variable.get()).toBe(0);
      const token = variable.set(1);
      expect(captureContext()).not.toBe(first);
      const own = leaveContext(within);
      expect(own).not.toBe(first);
      expect(own.get(variable)).toBe(1);
      expect(variable.get()).toBe(0);
      expect(leaveContext(around)).toBe(first);
      expect([...first]).toEqual([]);
      const outside = enterContext(own);
      expect(variable.get()).toBe(1);
      variable.reset(token);
      expect(leaveContext(outside)).toBe(own);
    });
  });
});
