import { futureFromPromise } from "@tsyncio/promise-interop";
import { run } from "@tsyncio/task";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region hack
type Hook<T> = (value: T) => void;

class HackedFuture<T> extends Promise<T> {
  signalSuccess!: Hook<T>;
  signalFailure!: Hook<Error>;

  constructor(executor?: (succeed: Hook<T>, fail: Hook<Error>) => void) {
    let caughtSuccess!: Hook<T>;
    let caughtFailure!: Hook<Error>;
    super((succeed, fail) => {
      caughtSuccess = succeed; // intercepted!
      caughtFailure = fail;
      executor?.(succeed, fail);
    });
    this.signalSuccess = caughtSuccess;
    this.signalFailure = caughtFailure;
  }
}

async function hacked() {
  const box = new HackedFuture<string>();
  print("nothing runs, nothing is in it");
  setImmediate(() => box.signalSuccess("a letter"));
  print("it came:", await box);

  const other = new HackedFuture<string>();
  other.signalFailure(new Error("lost in the post"));
  await other.catch((error) => print("it came:", error));
}
// #endregion

// #region whole
const PromiseFuture = futureFromPromise(Promise);

function* main() {
  const box = new PromiseFuture<string>();
  print("state:", box.state);
  box.signalSuccess("a letter");
  print("state:", box.state);
  print("it came:", yield* box);

  const unwanted = new PromiseFuture<string>();
  unwanted.cancel("moved away");
  print("cancelled:", unwanted.cancelled());
}

const whole = () => run(main());
// #endregion

// #region native
async function letter() {
  const box = new HackedFuture<string>();
  box.signalSuccess("a letter");
  print("it came:", await box);
}
// #endregion

export const chapter: Chapter = {
  name: "hooks",
  title: "A future, hacked out of a promise",
  source: import.meta.url,
  parts: [
    say(`
      A promise hides its publishing side, but hands it for one moment to the
      function you give to its constructor. Catch the two hooks there, keep
      them on the object, and you have a future: a box that runs no code, and
      that anybody may fill.
    `),
    example("hack", hacked, [
      "nothing runs, nothing is in it",
      "it came: a letter",
      "it came: Error: lost in the post",
    ]),
    say(`
      In Python nobody has to hack: the future is what you are given, and
      promises are what you would have to build.
    `),
    compare(
      example("native", letter, ["it came: a letter"]),
      python(
        `
        async def letter():
            box = asyncio.Future()
            box.set_result("a letter")
            print("it came:", await box)

        asyncio.run(letter())
        `,
        ["it came: a letter"],
      ),
    ),
    say(`
      Our hack is short and leaves much out. The package \`promise-interop\` does it in full: give
      \`futureFromPromise\` any class of promises, and get a class of futures,
      with state you can read, callbacks, cancelling, and \`yield*\`.
    `),
    example("whole", whole, [
      "state: pending",
      "state: finished",
      "it came: a letter",
      "cancelled: true",
    ]),
  ],
};
