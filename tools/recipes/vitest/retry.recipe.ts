import { getRunningLoop } from "@tsyncio/loop";
import { sleep } from "@tsyncio/task";
import { cancelEverywhere, explore, runVirtual } from "@tsyncio/testing";
import { allowLeftovers } from "@tsyncio/testing/vitest";
import { expect, test } from "vitest";
import { retry } from "../retry.ts";

function* failing(times: number) {
  yield* sleep(5);
  throw new Error(`no, ${times} times`);
}

test("gives up after fourteen seconds, in no time", () => {
  runVirtual(function* () {
    let failed = false;
    try {
      yield* retry(() => failing(4), 4);
    } catch {
      failed = true;
    }
    expect(failed).toBe(true);
    expect(getRunningLoop().time()).toBe(2000 + 4000 + 8000 + 4 * 5);
  });
});

test("stands being cancelled anywhere", () => {
  cancelEverywhere(() => retry(() => failing(2), 2), {
    mayFail: (error) => (error as Error).message === "no, 2 times",
  });
});

test("in every order", () => {
  explore(() => retry(() => sleep(5)[Symbol.iterator]() as never, 2));
});

test("leaves a coroutine behind, and says so", () => {
  allowLeftovers("coroutines");
  sleep(5);
});
