import { Future } from "@tsyncio/future";
import {
  createTask,
  run,
  shield,
  sleep,
  type Task,
  wait,
} from "@tsyncio/task";
import { type Chapter, example, port, python, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region shield
function* save(disk: Future<void>) {
  print("disk: the first half is written");
  yield* disk;
  print("disk: the second half is written");
  return "saved";
}

function* user(saving: Task<string>) {
  yield* shield(saving);
  print("user: not reached");
}

function* office() {
  const disk = new Future<void>(); // done when the disk is ready
  const saving = createTask(save(disk));
  const waiting = createTask(user(saving));
  yield* sleep(0); // let them get going

  waiting.cancel();
  yield* wait([waiting]);
  print("user is gone:", waiting.cancelled());

  disk.setResult();
  print("and the file is", yield* saving);
}

const workDay = () => run(office());
// #endregion

export const chapter: Chapter = {
  name: "shield",
  title: "A shield: cancel the one who waits, not the work",
  source: import.meta.url,
  parts: [
    say(`
      Cancelling goes down: cancel a task, and what it waits for is cancelled
      as well. Mostly this is what you want. But half a file on the disk is
      worse than none.

      \`shield\` stands between the two. Whoever waits in front of it can be cancelled; the work behind it goes on.
    `),
    example("shield", workDay, [
      "disk: the first half is written",
      "user is gone: true",
      "disk: the second half is written",
      "and the file is saved",
    ]),
    say("The same in Python, which gave us the word:"),
    port(
      python(
        `
        async def save(disk):
            print("disk: the first half is written")
            await disk
            print("disk: the second half is written")
            return "saved"

        async def user(saving):
            await asyncio.shield(saving)
            print("user: not reached")

        async def office():
            disk = asyncio.Future()  # done when the disk is ready
            saving = asyncio.create_task(save(disk))
            waiting = asyncio.create_task(user(saving))
            await asyncio.sleep(0)  # let them get going

            waiting.cancel()
            await asyncio.wait([waiting])
            print("user is gone:", waiting.cancelled())

            disk.set_result(None)
            print("and the file is", await saving)

        asyncio.run(office())
        `,
        [
          "disk: the first half is written",
          "user is gone: True",
          "disk: the second half is written",
          "and the file is saved",
        ],
      ),
    ),
    say(`
      Line by line, it is the same program. That is meant: what you know of
      asyncio, you know here.
    `),
  ],
};
