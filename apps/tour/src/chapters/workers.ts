import { Queue, QueueShutDown } from "@tsyncio/queue";
import { run, sleep, taskGroup } from "@tsyncio/task";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region workers
function* worker(name: string, orders: Queue<string>) {
  try {
    while (true) {
      const order = yield* orders.get();
      print(`${name} begins: ${order}`);
      yield* sleep(order.length); // a long word is much work
      print(`${name} is done: ${order}`);
    }
  } catch (error) {
    if (!(error instanceof QueueShutDown)) throw error;
    print(`${name} goes home`);
  }
}

function* workshop() {
  const orders = new Queue<string>(2); // two fit on the shelf
  yield* taskGroup(function* (group) {
    group.createTask(worker("Ada", orders));
    group.createTask(worker("Bo", orders));
    for (const order of ["chair", "bookshelf-with-doors", "box"]) {
      yield* orders.put(order); // waits when the shelf is full
    }
    orders.shutdown(); // no more will come
  });
  print("left on the shelf:", orders.qsize());
}

const work = () => run(workshop());
// #endregion

export const chapter: Chapter = {
  name: "workers",
  title: "A queue, and workers who share the work",
  source: import.meta.url,
  parts: [
    say(`
      Much work, few hands. Put the orders into a queue, and let each worker
      take the next one when it is free. If the queue has a limit, whoever
      brings more work has to wait, so nothing piles up: a queue is a brake as
      well. And \`shutdown\` tells everybody that no more will come.
    `),
    example("workers", work, []),
    say("With promises you would look for a library. Python has it."),
  ],
};
