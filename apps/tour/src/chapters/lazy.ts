import { createTask, run } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region called
function* greet(name: string) {
  print("hello,", name);
  return name.length;
}

function* party() {
  const recipe = greet("Ada");
  print("called, and nothing happened");

  const letters = yield* recipe;
  print("awaited, and it ran:", letters, "letters");
}

const celebrate = () => run(party());
// #endregion

// #region async
async function greetAtOnce(name: string) {
  print("hello,", name);
  return name.length;
}

async function asyncParty() {
  const started = greetAtOnce("Ada");
  print("called, and it ran already");
  print("awaited:", await started, "letters");
}
// #endregion

// #region same
function* sameParty() {
  const started = createTask(greet("Ada"), { eagerStart: true });
  print("called, and it ran already");
  print("awaited:", yield* started, "letters");
}

const celebrateTheSame = () => run(sameParty());
// #endregion

// #region native
async function greetNative() {
  print("hello");
}

async function nativeParty() {
  const started = greetNative();
  print("called");
  await started;
}
// #endregion

export const chapter: Chapter = {
  name: "lazy",
  title: "A call that runs nothing, and a call that starts at once",
  source: import.meta.url,
  parts: [
    say(`
      A function that can stop in the middle is a coroutine function, and what
      you get by calling it is a coroutine. It is a recipe, no more. Nothing is
      cooked until somebody waits for it.
    `),
    example("called", celebrate, [
      "called, and nothing happened",
      "hello, Ada",
      "awaited, and it ran: 3 letters",
    ]),
    say(`
      An \`async\` function is different, and this surprises people in both
      directions. Calling it cooks at once, up to the first \`await\`.
    `),
    example("async", asyncParty, [
      "hello, Ada",
      "called, and it ran already",
      "awaited: 3 letters",
    ]),
    say(`
      Is that another kind of thing? No. It is two steps in one: make the
      coroutine, and make an eager task of it. We can write the two steps
      apart, and get the same, line by line. The difference between the two
      worlds is one of spelling.
    `),
    example("same", celebrateTheSame, [
      "hello, Ada",
      "called, and it ran already",
      "awaited: 3 letters",
    ]),
    compare(
      example("native", nativeParty, ["hello", "called"]),
      python(
        `
        async def greet():
            print("hello")

        async def party():
            recipe = greet()
            print("called")
            await recipe

        asyncio.run(party())
        `,
        ["called", "hello"],
      ),
    ),
    say(`
      Both spellings have a price. With promises you cannot hold a recipe
      without starting it. With coroutines you can forget to wait, and nothing
      runs at all; debug mode tells you where you made the one you forgot.
    `),
  ],
};
