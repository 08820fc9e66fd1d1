import { Queue, QueueShutDown } from "@tsyncio/queue";
import { run, sleep, taskGroup } from "@tsyncio/task";
import { type Chapter, example, port, python, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region workers
function* worker(name: string, orders: Queue<string>) {
  try {
    while (true) {
      const order = yield* orders.get();
      print(`${name} begins: ${order}`);
      for (const _ of order) yield* sleep(0); // a long word is hard work
      print(`${name} is done: ${order}`);
    }
  } catch (error) {
    if (!(error instanceof QueueShutDown)) throw error;
    print(`${name} goes home`);
  }
}

function* workshop() {
  const orders = new Queue<string>(1); // room for one on the shelf
  yield* taskGroup(function* (group) {
    group.createTask(worker("Ada", orders));
    group.createTask(worker("Bo", orders));
    for (const order of ["chair", "bookshelf", "box", "bed"]) {
      yield* orders.put(order); // waits while the shelf is full
      print(`ordered: ${order}`);
    }
    orders.shutdown(); // no more will come
  });
  print("left on the shelf:", orders.qsize());
}

const work = () => run(workshop());
// #endregion

const made = [
  "ordered: chair",
  "Ada begins: chair",
  "ordered: bookshelf",
  "Bo begins: bookshelf",
  "ordered: box",
  "Ada is done: chair",
  "Ada begins: box",
  "ordered: bed",
  "Ada is done: box",
  "Ada begins: bed",
  "Bo is done: bookshelf",
  "Bo goes home",
  "Ada is done: bed",
  "Ada goes home",
  "left on the shelf: 0",
];

export const chapter: Chapter = {
  name: "workers",
  title: "A queue, and workers who share the work",
  source: import.meta.url,
  parts: [
    say(`
      Much work, few hands. Put the orders into a queue, and let each worker
      take the next one when it is free. If the queue has a limit, whoever
      brings more has to wait, so nothing piles up: a queue is a brake as well.
      And \`shutdown\` tells everybody that no more will come.
    `),
    example("workers", work, made),
    say("The same in Python:"),
    port(
      python(
        `
        async def worker(name, orders):
            try:
                while True:
                    order = await orders.get()
                    print(f"{name} begins: {order}")
                    for _ in order:
                        await asyncio.sleep(0)
                    print(f"{name} is done: {order}")
            except asyncio.QueueShutDown:
                print(f"{name} goes home")

        async def workshop():
            orders = asyncio.Queue(1)
            async with asyncio.TaskGroup() as group:
                group.create_task(worker("Ada", orders))
                group.create_task(worker("Bo", orders))
                for order in ("chair", "bookshelf", "box", "bed"):
                    await orders.put(order)
                    print(f"ordered: {order}")
                orders.shutdown()
            print("left on the shelf:", orders.qsize())

        asyncio.run(workshop())
        `,
        made,
      ),
    ),
  ],
};
