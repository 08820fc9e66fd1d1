import { Future } from "@tsyncio/future";
import {
  futureFromPromise,
  promiseFromFuture,
} from "@tsyncio/promise-interop";
import { createTask, run, sleep } from "@tsyncio/task";
import { type Chapter, example, type Stage, say } from "../chapter.ts";
import { print } from "../print.ts";

type AnyFuture = typeof Future;
type AnyPromise = PromiseConstructor;

// #region build
async function build(height: number) {
  print("ground: Future, which stands on nothing but a loop");
  let FutureBelow = Future as AnyFuture;
  let PromiseBelow: AnyPromise;
  for (let storey = 1; storey <= height; storey++) {
    if (storey % 2 === 1) {
      PromiseBelow = promiseFromFuture(FutureBelow) as AnyPromise;
      const passed = await tryPromise(PromiseBelow);
      print(`storey ${storey}: Promise  ${passed.join("  ")}`);
    } else {
      FutureBelow = futureFromPromise(PromiseBelow!) as AnyFuture;
      const passed = await run(tryFuture(FutureBelow));
      print(`storey ${storey}: Future   ${passed.join("  ")}`);
    }
  }
}
// #endregion

// #region promise
async function tryPromise(P: AnyPromise) {
  const events: string[] = [];
  const first = new P<string>((succeed) => {
    events.push("executor");
    succeed("value");
  });
  events.push("parent");
  await first.then((value) => events.push(value));
  const thrown = await new P(() => {
    throw new Error("oh");
  }).catch((error: Error) => error.message);
  const adopted = await P.resolve(1).then((one) => P.resolve(one + 1));
  const all = await P.all([P.resolve("a"), "b"]);
  return [
    passed("in order", events.join() === "executor,parent,value"),
    passed("catches", thrown === "oh"),
    passed("adopts", adopted === 2),
    passed("all", all.join() === "a,b"),
  ];
}
// #endregion

// #region future
function* tryFuture(F: AnyFuture) {
  const box = new F<string>();
  const before = box.state;
  box.setResult("value");
  const readable = before === "pending" && box.result() === "value";
  const value = yield* box;

  const bad = new F<string>();
  bad.setException(new Error("oh"));
  let thrown: unknown;
  try {
    yield* bad;
  } catch (error) {
    thrown = error;
  }

  const waited = new F<string>();
  const waiter = createTask(
    (function* () {
      return yield* waited;
    })(),
  );
  yield* sleep(0);
  waiter.cancel();
  yield* sleep(0);
  yield* sleep(0);
  return [
    passed("readable", readable),
    passed("yields", value === "value"),
    passed("throws", thrown instanceof Error),
    passed("cancels", waited.cancelled() && waiter.cancelled()),
  ];
}
// #endregion

function passed(what: string, holds: boolean): string {
  return `${holds ? "✓" : "✗"} ${what}`;
}

let asked = 0;

function climb(stage: Stage) {
  asked = stage.height;
  return build(stage.height);
}

function stands(lines: readonly string[]): string | undefined {
  if (lines.length !== asked + 1) {
    return `The tower should have ${asked} storeys on its ground, and has ${lines.length - 1}.`;
  }
  const broken = lines
    .slice(1)
    .find((line) => line.split("✓").length !== 5 || line.includes("✗"));
  return broken === undefined
    ? undefined
    : `A storey does not stand: ${broken}`;
}

export const chapter: Chapter = {
  name: "tower",
  title: "A tower of promises and futures, as high as you like",
  source: import.meta.url,
  parts: [
    say(`
      A future can be made from a promise, and a promise from a future. So
      neither is the more basic one; they are two views of the same thing. To
      see that nothing is lost on the way, go up: take our Future, make a
      Promise of it, make a Future of that, and so on. Each storey uses
      nothing but the one below.

      Before the next storey is built, the one that was finished has to show
      what it can do. Here is the builder; the two trials follow.
    `),
    example("build", climb, stands),
    say(`
      Higher? Ask for it: \`npm run tour -- tower --height 7\`.
    `),
  ],
};
