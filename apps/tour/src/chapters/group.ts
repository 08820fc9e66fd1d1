import {
  allTasks,
  type ExceptionGroup,
  run,
  sleep,
  taskGroup,
} from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { nap } from "../nap.ts";
import { print } from "../print.ts";

// #region fail
function* cook(dish: string, durationMs: number) {
  try {
    yield* sleep(durationMs);
    print(`${dish}: ready`);
  } finally {
    print(`${dish}: off the stove`);
  }
}

function* burn(dish: string) {
  yield* sleep(10);
  throw new Error(`the ${dish} burnt`);
}

function* kitchen() {
  try {
    yield* taskGroup(function* (group) {
      group.createTask(cook("soup", 1));
      group.createTask(cook("roast", 60_000));
      group.createTask(burn("sauce"));
      yield* sleep(0);
      print("all on the stove");
    });
    print("dinner is served");
  } catch (failure) {
    for (const error of (failure as ExceptionGroup).errors) {
      print("no dinner:", error);
    }
  }
  print("still cooking:", allTasks().size - 1);
}

const cookDinner = () => run(kitchen());
// #endregion

// #region native
async function nativeCook() {
  await nap(40);
  print("roast: nobody eats me");
}

async function nativeBurn() {
  await nap(5);
  throw new Error("burnt");
}

async function nativeKitchen() {
  const roast = nativeCook();
  const sauce = nativeBurn();
  try {
    await Promise.all([roast, sauce]);
  } catch (error) {
    print("no dinner:", error);
  }
  await roast; // so that you see it
}
// #endregion

export const chapter: Chapter = {
  name: "group",
  title: "A group of tasks: all, or none",
  source: import.meta.url,
  parts: [
    say(`
      Several jobs at once, and then one fails. What about the others? A task
      group has a clear answer. It ends when all its tasks have ended. If one
      fails, the others are cancelled and tidy up; then the group throws, with
      all the errors in its hands. Behind the group, nothing is left running.
    `),
    example("fail", cookDinner, [
      "all on the stove",
      "soup: ready",
      "soup: off the stove",
      "roast: off the stove",
      "no dinner: Error: the sauce burnt",
      "still cooking: 0",
    ]),
    say(`
      \`Promise.all\` throws, too. But it does so while the others are still at
      work, and nobody is there to hear what becomes of them.
    `),
    compare(
      example("native", nativeKitchen, [
        "no dinner: Error: burnt",
        "roast: nobody eats me",
      ]),
      python(
        `
        async def roast():
            try:
                await asyncio.sleep(60)
            finally:
                print("roast: stove off")

        async def burn():
            await asyncio.sleep(0.005)
            raise ValueError("burnt")

        async def kitchen():
            g = asyncio.TaskGroup()
            try:
                async with g:
                    g.create_task(roast())
                    g.create_task(burn())
            except* ValueError as group:
                print("no dinner:",
                      *group.exceptions)

        asyncio.run(kitchen())
        `,
        ["roast: stove off", "no dinner: burnt"],
      ),
    ),
  ],
};
