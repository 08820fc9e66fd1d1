/** What the types promise: checked by the compiler, never run. */
import { coroutine } from "@tsyncio/coroutine";
import type { CancelledError, Future } from "@tsyncio/future";
import { createTask, run, sleep, type Task } from "./index.ts";

interface User {
  id: number;
}

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const fetchUser = coroutine(function* fetchUser(id: number) {
  yield* sleep(1);
  return { id } as User;
});

function* rawUser(id: number) {
  yield* sleep(1);
  return { id } as User;
}

export const main = coroutine(function* main(future: Future<string>) {
  // `yield*` infers, with no annotation.
  const user = yield* fetchUser(1);
  same<typeof user, User>(true);
  const raw = yield* rawUser(1);
  same<typeof raw, User>(true);
  const task = createTask(fetchUser(1), { name: "fetch" });
  same<typeof task, Task<User>>(true);
  const fromTask = yield* task;
  same<typeof fromTask, User>(true);
  const text = yield* future;
  same<typeof text, string>(true);
  const slept = yield* sleep(1, "result");
  same<typeof slept, string>(true);
  const nothing = yield* sleep(1);
  same<typeof nothing, void>(true);
  return user;
});

// A coroutine function keeps its parameters.
same<Parameters<typeof fetchUser>, [id: number]>(true);
// @ts-expect-error a string is no number
fetchUser("1");

// A bare yield of anything is an error where the coroutine is made or run.
// @ts-expect-error undefined is no suspension
coroutine(function* bareYield() {
  yield;
});
// @ts-expect-error a number is no suspension
coroutine(function* foreign() {
  yield 5;
});
// @ts-expect-error a future is awaited with yield*, not with yield
coroutine(function* yieldsFuture(future: Future<string>) {
  yield future;
});
// @ts-expect-error a promise is no suspension
coroutine(function* yieldsPromise() {
  yield Promise.resolve(1);
});

function* foreignGenerator() {
  yield "foreign";
}
// @ts-expect-error running a generator that yields foreign things
run(foreignGenerator());
// @ts-expect-error likewise as a task
createTask(foreignGenerator());
// @ts-expect-error a function is no coroutine: it has to be called
run(main);

export async function outside(future: Future<string>, task: Task<User>): Promise<void> {
  same<Awaited<typeof future>, string>(true);
  same<Awaited<typeof task>, User>(true);
  const result = await run(fetchUser(1));
  same<typeof result, User>(true);
  // @ts-expect-error a delay is a number
  sleep("1");
  task.cancel("message");
  task.cancel({} as CancelledError);
  // @ts-expect-error a message is a string
  task.cancel(5);
}
