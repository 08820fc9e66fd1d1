import { getRunningLoop } from "@tsyncio/loop";
import { sleep } from "@tsyncio/task";
import { Guard, runVirtual } from "@tsyncio/testing";
import { retry } from "../retry.ts";

declare const test: (name: string, body: () => void) => void;
declare const beforeEach: (body: () => void) => void;
declare const afterEach: (body: () => void) => void;
declare const expect: (value: unknown) => { toBe(value: unknown): void; toEqual(value: unknown): void };

let guard: Guard;
beforeEach(() => {
  guard = new Guard();
});
afterEach(() => {
  expect(guard.end()).toEqual([]);
});

test("gives up after fourteen seconds, in no time", () => {
  runVirtual(function* () {
    let attempts = 0;
    try {
      yield* retry(function* () {
        attempts++;
        yield* sleep(5);
        throw new Error("no");
      }, 4);
    } catch (error) {
      expect((error as Error).message).toBe("no");
    }
    expect(attempts).toBe(4);
    expect(getRunningLoop().time()).toBe(2000 + 4000 + 8000 + 4 * 5);
  });
});

test("what is left behind is told", () => {
  const inner = new Guard();
  const forgotten = sleep(5);
  expect(inner.end()).toEqual(["a coroutine was never awaited: <Coroutine created sleep()>"]);
  forgotten.close();
});
