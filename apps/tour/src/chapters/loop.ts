import { blockingHost, EventLoop } from "@tsyncio/loop";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region queue
function queueOfJobs() {
  const loop = new EventLoop({ host: blockingHost() });
  loop.callSoon(() => {
    print("first");
    loop.callSoon(() => print("made by the first, so at the very end"));
  });
  loop.callSoon(() => print("second"));
  loop.callSoon(() => print("third"));
  print("three jobs wait, and none has run");
  loop.callLater(10, () => loop.stop());
  loop.runForever();
  loop.close();
  print("nothing left to do");
}
// #endregion

// #region error
function oneBadJob() {
  const loop = new EventLoop({ host: blockingHost() });
  loop.setExceptionHandler((_loop, context) => {
    print("the loop noted:", context.exception);
  });
  loop.callSoon(() => print("good job"));
  loop.callSoon(() => {
    throw new Error("bad job");
  });
  loop.callSoon(() => print("another good job"));
  loop.callSoon(() => loop.stop());
  loop.runForever();
  loop.close();
}
// #endregion

// #region promise
async function nativeJobs() {
  const soon = queueMicrotask;
  soon(() => {
    print("first");
    soon(() => print("last"));
  });
  soon(() => print("second"));
  print("none has run");
  await new Promise(setImmediate);
}
// #endregion

export const chapter: Chapter = {
  name: "loop",
  title: "The event loop: a queue of jobs, and one worker",
  source: import.meta.url,
  parts: [
    say(`
      Who calls the timer's hook? The event loop does. People make much of it,
      but it is a queue. You put a job in at the back: \`callSoon\`. The loop
      takes one out at the front, runs it to its end, takes the next. There is
      one thread, so there is one worker, and never two jobs at a time.

      Most programs never see their loop. We make one of our own here, and
      let it have the whole thread until somebody calls \`stop\`.
    `),
    example("queue", queueOfJobs, [
      "three jobs wait, and none has run",
      "first",
      "second",
      "third",
      "made by the first, so at the very end",
      "nothing left to do",
    ]),
    say(`
      Look at the order. Putting a job in the queue runs nothing. A job that
      makes another job does not wait for it: the new one goes to the back,
      behind all those who came before. Everything else you will see on this
      tour, promises, tasks, locks, is made of nothing but such jobs.
    `),
    compare(
      example("promise", nativeJobs, [
        "none has run",
        "first",
        "second",
        "last",
      ]),
      python(
        `
        async def jobs():
            loop = asyncio.get_running_loop()
            soon = loop.call_soon
            def first():
                print("first")
                soon(print, "last")
            soon(first)
            soon(print, "second")
            print("none has run")
            await asyncio.sleep(0.010)

        asyncio.run(jobs())
        `,
        ["none has run", "first", "second", "last"],
      ),
    ),
    say(`
      What if a job throws? Nobody stands above it who could catch: it was
      the loop that called it. So the loop makes a note, and takes the next
      job. One bad job never stops the others.
    `),
    example("error", oneBadJob, [
      "good job",
      "the loop noted: Error: bad job",
      "another good job",
    ]),
  ],
};
