import { getRunningLoop } from "@tsyncio/loop";
import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region lazy
function* child() {
  print("child: here I am");
  yield* sleep(0);
  print("child: done");
}

function* parent() {
  print("parent: I make a task");
  const task = createTask(child());
  print("parent: I go on");
  yield* task;
}

const both = () => run(parent());
// #endregion

// #region eager
function* eagerParent() {
  print("parent: I make an eager task");
  const task = createTask(child(), { eagerStart: true });
  print("parent: I go on");
  yield* task;
}

const eagerBoth = () => run(eagerParent());
// #endregion

// #region unseen
function* fall(): Generator<never, string> {
  throw new Error("I fell");
}

function* carelessParent() {
  getRunningLoop().setExceptionHandler(
    (_loop, { message, exception }) => {
      print("loop:", message);
      print("loop:", exception);
    },
  );
  try {
    createTask(fall()); // started, and forgotten
    yield* sleep(0);
    print("parent: all is well");
  } catch (error) {
    print("parent: I help you up,", error);
  }
}

const careless = () => run(carelessParent());
// #endregion

// #region seen
function* carefulParent() {
  try {
    const task = createTask(fall()); // started ...
    print("parent: you go ahead, I have something to do");
    print("child said", yield* task); // ... and awaited
  } catch (error) {
    print("parent: I help you up,", error);
  }
}

const careful = () => run(carefulParent());
// #endregion

// #region promise
async function nativeChild() {
  print("child: here I am");
  await null;
  print("child: done");
}

async function nativeParent() {
  const started = nativeChild();
  print("parent: I go on");
  await started;
}
// #endregion

export const chapter: Chapter = {
  name: "task",
  title: "A task: the same job, under its own name",
  source: import.meta.url,
  parts: [
    say(`
      Now the same with our own package. \`createTask\` takes a function that can
      stop in the middle, and makes an independent job of it. The task starts
      when its turn comes, not before: its parent goes on first.
    `),
    example("lazy", both, [
      "parent: I make a task",
      "parent: I go on",
      "child: here I am",
      "child: done",
    ]),
    say(`
      A promise starts at once, inside its parent. If you want that, say so:
      a task can be eager.
    `),
    example("eager", eagerBoth, [
      "parent: I make an eager task",
      "child: here I am",
      "parent: I go on",
      "child: done",
    ]),
    say(`
      These are the two ways to start a job. JavaScript chose the second,
      Python the first. (Python can do the second too, since 3.12.)
    `),
    compare(
      example("promise", nativeParent, [
        "child: here I am",
        "parent: I go on",
        "child: done",
      ]),
      python(
        `
        async def child():
            print("child: here I am")
            await asyncio.sleep(0)
            print("child: done")

        async def parent():
            job = asyncio.create_task(child())
            print("parent: I go on")
            await job

        asyncio.run(parent())
        `,
        ["parent: I go on", "child: here I am", "child: done"],
      ),
    ),
    say(`
      And the errors? As with a promise, a task keeps its error to itself. The
      \`catch\` around \`createTask\` sees nothing. But the error is not lost: when
      the run ends and nobody has asked, the loop tells.
    `),
    example("unseen", careless, [
      "parent: all is well",
      "loop: Task exception was never retrieved",
      "loop: Error: I fell",
    ]),
    say("Wait for the task, and the error comes to you."),
    example("seen", careful, [
      "parent: you go ahead, I have something to do",
      "parent: I help you up, Error: I fell",
    ]),
  ],
};
