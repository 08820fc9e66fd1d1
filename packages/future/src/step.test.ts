import { registry } from "@tsyncio/context/registry";
import { describe, expect, test } from "vitest";
import { awaitStepOf } from "./step.ts";
import { announceSteps, handedOn, handsOn } from "./waiting.ts";

class Twice {
  done = false;
  value = "waiting";

  next(result?: string) {
    if (result !== undefined) {
      this.done = true;
      this.value = result;
    }
    return this;
  }
}
announceSteps(Twice.prototype);

describe("where the engine hands on the value of a step alone", () => {
  const through = (step: { done: boolean; value: unknown }) => ({ done: step.done, value: step.value });

  test("the step is found by what it told", () => {
    const step = new Twice();
    expect(handedOn(() => through(step.next()))).toBe(step);
    expect(registry.step).toBe(null);
  });

  test("a bare yield of the same value is no step", () => {
    const given = { done: false, value: "waiting" };
    expect(handedOn(() => given)).toBe(given);
  });

  test("what came on its way earlier, or is over, is not taken for it", () => {
    const given = { done: false, value: "waiting" };
    new Twice().next();
    expect(handedOn(() => given)).toBe(given);
    const over = handedOn(() => through(new Twice().next("waiting")));
    expect(over).toEqual({ done: true, value: "waiting" });
    const yielded = handedOn(() => {
      new Twice().next("waiting");
      return given;
    });
    expect(yielded).toBe(given);
    const ended = handedOn(() => {
      new Twice().next();
      return { done: true, value: "waiting" };
    });
    expect(ended).toEqual({ done: true, value: "waiting" });
  });
});

test("whether the engine hands on the step itself is found out", () => {
  const given = { done: false, value: 1 };
  function* delegating() {
    yield* { [Symbol.iterator]: () => ({ next: () => given }) } as Iterable<number>;
  }
  expect((delegating().next() as unknown) === given).toBe(handsOn);
});

test("one step serves many waits, and is replaced before it grows old", () => {
  const steps = Array.from({ length: 1_000 }, (_, future) => {
    const step = awaitStepOf(future);
    expect(step.value).toBe(future);
    return step;
  });
  const changes = steps.filter((step, index) => index > 0 && step !== steps[index - 1]);
  expect(changes.length).toBeGreaterThan(2);
  expect(changes.length).toBeLessThan(10);
});
