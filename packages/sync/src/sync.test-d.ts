import type { Coroutine } from "@tsyncio/coroutine";
import { sleep } from "@tsyncio/task";
import { Barrier, Condition, Event, Lock, type Permit, Semaphore } from "./index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Equal<A, B>): void {}

export function* types() {
  const lock = new Lock();
  const permit = yield* lock.acquire();
  same<typeof permit, Permit>(true);

  const held = yield* lock.hold(function* () {
    yield* sleep(1);
    return "text";
  });
  same<typeof held, string>(true);
  const slept = lock.hold(() => sleep(1, 42 as number));
  same<typeof slept, Coroutine<number>>(true);

  const condition = new Condition(lock);
  const found = yield* condition.waitFor(() => "text" as string);
  same<typeof found, string>(true);

  const position = yield* new Barrier(1).wait();
  same<typeof position, number>(true);

  const set = yield* new Event().wait();
  same<typeof set, true>(true);

  // @ts-expect-error: an async function cannot be held: nothing can cancel it
  new Semaphore().hold(async () => 1);
  // @ts-expect-error: a condition is made on a lock
  new Condition(new Semaphore());
  // @ts-expect-error: the number of parties is needed
  new Barrier();
}
