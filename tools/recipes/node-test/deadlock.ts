/** A program that Node would end without a word: run with `onDeadlock` it says who waits for what. */
import { Lock } from "@tsyncio/sync";
import { createTask, run, sleep } from "@tsyncio/task";
import { explainDeadlocks } from "@tsyncio/testing";

function* transfer(first: Lock, second: Lock) {
  yield* first.hold(function* () {
    yield* sleep(1);
    yield* second.hold(function* () {});
  });
}

function* main() {
  const [a, b] = [new Lock(), new Lock()];
  const tasks = [createTask(transfer(a, b), { name: "a to b" }), createTask(transfer(b, a), { name: "b to a" })];
  for (const task of tasks) yield* task;
}

await run(main(), { onDeadlock: explainDeadlocks() });
