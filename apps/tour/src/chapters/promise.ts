import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region executor
function parentAtWork() {
  print("parent: I make a promise");
  new Promise<void>((succeed) => {
    print("child: I run at once, and my parent has to wait");
    succeed();
  }).then(() => print("child: this part is a job of its own"));
  print("parent: I go on");
}
// #endregion

async function showParent() {
  parentAtWork();
  await nextMacrotask();
}

// #region unseen
async function child(): Promise<string> {
  await null;
  throw new Error("I fell");
}

async function carelessParent() {
  try {
    child(); // started, and forgotten
    print("parent: all is well");
  } catch (error) {
    print("parent: I help you up,", error);
  }
}
// #endregion

async function showCareless() {
  const uncaught = new Promise<void>((noticed) => {
    process.once("unhandledRejection", (error) => {
      print("platform: nobody caught", error);
      noticed();
    });
  });
  await carelessParent();
  await uncaught;
}

// #region seen
async function carefulParent() {
  try {
    const started = child(); // started ...
    print("parent: you go ahead, I have something to do");
    print("child said", await started); // ... and awaited
  } catch (error) {
    print("parent: I help you up,", error);
  }
}
// #endregion

// #region started
async function fall() {
  throw new Error("I fell");
}

async function parent() {
  const started = fall();
  print("started");
  try {
    await started;
  } catch (error) {
    print("caught", error);
  }
}
// #endregion

function nextMacrotask() {
  return new Promise<void>((resolve) => setImmediate(resolve));
}

export const chapter: Chapter = {
  name: "promise",
  title: "A promise: a job whose errors its parent does not see",
  source: import.meta.url,
  parts: [
    say(`
      Now take native promises, and look closely, for they are several things
      in one. First: the function you give to \`new Promise\` runs at once,
      inside its parent, like any function you call. Only what comes after,
      in \`then\`, is a job in the queue.
    `),
    example("executor", showParent, [
      "parent: I make a promise",
      "child: I run at once, and my parent has to wait",
      "parent: I go on",
      "child: this part is a job of its own",
    ]),
    say(`
      Second: once started, a promise goes its own way. Its errors are its own.
      The parent below has a \`catch\` around the call, and it does not help:
      when the child falls, the parent has long gone on.
    `),
    example("unseen", showCareless, [
      "parent: all is well",
      "platform: nobody caught Error: I fell",
    ]),
    say(`
      The error climbed to the top of its own job, found nobody, and ended at
      the platform. By default Node then stops the whole program. (We asked it
      to tell us instead.)

      There is one way for the parent to learn of it: wait for the promise.
      The error then comes out of the \`await\`, as if the child had been called
      there. It need not be at once.
    `),
    example("seen", carefulParent, [
      "parent: you go ahead, I have something to do",
      "parent: I help you up, Error: I fell",
    ]),
    say(`
      So each promise is a job with its own border for errors, and \`await\`
      opens a gate in the border. In Python the job has a name of its own:
      it is a task.
    `),
    compare(
      example("started", parent, ["started", "caught Error: I fell"]),
      python(
        `
        async def fall():
            raise ValueError("I fell")

        async def parent():
            started = asyncio.create_task(fall())
            print("started")
            try:
                await started
            except ValueError as error:
                print("caught", error)

        asyncio.run(parent())
        `,
        ["started", "caught I fell"],
      ),
    ),
  ],
};
