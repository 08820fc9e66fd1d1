import { Lock } from "@tsyncio/sync";
import { createTask, run, sleep } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region race
export interface Account {
  balance: number;
}

export function* deposit(account: Account, amount: number) {
  const before = account.balance; // read
  yield* sleep(1); // await: the bank has to agree
  account.balance = before + amount; // write
}

function* payTwice() {
  const account = { balance: 0 };
  const mine = createTask(deposit(account, 50));
  const yours = createTask(deposit(account, 50));
  yield* mine;
  yield* yours;
  print("50 and 50 make", account.balance);
}

const lose = () => run(payTwice());
// #endregion

// #region lock
export function* depositSafely(
  account: Account,
  amount: number,
  lock: Lock,
) {
  yield* lock.hold(function* () {
    yield* deposit(account, amount);
  });
}

function* payTwiceSafely() {
  const account = { balance: 0 };
  const lock = new Lock();
  const mine = createTask(depositSafely(account, 50, lock));
  const yours = createTask(depositSafely(account, 50, lock));
  yield* sleep(0);
  print("locked:", lock.locked(), "- and waiting:", lock.nWaiting);
  yield* mine;
  yield* yours;
  print("50 and 50 make", account.balance);
}

const keep = () => run(payTwiceSafely());
// #endregion

// #region native
let coins = 0;

async function put(more: number) {
  const before = coins;
  await null;
  coins = before + more;
}

async function putTwice() {
  const first = put(50);
  await put(50);
  await first;
  print("50 and 50 make", coins);
}
// #endregion

export const chapter: Chapter = {
  name: "lock",
  title: "A lock, and what goes wrong without it",
  source: import.meta.url,
  parts: [
    say(`
      One thread, so no two lines run at once. Do we need locks at all? Yes. A
      task gives way where it waits, and the world may be another when it comes
      back. Watch two people pay 50 each into one account.
    `),
    example("race", lose, ["50 and 50 make 50"]),
    say(`
      Both read 0. Both waited. Both wrote 50, and one payment is gone. Nothing
      threw, nothing warned. Reading, waiting, and writing what was read
      before: look for this pattern in your own code.

      A lock lets one task at a time through, in the order of asking. The others
      wait in front of it, and this waiting can be cancelled like any other.
    `),
    example("lock", keep, [
      "locked: true - and waiting: 1",
      "50 and 50 make 100",
    ]),
    say(`
      JavaScript's promises lose money in the same way, and the language has no
      lock. Python has one.
    `),
    compare(
      example("native", putTwice, ["50 and 50 make 50"]),
      python(
        `
        coins = 0

        async def put(lock, more):
            global coins
            async with lock:
                before = coins
                await asyncio.sleep(0)
                coins = before + more

        async def put_twice():
            lock = asyncio.Lock()
            await asyncio.gather(
                put(lock, 50), put(lock, 50))
            print("50 and 50 make", coins)

        asyncio.run(put_twice())
        `,
        ["50 and 50 make 100"],
      ),
    ),
  ],
};
