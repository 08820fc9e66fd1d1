import { Future } from "@tsyncio/future";
import {
  type Chapter,
  compare,
  example,
  python,
  say,
} from "../chapter.ts";
import { print } from "../print.ts";

// #region promise
async function paper() {
  let publish!: (news: string) => void;
  const edition = new Promise<string>((hook) => {
    publish = hook; // the publishing side, before it is hidden
  });

  edition.then((news) => print("Ada reads:", news));
  edition.then((news) => print("Bo reads:", news));
  print("two have subscribed");

  publish("it rains");
  publish("it snows"); // one result only: this one is ignored
  await edition;

  edition.then((news) => print("Cy comes late, and reads:", news));
  await null;
}
// #endregion

// #region future
async function openPaper() {
  const edition = new Future<string>();
  const readAs = (name: string) => () =>
    print(`${name} reads:`, edition.result());

  edition.addDoneCallback(readAs("Ada"));
  edition.addDoneCallback(readAs("Bo"));
  print("two have subscribed");

  edition.setResult("it rains"); // anyone who has it may publish
  print("published, and not yet delivered");
  await edition;

  edition.addDoneCallback(readAs("Cy, late,"));
  await new Promise(setImmediate);
}
// #endregion

// #region native
async function news() {
  let publish = (_: string) => {};
  const box = new Promise((hook) => {
    publish = hook;
  });
  for (const who of ["Ada:", "Bo:"]) {
    box.then((x) => print(who, x));
  }
  publish("it rains");
  await box;
}
// #endregion

export const chapter: Chapter = {
  name: "pubsub",
  title: "One publisher, three subscribers: what a promise is",
  source: import.meta.url,
  parts: [
    say(`
      Forget the jobs for a moment, and look at the box alone. Somebody will
      put a result into it, once. Others say: tell me. That is a newspaper with
      a single edition: publish and subscribe. \`then\` is how you subscribe.
      Whoever comes late is told as well.
    `),
    example("promise", paper, [
      "two have subscribed",
      "Ada reads: it rains",
      "Bo reads: it rains",
      "Cy comes late, and reads: it rains",
    ]),
    say(`
      And how do you publish? A promise hides that side. You see it only inside
      the function you give to \`new Promise\`; above we had to smuggle it out
      into a variable. A future has the same two sides, and both are in the
      open: \`setResult\` publishes, \`addDoneCallback\` subscribes.
    `),
    example("future", openPaper, [
      "two have subscribed",
      "published, and not yet delivered",
      "Ada reads: it rains",
      "Bo reads: it rains",
      "Cy, late, reads: it rains",
    ]),
    say(`
      Publishing runs nobody's code: it puts the subscribers into the queue of
      the loop, and they read when their turn comes.
    `),
    compare(
      example("native", news, ["Ada: it rains", "Bo: it rains"]),
      python(
        `
        async def news():
            box = asyncio.Future()
            for who in ("Ada:", "Bo:"):
                def read(b, who=who):
                    print(who, b.result())
                box.add_done_callback(read)
            box.set_result("it rains")
            await box

        asyncio.run(news())
        `,
        ["Ada: it rains", "Bo: it rains"],
      ),
    ),
  ],
};
