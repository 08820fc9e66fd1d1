import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region climb
function* deep() {
  yield* sleep(1);
  throw new Error("it broke");
}

function* middle() {
  try {
    yield* deep();
    print("middle: not reached");
  } finally {
    print("middle: passing by, and tidying up");
  }
}

function* top() {
  yield* middle();
  print("top: not reached");
}

function* neighbour() {
  yield* sleep(5);
  print("neighbour: did something happen?");
}

function* street() {
  const broken = createTask(top());
  yield* createTask(neighbour());
  print("the broken task says:", broken.exception());
}

const walk = () => run(street());
// #endregion

// #region gate
function* waiter() {
  const broken = createTask(top());
  try {
    yield* broken;
  } catch (error) {
    print("waiter: caught", error);
  }
}

const wait = () => run(waiter());
// #endregion

// #region series
function* errand(name: string) {
  print(name, "begins");
  yield* sleep(0);
  print(name, "ends");
}

function* inSeries() {
  yield* errand("bread");
  yield* errand("milk");
}

function* interleaved() {
  const bread = createTask(errand("bread"));
  const milk = createTask(errand("milk"));
  yield* bread;
  yield* milk;
}

const errands = async () => {
  print("- one task:");
  await run(inSeries());
  print("- two tasks:");
  await run(interleaved());
};
// #endregion

// #region native
async function fall() {
  throw new Error("it broke");
}

async function rescue() {
  try {
    await fall();
  } catch (error) {
    print("caught", error);
  }
}
// #endregion

export const chapter: Chapter = {
  name: "errors",
  title: "Errors climb to the top of their task, and stop",
  source: import.meta.url,
  parts: [
    say(`
      What belongs to one task happens in series, one line after another, as
      you wrote it. What belongs to different tasks is mixed, a piece of this
      and a piece of that, changing places where somebody waits.
    `),
    example("series", errands, [
      "- one task:",
      "bread begins",
      "bread ends",
      "milk begins",
      "milk ends",
      "- two tasks:",
      "bread begins",
      "milk begins",
      "bread ends",
      "milk ends",
    ]),
    say(`
      Now an error. Inside its task it behaves as you are used to: it climbs
      from the function that threw to the one that waits for it, and on, and
      every \`finally\` on the way runs. At the top of the task it stops. The
      task is done, it keeps the error, and its neighbours notice nothing.
    `),
    example("climb", walk, [
      "middle: passing by, and tidying up",
      "neighbour: did something happen?",
      "the broken task says: Error: it broke",
    ]),
    say(`
      Unless somebody in another task waits for it. Then the error goes on
      climbing there.
    `),
    example("gate", wait, [
      "middle: passing by, and tidying up",
      "waiter: caught Error: it broke",
    ]),
    compare(
      example("native", rescue, ["caught Error: it broke"]),
      python(
        `
        async def fall():
            raise ValueError("it broke")

        async def rescue():
            try:
                await fall()
            except ValueError as error:
                print("caught", error)

        asyncio.run(rescue())
        `,
        ["caught it broke"],
      ),
    ),
  ],
};
