import { Future } from "@tsyncio/future";
import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region promise
async function guessing() {
  const promise = Promise.resolve(42);
  // Is it done? There is nothing to ask. We can only wait:
  let known = "no idea";
  promise.then((value) => {
    known = `it is ${value}`;
  });
  print("now:", known);
  await promise;
  print("later:", known);
}
// #endregion

// #region future
function* looking() {
  const future = new Future<number>();
  print("state:", future.state);
  try {
    future.result();
  } catch (error) {
    print("too early.", error);
  }

  future.setResult(42);
  print("state:", future.state);
  print("result:", future.result());
}

const look = () => run(looking());
// #endregion

// #region task
function* answer() {
  yield* sleep(10);
  return 42;
}

function* watching() {
  const task = createTask(answer(), { name: "deep thought" });
  print(task.getName(), "is done:", task.done());
  yield* task;
  print(task.getName(), "is done:", task.done());
  print("and says", task.result());
}

const watch = () => run(watching());
// #endregion

// #region native
async function ask() {
  const box = Promise.resolve(42);
  // no box.done, no box.result
  print("I can only wait");
  print(await box);
}
// #endregion

export const chapter: Chapter = {
  name: "state",
  title: "Looking into the box: state you can read at once",
  source: import.meta.url,
  parts: [
    say(`
      Is it done yet? Of a native promise you cannot ask this. It may have its
      value already, but your program gets it only later, in another job.
    `),
    example("promise", guessing, ["now: no idea", "later: it is 42"]),
    say(`
      A future answers at once. It is pending, finished or cancelled, and
      \`result()\` gives what is in the box, or says that it is too early.
    `),
    example("future", look, [
      "state: pending",
      "too early. InvalidStateError: Result is not set.",
      "state: finished",
      "result: 42",
    ]),
    say(`
      A task is a future, too: the box for what its function will return. So
      you can ask a running job how it is doing, and wait for it in the same
      way. That is a quiet idea with large consequences, as you will see.
    `),
    example("task", watch, [
      "deep thought is done: false",
      "deep thought is done: true",
      "and says 42",
    ]),
    compare(
      example("native", ask, ["I can only wait", "42"]),
      python(
        `
        async def ask():
            box = asyncio.Future()
            box.set_result(42)
            print("done?", box.done())
            print(box.result())

        asyncio.run(ask())
        `,
        ["done? True", "42"],
      ),
    ),
  ],
};
