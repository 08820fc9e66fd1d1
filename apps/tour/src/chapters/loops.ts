import { Future } from "@tsyncio/future";
import { EventLoop, getRunningLoop } from "@tsyncio/loop";
import { fromPromise } from "@tsyncio/promise-interop";
import { run } from "@tsyncio/task";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region two
const knock = () =>
  fromPromise(new Promise<void>((open) => setImmediate(open)));

function* worker(name: string, home: EventLoop) {
  for (const step of [1, 2]) {
    const atHome = getRunningLoop() === home;
    print(`${name}: step ${step}, on my own loop: ${atHome}`);
    yield* knock(); // wait for the platform, as for a file
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
      const { name, message } = error as Error;
      print(`${name}: ... ${message.slice(message.indexOf("attached"))}`);
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
      JavaScript gives each thread one event loop, and you cannot have another. With a
      loop that is an object, you can have as many as you like. Few programs
      need it: a library that wants to keep its jobs apart, a test that wants a
      clock of its own. But if you must, here are two.
    `),
    example("two", sideBySide, [
      "left: step 1, on my own loop: true",
      "right: step 1, on my own loop: true",
      "left: step 2, on my own loop: true",
      "right: step 2, on my own loop: true",
    ]),
    say(`
      They take turns on the one thread, and share nothing else. A future
      belongs to its loop. To wait for a foreign one would wake the wrong
      queue, so it is refused.
    `),
    example("border", smuggle, [
      "RuntimeError: ... attached to a different loop",
    ]),
  ],
};
