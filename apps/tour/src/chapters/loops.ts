import { Future } from "@tsyncio/future";
import { EventLoop, getRunningLoop } from "@tsyncio/loop";
import { run, sleep } from "@tsyncio/task";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region two
function* worker(name: string, here: EventLoop) {
  for (let step = 1; step <= 2; step++) {
    const mine = getRunningLoop() === here;
    print(`${name}: step ${step}, on my own loop: ${mine}`);
    yield* sleep(step * 10);
  }
}

async function sideBySide() {
  const left = new EventLoop();
  const right = new EventLoop();
  await Promise.all([
    run(worker("left", left), { loop: left }),
    run(worker("right", right), { loop: right }),
  ]);
}
// #endregion

// #region border
async function smuggle() {
  const here = new EventLoop();
  const elsewhere = new EventLoop();
  const foreign = new Future<string>({ loop: elsewhere });
  function* main() {
    try {
      yield* foreign;
    } catch (error) {
      print((error as Error).name);
      print(
        (error as Error).message.replace(/^.* attached/, "... attached"),
      );
    }
  }
  await run(main(), { loop: here });
}
// #endregion

export const chapter: Chapter = {
  name: "loops",
  title: "Two loops, side by side in one process",
  source: import.meta.url,
  parts: [
    say(`
      JavaScript gives you one event loop, and you cannot have another. With a
      loop that is an object, you can have as many as you like. Few programs
      need it: a library that wants to keep its jobs apart, a test that wants a
      loop with a clock of its own. But if you must, here are two.
    `),
    example("two", sideBySide, [
      "left: step 1, on my own loop: true",
      "right: step 1, on my own loop: true",
      "left: step 2, on my own loop: true",
      "right: step 2, on my own loop: true",
    ]),
    say(`
      They share the one thread, and take turns on it. They share nothing
      else. A future belongs to its loop, and waiting for a foreign one would
      wake the wrong queue, so it is refused.
    `),
    example("border", smuggle, [
      "RuntimeError",
      "... attached to a different loop",
    ]),
  ],
};
