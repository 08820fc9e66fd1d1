/** What the types of the combinators promise: checked by the compiler, never run. */
import { type Awaitable, coroutine } from "@tsyncio/coroutine";
import type { Future } from "@tsyncio/future";
import {
  asCompleted,
  createTask,
  ExceptionGroup,
  gather,
  shield,
  sleep,
  type Task,
  type Timeout,
  taskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from "./index.ts";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

interface User {
  id: number;
}

const fetchUser = coroutine(function* fetchUser(id: number) {
  yield* sleep(1);
  return { id } as User;
});

declare const promise: Promise<bigint>;
declare const future: Future<string>;
declare const many: User[];

export const main = coroutine(function* main() {
  // gather: a tuple of each one's result, whatever kind of awaitable it is.
  const all = yield* gather([fetchUser(1), future, promise, createTask(sleep(1, true as const))]);
  same<typeof all, [User, string, bigint, true]>(true);
  const none = yield* gather([]);
  same<typeof none, []>(true);
  const list = yield* gather(many.map((user) => fetchUser(user.id)));
  same<typeof list, User[]>(true);
  const fromSet = yield* gather(new Set([future]));
  same<typeof fromSet, string[]>(true);
  const settled = yield* gather([fetchUser(1), future], { returnExceptions: true });
  same<typeof settled, [User | Error, string | Error]>(true);
  // @ts-expect-error an async function must be called, or made a coroutine function with fromAsync()
  gather([async () => 1]);
  // @ts-expect-error a number is not awaitable
  gather([1]);

  // waitFor, shield: the result of what is in them.
  const user = yield* waitFor(fetchUser(1), 5);
  same<typeof user, User>(true);
  const shielded = yield* shield(promise);
  same<typeof shielded, bigint>(true);
  // @ts-expect-error a time is a number of milliseconds, or null
  waitFor(fetchUser(1), "5");
  // @ts-expect-error the time must be given
  waitFor(fetchUser(1));

  // timeout, taskGroup: what the body returns.
  const inTime = yield* timeout(5, function* (scope) {
    same<typeof scope, Timeout>(true);
    return yield* fetchUser(1);
  });
  same<typeof inTime, User>(true);
  const grouped = yield* taskGroup(function* (group) {
    const one = group.createTask(fetchUser(1));
    same<typeof one, Task<User>>(true);
    const two = group.createTask(sleep(1, "x"));
    return [yield* one, yield* two] as const;
  });
  same<typeof grouped, readonly [User, string]>(true);
  const at = yield* timeoutAt(null, () => future);
  same<typeof at, string>(true);
  // @ts-expect-error a body is a function
  timeout(5, fetchUser(1));
  // @ts-expect-error a body that yields foreign things is no coroutine
  taskGroup(function* () {
    yield 5;
  });

  // wait: the futures that were given, and for a promise the future of it.
  const tasks = [createTask(fetchUser(1))];
  const waited = yield* wait(tasks, { returnWhen: "FIRST_COMPLETED" });
  same<typeof waited.done, Set<Task<User>>>(true);
  const { pending } = yield* wait([promise]);
  same<typeof pending, Set<Future<bigint>>>(true);
  // @ts-expect-error coroutines are refused
  wait([fetchUser(1)]);
  // @ts-expect-error no such mode
  wait(tasks, { returnWhen: "SOON" });

  // asCompleted: results, or the futures.
  for (const next of asCompleted([fetchUser(1)])) {
    const result = yield* next;
    same<typeof result, User>(true);
  }
  for (const next of asCompleted(tasks).futures()) {
    const task = yield* next;
    same<typeof task, Task<User>>(true);
  }
});

export async function asynchronous(numbers: Awaitable<number>[]): Promise<void> {
  for await (const done of asCompleted(numbers)) {
    const value: number = done.result();
    same<typeof value, number>(true);
  }
}

// ExceptionGroup: its parts know what they hold.
class NotFound extends Error {
  readonly url: string = "";
}
class Refused extends Error {
  readonly port: number = 0;
}
const group = new ExceptionGroup("several", [new NotFound(), new Refused()]);
same<typeof group, ExceptionGroup<NotFound | Refused>>(true);
const [missing, others] = group.split(NotFound);
same<typeof missing, ExceptionGroup<NotFound> | null>(true);
same<typeof others, ExceptionGroup<NotFound | Refused> | null>(true);
const some = group.subgroup([NotFound, Refused]);
same<typeof some, ExceptionGroup<NotFound | Refused> | null>(true);
const asked = group.subgroup((error) => error instanceof Refused && error.port === 80);
same<typeof asked, ExceptionGroup<NotFound | Refused> | null>(true);
