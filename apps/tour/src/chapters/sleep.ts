import { readFile } from "node:fs";
import { fileURLToPath } from "node:url";
import { Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { run } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region nap
function* nap(delayMs: number) {
  const future = new Future<string>();
  const succeed = () => future.setResult("rested");
  getRunningLoop().callLater(delayMs, succeed);
  return yield* future; // wait here until someone succeeds
}

function* day() {
  print("lie down");
  const mood = yield* nap(20);
  print("get up,", mood);
}

const anyDay = () => run(day());
// #endregion

// #region read
function* readText(path: string) {
  const future = new Future<string>();
  readFile(path, "utf8", (error, text) => {
    if (error) future.setException(error);
    else future.setResult(text);
  });
  return yield* future;
}

function* lookAtMyself() {
  const text = yield* readText(fileURLToPath(import.meta.url));
  print(text.split("\n")[0]);
  try {
    yield* readText("no-such-file");
  } catch (error) {
    print("no luck:", (error as NodeJS.ErrnoException).code);
  }
}

const lookUp = () => run(lookAtMyself());
// #endregion

// #region promise
const nativeNap = (ms: number) =>
  new Promise<void>((succeed) => {
    setTimeout(succeed, ms);
  });

async function nativeDay() {
  print("lie down");
  await nativeNap(20);
  print("get up");
}
// #endregion

export const chapter: Chapter = {
  name: "sleep",
  title: "Sleep: a timer that was handed a hook",
  source: import.meta.url,
  parts: [
    say(`
      Welcome. This tour shows how async works, from the ground up. You will
      read short programs. Each one is run while you look on: the code you see
      is the code that runs, and what it prints is checked.

      We begin with the smallest wish there is: wait a moment, then go on.
      The platform has timers, but a timer wants a callback, a function to
      call when the time has come. We would rather write one line after
      another. So we make a future, an empty box for a result that will come,
      and hand the timer one little hook that puts something into the box.
      That is all that sleeping is.

      Three words to know. A function with a star, \`function*\`, can stop in
      the middle and go on later. \`yield*\` is where it stops: read it as "wait
      for". And \`run\` sets the whole thing going.
    `),
    example("nap", anyDay, ["lie down", "get up, rested"]),
    say(`
      If you know promises, you have seen this before. Write \`async\` for the
      star and \`await\` for \`yield*\`, and it is the same program. If you come from
      Python, it is the same again.
    `),
    compare(
      example("promise", nativeDay, ["lie down", "get up"]),
      python(
        `
        async def nap(delay):
            loop = asyncio.get_running_loop()
            box = loop.create_future()
            loop.call_later(delay,
                box.set_result, None)
            await box

        async def day():
            print("lie down")
            await nap(0.020)
            print("get up")

        asyncio.run(day())
        `,
        ["lie down", "get up"],
      ),
    ),
    say(`
      Nothing in this is special to timers. Whatever calls you back can be
      papered over in the same way: one hook for "it worked", one for "it
      failed". Here is a file, read by the callback function that Node has
      always had.
    `),
    example("read", lookUp, [
      'import { readFile } from "node:fs";',
      "no luck: ENOENT",
    ]),
    say(`
      You need not write that by hand. \`sleep(20)\` is in the package \`task\`, and
      \`fromNodeCallback(readFile)\` in \`coroutine\`. But now you know what is in them.
    `),
  ],
};
