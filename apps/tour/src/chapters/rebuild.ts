import { Future } from "@tsyncio/future";
import { FuturePromise } from "@tsyncio/promise-interop";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region small
type Settle<T> = (value: T) => void;
type Executor<T> = (succeed: Settle<T>, fail: Settle<unknown>) => void;

class SmallPromise<T> {
  readonly #box = new Future<T>();

  constructor(executor: Executor<T>) {
    const succeed: Settle<T> = (value) => {
      if (!this.#box.done()) this.#box.setResult(value);
    };
    const fail: Settle<unknown> = (error) => {
      if (!this.#box.done()) this.#box.setException(error);
    };
    try {
      executor(succeed, fail); // at once, in the parent's flow
    } catch (error) {
      fail(error);
    }
  }

  then<U>(onSuccess: (value: T) => U, onFailure?: (error: unknown) => U) {
    return new SmallPromise<U>((succeed, fail) => {
      this.#box.addDoneCallback(() => {
        const error = this.#box.exception();
        try {
          if (error === null) succeed(onSuccess(this.#box.result()));
          else if (onFailure) succeed(onFailure(error));
          else fail(error);
        } catch (thrown) {
          fail(thrown);
        }
      });
    });
  }
}

async function small() {
  await new SmallPromise<number>((succeed) => {
    print("the executor runs at once");
    succeed(20);
  })
    .then((value) => value + 1)
    .then((value) => {
      print("then, and then:", value * 2);
      throw new Error("oh");
    })
    .then(
      () => print("not here"),
      (error) => print("caught:", error),
    );
}
// #endregion

// #region whole
async function whole() {
  class Pair extends FuturePromise<number> {}

  const sum = await Pair.all([1, Pair.resolve(2), Promise.resolve(3)]);
  print("all:", sum);
  print("race:", await Pair.race([new Pair(() => {}), Pair.resolve(7)]));
  print("a subclass stays one:", Pair.resolve(1).then() instanceof Pair);
  print("is it native?", Pair.resolve(1) instanceof Promise);
}
// #endregion

export const chapter: Chapter = {
  name: "rebuild",
  title: "A promise, built out of a future",
  source: import.meta.url,
  parts: [
    say(`
      Now the other direction. Take a future, hide its publishing side in a
      private field, call an executor with two hooks, and let \`then\` subscribe.
      What comes out is a promise. Here is one small enough to read.
    `),
    example("small", small, [
      "the executor runs at once",
      "then, and then: 42",
      "caught: Error: oh",
    ]),
    say(`
      It leaves things out, such as a promise that is resolved with another
      promise. The package does not: \`FuturePromise\` has all of the language's
      own Promise, down to the order of jobs and the odd corners, and there is
      no native promise below it.
    `),
    example("whole", whole, [
      "all: [ 1, 2, 3 ]",
      "race: 7",
      "a subclass stays one: true",
      "is it native? false",
    ]),
  ],
};
