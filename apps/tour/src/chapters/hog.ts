import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region greedy
function* hog() {
  for (let bite = 1; bite <= 3; bite++) print("hog: bite", bite);
}

function* guest() {
  print("guest: is anything left?");
}

function* dinner() {
  const eating = createTask(hog());
  const waiting = createTask(guest());
  yield* eating;
  yield* waiting;
}

const dine = () => run(dinner());
// #endregion

// #region polite
function* politeHog() {
  for (let bite = 1; bite <= 3; bite++) {
    print("polite hog: bite", bite);
    yield* sleep(0); // after you!
  }
}

function* betterDinner() {
  const eating = createTask(politeHog());
  const waiting = createTask(guest());
  yield* eating;
  yield* waiting;
}

const dineBetter = () => run(betterDinner());
// #endregion

// #region frozen
function* frozen() {
  let rang = false;
  setTimeout(() => {
    rang = true;
  }, 1);

  const start = Date.now();
  while (Date.now() - start < 30); // hard work, no pause
  print("after 30 ms of hard work, did the 1 ms timer ring?", rang);

  while (!rang) yield* sleep(0); // hard work, with pauses
  print("and with a pause now and then?", rang);
}

const freeze = () => run(frozen());
// #endregion

// #region promise
async function nativePolite() {
  for (const bite of [1, 2]) {
    print("hog: bite", bite);
    await null; // after you!
  }
}

async function nativeGuest() {
  print("guest: my turn?");
}

async function nativeDinner() {
  const eating = nativePolite();
  await nativeGuest();
  await eating;
}
// #endregion

// #region microtasks
async function nativeFrozen() {
  let rang = false;
  const timer = setTimeout(() => {
    rang = true;
  }, 1);
  const start = Date.now();
  while (Date.now() - start < 30) await null; // a pause?
  print("did the 1 ms timer ring within 30 ms?", rang);
  clearTimeout(timer);
}
// #endregion

export const chapter: Chapter = {
  name: "hog",
  title: "A hog at the table, and sleep(0), which says: after you",
  source: import.meta.url,
  parts: [
    say(`
      One worker, and each job runs to its end. So a job that does not come to
      an end lets everybody wait. Here are two tasks. (A task is a job that
      runs a function with a star; more of it soon.) The first eats without
      looking up.
    `),
    example("greedy", dine, [
      "hog: bite 1",
      "hog: bite 2",
      "hog: bite 3",
      "guest: is anything left?",
    ]),
    say(`
      The cure is a sleep of no length at all. \`sleep(0)\` means: I could go on,
      but put me at the back of the queue, and let the others have a turn.
    `),
    example("polite", dineBetter, [
      "polite hog: bite 1",
      "guest: is anything left?",
      "polite hog: bite 2",
      "polite hog: bite 3",
    ]),
    compare(
      example("promise", nativeDinner, [
        "hog: bite 1",
        "guest: my turn?",
        "hog: bite 2",
      ]),
      python(
        `
        async def polite_hog():
            for bite in (1, 2):
                print("hog: bite", bite)
                await asyncio.sleep(0)

        async def guest():
            print("guest: my turn?")

        async def dinner():
            await asyncio.gather(
                polite_hog(), guest())

        asyncio.run(dinner())
        `,
        ["hog: bite 1", "guest: my turn?", "hog: bite 2"],
      ),
    ),
    say(`
      This is not only about manners. While a hog has the thread, nothing
      else in the process happens: no timer, no answer to a request, no click
      in a page. It looks as if the program hangs, and it does.
    `),
    example("frozen", freeze, [
      "after 30 ms of hard work, did the 1 ms timer ring? false",
      "and with a pause now and then? true",
    ]),
    say(`
      A trap for those who use promises: \`await null\` looks like the same pause,
      but it only lets other promises have a turn. Timers and sockets go on
      waiting. Our loop gives the platform its turn too, every few
      milliseconds, so \`sleep(0)\` is safe in a long loop.
    `),
    example("microtasks", nativeFrozen, [
      "did the 1 ms timer ring within 30 ms? false",
    ]),
  ],
};
