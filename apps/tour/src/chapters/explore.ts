import { Lock } from "@tsyncio/sync";
import { createTask, run, sleep } from "@tsyncio/task";
import { explore, ScheduleFailure } from "@tsyncio/testing";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";
import { type Account, deposit, depositSafely } from "./lock.ts";

// #region usual
function* twoCustomers(account: Account, pay: typeof deposit) {
  const early = createTask(pay(account, 50), { name: "early" });
  const late = createTask(payLater(account, pay), { name: "late" });
  yield* early;
  yield* late;
  if (account.balance !== 100) {
    throw new Error(`50 and 50 make ${account.balance}`);
  }
}

function* payLater(account: Account, pay: typeof deposit) {
  yield* sleep(1); // by then the first is through, surely?
  yield* pay(account, 50);
}

async function asUsual() {
  await run(twoCustomers({ balance: 0 }, deposit));
  print("no error: it works on my machine");
}
// #endregion

// #region explore
function search() {
  try {
    explore(function* (world) {
      const account = world.shared({ balance: 0 }, "account");
      yield* twoCustomers(account, deposit);
    });
  } catch (failure) {
    if (!(failure instanceof ScheduleFailure)) throw failure;
    print(`found, in schedule ${failure.schedules}:`, failure.cause);
    for (const { timeMs, task, what } of failure.timeline) {
      if (task === null) continue; // a timer rings
      const brief = what.replace(/( in |: ).*$/, "");
      print(`  ${timeMs} ms  ${task.padEnd(5)}  ${brief}`);
    }
  }
}
// #endregion

// #region safe
function searchAgain() {
  const { exhaustive } = explore(function* (world) {
    const account = world.shared({ balance: 0 }, "account");
    const lock = new Lock();
    yield* twoCustomers(account, (theirs, amount) =>
      depositSafely(theirs, amount, lock),
    );
  });
  print("no failure, and every order was tried:", exhaustive);
}
// #endregion

export const chapter: Chapter = {
  name: "explore",
  title: "Finding a race before it finds you",
  source: import.meta.url,
  parts: [
    say(`
      The race of the chapter before was easy to see, because it happened. Most
      do not. Take \`deposit\` from there, without the lock, and let one customer
      come a little later. By then the first is through.
    `),
    example("usual", asUsual, ["no error: it works on my machine"]),
    say(`
      Run it a thousand times, and it works a thousand times. But two timers
      ring in the same millisecond here, and nobody has promised which of them
      is heard first.

      We own the loop. So we need not hope for bad luck: \`explore\`, in the
      package \`testing\`, runs the program again and again, each time in another
      order that could really happen, and on a clock that does not wait. When
      an order fails, it tells the story.
    `),
    example("explore", search, [
      "found, in schedule 2: Error: 50 and 50 make 50",
      "  0 ms  main   starts; waits",
      "  0 ms  early  starts; reads account.balance; waits",
      "  0 ms  late   starts; waits",
      "  1 ms  late   goes on; reads account.balance; waits",
      "  1 ms  early  goes on; writes account.balance; ends",
      "  1 ms  main   goes on; waits",
      "  2 ms  late   goes on; writes account.balance; ends",
      "  2 ms  main   goes on; reads account.balance; fails",
    ]),
    say(`
      There it is. The late one reads before the early one writes. The failure
      also carries a token with which \`explore\` plays that very order again, as
      often as you need it. And with the lock?
    `),
    example("safe", searchAgain, [
      "no failure, and every order was tried: true",
    ]),
    say("Not a lucky sample: all of them."),
  ],
};
