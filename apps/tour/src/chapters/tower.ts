import { Future } from "@tsyncio/future";
import {
  type FutureClass,
  futureFromPromise,
  type PromiseClass,
  type PromisedFutureClass,
  promiseFromFuture,
} from "@tsyncio/promise-interop";
import { createTask, run, sleep, wait } from "@tsyncio/task";
import {
  type Chapter,
  example,
  type Stage,
  say,
  show,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region build
async function build({ height }: Stage) {
  print("ground:    Future, which stands on nothing but a loop");
  let P!: PromiseClass;
  let F: FutureClass = Future;
  for (let storey = 1; storey <= height; storey++) {
    let trials: string[];
    if (storey % 2 === 1) {
      P = promiseFromFuture(F);
      trials = ["Promise", ...(await tryPromise(P))];
    } else {
      const Above = futureFromPromise(P);
      trials = ["Future ", ...(await run(tryFuture(Above)))];
      F = Above;
    }
    print(`storey ${storey}:`.padEnd(10), trials.join("  "));
  }
}
// #endregion

// #region promise
async function tryPromise(P: PromiseClass) {
  const events: string[] = [];
  const first = new P<string>((succeed) => {
    events.push("executor");
    succeed("value");
  });
  events.push("parent");
  await first.then((value) => events.push(value));

  const thrown = await new P<Error>(() => {
    throw new Error("oh");
  }).catch((error) => error);
  const adopted = await P.resolve(1).then((one) => P.resolve(one + 1));
  const all = await P.all([P.resolve("a"), "b"]);
  return [
    trial("in order", events.join() === "executor,parent,value"),
    trial("catches", thrown.message === "oh"),
    trial("adopts", adopted === 2),
    trial("all", all.join() === "a,b"),
  ];
}
// #endregion

// #region future
function* tryFuture(F: PromisedFutureClass) {
  const box = new F<string>();
  const early = box.state;
  box.signalSuccess("value");
  const readable = early === "pending" && box.result() === "value";
  const value = yield* box;

  const bad = new F<string>();
  bad.signalFailure(new Error("oh"));
  const thrown = bad.exception();

  const never = new F<string>();
  const waiter = createTask(waitFor(never));
  yield* sleep(0);
  waiter.cancel();
  yield* wait([waiter]);
  return [
    trial("readable", readable),
    trial("yields", value === "value"),
    trial("fails", thrown instanceof Error),
    trial("cancels", never.cancelled() && waiter.cancelled()),
  ];
}

function* waitFor(future: Future<string>) {
  return yield* future;
}

function trial(what: string, passed: boolean) {
  return `${passed ? "✓" : "✗"} ${what}`;
}
// #endregion

function stands(
  lines: readonly string[],
  { height }: Stage,
): string | undefined {
  if (lines.length !== height + 1) {
    return `The tower should have ${height} storeys on its ground, and has ${lines.length - 1}.`;
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
      neither is the more basic one: they are two views of one thing. To see
      that nothing is lost on the way, we build a tower. Take our Future, make
      a Promise of it, make a Future of that, and so on. Each storey uses
      nothing but the one below.

      Each storey has to show what it can do before the next is put on it.
      Here are the two trials.
    `),
    show("promise"),
    show("future"),
    say("And here is the builder."),
    example("build", build, stands),
    say(`
      Higher? Ask for it: \`npm run tour -- tower --height 7\`.
    `),
  ],
};
