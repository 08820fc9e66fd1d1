import { run, sleep, TimeoutError, timeout } from "@tsyncio/task";
import {
  again,
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { nap } from "../nap.ts";
import { print } from "../print.ts";

// #region late
function* bake(durationMs: number) {
  print("baker: I light the oven");
  try {
    yield* sleep(durationMs);
    return "bread";
  } finally {
    print("baker: I turn the oven off");
  }
}

function* shop(durationMs: number, patienceMs: number) {
  try {
    const food = yield* timeout(patienceMs, function* () {
      return yield* bake(durationMs);
    });
    print("customer: I have", food);
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    print("customer: this takes too long");
  }
}

const inTime = () => run(shop(5, 60_000));
const tooLate = () => run(shop(60_000, 5));
// #endregion

// #region native
async function bakeAnyway() {
  await nap(40);
  print("baker: your bread?");
}

async function nativeShop() {
  const food = bakeAnyway();
  const late = nap(5).then(() => {
    throw new Error("too long");
  });
  try {
    await Promise.race([food, late]);
  } catch (error) {
    print("customer:", error);
  }
  await food; // so that you see it
}
// #endregion

export const chapter: Chapter = {
  name: "timeout",
  title: "A timeout that turns the oven off",
  source: import.meta.url,
  parts: [
    say(`
      Once there is cancelling, other things come easily. A timeout is a block
      of code and a deadline. If the block is not through by then, what it
      waits for is cancelled, the clean-up runs, and only then do you get a TimeoutError. First with a
      quick baker and a patient customer.
    `),
    example("late", inTime, [
      "baker: I light the oven",
      "baker: I turn the oven off",
      "customer: I have bread",
    ]),
    say(`
      Now \`tooLate\`: the baker needs a minute, and the customer has five
      milliseconds. Note that the oven is off before the customer leaves.
    `),
    again(tooLate, [
      "baker: I light the oven",
      "baker: I turn the oven off",
      "customer: this takes too long",
    ]),
    say(`
      With promises, people write \`Promise.race\`. It stops the waiting, but
      not the work: the loser of the race runs on, with the oven lit.
    `),
    compare(
      example("native", nativeShop, [
        "customer: Error: too long",
        "baker: your bread?",
      ]),
      python(
        `
        async def bake():
            try:
                await asyncio.sleep(60)
            finally:
                print("baker: oven off")

        async def shop():
            limit = asyncio.timeout(0.005)
            try:
                async with limit:
                    await bake()
            except TimeoutError:
                print("customer: too long")

        asyncio.run(shop())
        `,
        ["baker: oven off", "customer: too long"],
      ),
    ),
  ],
};
