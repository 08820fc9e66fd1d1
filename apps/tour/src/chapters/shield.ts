import { createTask, run, shield, sleep } from "@tsyncio/task";
import { type Chapter, example, say } from "../chapter.ts";
import { print } from "../print.ts";

// #region shield
function* save() {
  print("disk: writing the first half");
  yield* sleep(10);
  print("disk: writing the second half");
  return "saved";
}

function* withShield() {
  const saving = createTask(save());
  const asking = createTask(
    (function* () {
      yield* shield(saving);
    })(),
  );
  yield* sleep(1);
  asking.cancel();
  yield* sleep(0);
  yield* sleep(0);
  print("the one who asked is cancelled:", asking.cancelled());
  print("the disk, in the end:", yield* saving);
}

const guarded = () => run(withShield());
// #endregion

export const chapter: Chapter = {
  name: "shield",
  title: "A shield: cancel the one who waits, not the work",
  source: import.meta.url,
  parts: [
    say(`
      Cancelling goes down: cancel a task, and what it waits for is cancelled
      as well. Mostly that is what you want. But half a file on the disk is
      worse than a late one.

      \`shield\` stands between. The one who waits is cancelled; the work behind
      the shield goes on.
    `),
    example("shield", guarded, [
      "disk: writing the first half",
      "the one who asked is cancelled: true",
      "disk: writing the second half",
      "the disk, in the end: saved",
    ]),
  ],
};
