import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { nap } from "../nap.ts";
import { print } from "../print.ts";

// #region cleanup
function* guest() {
  print("guest: I light the fire");
  try {
    yield* sleep(60_000);
    print("guest: not reached");
  } finally {
    print("guest: I put the fire out");
    yield* sleep(5); // cleaning up may take a while, too
    print("guest: and I lock the door");
  }
}

function* host() {
  const visit = createTask(guest());
  yield* sleep(5);
  visit.cancel("closing time");
  print("host: I have said it, and it is not done yet:", visit.done());
  try {
    yield* visit;
  } catch (error) {
    print("host:", error);
  }
  print("host: is the visit cancelled?", visit.cancelled());
}

const evening = () => run(host());
// #endregion

// #region answer
function* stubborn() {
  try {
    yield* sleep(60_000);
    return "slept well";
  } catch (error) {
    print("stubborn: you say", error);
    yield* sleep(5);
    return "I finish my tea, and then I go";
  }
}

function* morning() {
  const visit = createTask(stubborn());
  yield* sleep(5);
  visit.cancel("wake up");
  print("host hears:", yield* visit);
  print("host: is the visit cancelled?", visit.cancelled());
}

const nextDay = () => run(morning());
// #endregion

// #region native
async function nativeGuest() {
  await nap(40);
  print("guest: still here");
}

async function nativeHost() {
  const visit = nativeGuest();
  await nap(5);
  // there is no visit.cancel()
  print("host: I go home");
  await visit;
}
// #endregion

export const chapter: Chapter = {
  name: "cancel",
  title: "Cancelling a task, which cleans up and goes",
  source: import.meta.url,
  parts: [
    say(`
      Here is what promises cannot do. A promise, once started, runs to its
      end; you may stop listening, but it does not stop.

      A task can be cancelled. The task is not killed: at the very place where
      it waits, an error is thrown, a CancelledError. So its \`finally\` blocks
      run, from the innermost outwards, and they may wait in their turn.
    `),
    example("cleanup", evening, [
      "guest: I light the fire",
      "host: I have said it, and it is not done yet: false",
      "guest: I put the fire out",
      "guest: and I lock the door",
      "host: CancelledError: closing time",
      "host: is the visit cancelled? true",
    ]),
    say(`
      The sleep of a minute left no timer behind. That is a rule all over
      these packages: whoever stops waiting leaves nothing behind.
    `),
    compare(
      example("native", nativeHost, [
        "host: I go home",
        "guest: still here",
      ]),
      python(
        `
        async def guest():
            try:
                await asyncio.sleep(60)
            finally:
                print("guest: I tidy up")

        async def host():
            visit = asyncio.create_task(guest())
            await asyncio.sleep(0.005)
            visit.cancel()
            await asyncio.wait([visit])
            print("host: I go home")

        asyncio.run(host())
        `,
        ["guest: I tidy up", "host: I go home"],
      ),
    ),
    say(`
      To cancel is to ask. A task may catch the error and answer in its own
      way. Do that rarely, and throw the error again when you have done what
      you had to: whoever asked usually means it.
    `),
    example("answer", nextDay, [
      "stubborn: you say CancelledError: wake up",
      "host hears: I finish my tea, and then I go",
      "host: is the visit cancelled? false",
    ]),
  ],
};
