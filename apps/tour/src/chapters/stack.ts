import { coroutine } from "@tsyncio/coroutine";
import {
  allTasks,
  createTask,
  currentTask,
  formatCallGraph,
  gather,
  run,
  sleep,
} from "@tsyncio/task";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region chain
const fetchPage = coroutine(function* fetchPage() {
  yield* sleep(10);
  return "<html>";
});

const loadUser = coroutine(function* loadUser() {
  return yield* fetchPage();
});

const showProfile = coroutine(function* showProfile() {
  return yield* loadUser();
});

function* inspector() {
  const task = createTask(showProfile(), { name: "profile" });
  yield* sleep(0); // let it get going
  for (const { name } of task.getStack()) print("waits in", name);
  yield* task;
  print("afterwards, frames:", task.getStack().length);
}

const inspect = () => run(inspector());
// #endregion

// #region tree
const dashboard = coroutine(function* dashboard() {
  const profile = createTask(showProfile(), { name: "profile" });
  const advert = createTask(fetchPage(), { name: "advert" });
  yield* gather([profile, advert]);
});

function* detective() {
  createTask(dashboard(), { name: "dashboard" });
  yield* sleep(0);
  yield* sleep(0); // let them all get going
  for (const task of allTasks()) {
    if (task === currentTask()) continue; // that is me
    print(task.getName(), "waits in", task.getStack().at(-1)?.name);
    if (task.getName() === "advert") {
      print(formatCallGraph(task).replace(/, id=\w+/g, ""));
    }
  }
}

const detect = () => run(detective());
// #endregion

export const chapter: Chapter = {
  name: "stack",
  title: "Who waits for whom: running tasks, inspected",
  source: import.meta.url,
  parts: [
    say(`
      A program seems stuck. Where? With native promises you cannot find out:
      a promise knows who will be told, but does not say, and the platform
      keeps the rest to itself.

      Our tasks can be asked. Name your coroutine functions with \`coroutine\`,
      and a task lists the whole chain: its first function, the one that this
      one waits for, and so on, down to where it stands still.
    `),
    example("chain", inspect, [
      "waits in showProfile",
      "waits in loadUser",
      "waits in fetchPage",
      "waits in sleep",
      "afterwards, frames: 0",
    ]),
    say(`
      And since a task is a future that others can wait for, all the work of a
      program is one tree. Here is every task that is alive, and from the last
      of them the way up: what it is doing, and who waits for it. (Python 3.14
      prints the same picture: \`asyncio.print_call_graph\`.)
    `),
    example("tree", detect, [
      "dashboard waits in dashboard",
      "profile waits in sleep",
      "advert waits in sleep",
      "* Task(name='advert')",
      "  + Call stack:",
      "  |   async sleep()",
      "  |   async fetchPage()",
      "  + Awaited by:",
      "    * Task(name='dashboard')",
      "      + Call stack:",
      "      |   async dashboard()",
    ]),
  ],
};
