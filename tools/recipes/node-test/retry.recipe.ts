import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { getRunningLoop } from "@tsyncio/loop";
import { sleep } from "@tsyncio/task";
import { DeadlockError, Guard, runVirtual } from "@tsyncio/testing";
import { retry } from "../retry.ts";

let guard: Guard;
beforeEach(() => {
  guard = new Guard();
});
afterEach(() => {
  assert.deepEqual(guard.end(), []);
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
      assert.equal((error as Error).message, "no");
    }
    assert.equal(attempts, 4);
    assert.equal(getRunningLoop().time(), 2000 + 4000 + 8000 + 4 * 5);
  });
});

test("a deadlock is an error, not a hang", async () => {
  const { Future } = await import("@tsyncio/future");
  assert.throws(
    () =>
      runVirtual(function* () {
        yield* new Future();
      }),
    DeadlockError,
  );
});
