import { type Coroutine, type CoroutineLike, coroutine } from "@tsyncio/coroutine";
import { delegateTo, isGenerator, remedy } from "@tsyncio/coroutine/protocol";
import type { Future, Suspension } from "@tsyncio/future";
import { showResult } from "@tsyncio/future/waiting";
import type { Permit } from "./permit.ts";

/** What runs while something is held: `function* () { … }`, or anything that gives a coroutine or a future. */
export type Body<T> = () => CoroutineLike<T> | Future<T>;

/** What can be held: a lock, a condition, a semaphore. */
interface Holdable {
  acquire(): Iterable<Suspension, Permit, unknown>;
  release(): void;
}

const holding = coroutine(function* hold(holdable: Holdable, body: Body<unknown>) {
  yield* holdable.acquire();
  try {
    const awaitable = body();
    if (!isGenerator(awaitable) && !isIterable(awaitable)) {
      throw new TypeError(
        `the body of hold() must give a coroutine or a future, it gave ${showResult(awaitable)}${remedy(awaitable)}`,
      );
    }
    return yield* delegateTo(awaitable);
  } finally {
    holdable.release();
  }
});

function isIterable(value: unknown): boolean {
  return (
    typeof value === "object" && typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function"
  );
}

/** Runs `body` between `acquire()` and `release()`. */
export function hold<T>(holdable: Holdable, body: Body<T>): Coroutine<T> {
  if (typeof body !== "function") {
    throw new TypeError(`hold() expects a body such as function* () {…}, got ${showResult(body)}`);
  }
  return holding(holdable, body) as Coroutine<T>;
}
