import { coroutine } from "@tsyncio/coroutine";
import { createTask, run, sleep } from "@tsyncio/task";
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
  yield* sleep(1); // let it get going
  print(
    task
      .getStack()
      .map((frame) => frame.name)
      .join(" > "),
  );
  yield* task;
  print("afterwards:", task.getStack().length, "frames");
}

const inspect = () => run(inspector());
// #endregion

export const chapter: Chapter = {
  name: "stack",
  title: "Who waits for whom: a running task, inspected",
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
      "showProfile > loadUser > fetchPage > sleep",
      "afterwards: 0 frames",
    ]),
  ],
};
