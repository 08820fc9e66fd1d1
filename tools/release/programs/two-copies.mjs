// Two copies of tsyncio in one process see each other's objects. The arguments are the two modules to load.
import { strict as assert } from "node:assert";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
/** "require:name" loads the CommonJS build, "import:name" the ESM one. */
const load = async (how) => {
  const [kind, name] = how.split(":");
  return kind === "require" ? require(name) : await import(name);
};
const [one, other] = await Promise.all(process.argv.slice(2).map(load));

assert.notEqual(one.Future, other.Future, "they are two copies");

for (const [a, b] of [
  [one, other],
  [other, one],
]) {
  const results = await a.run(
    (function* main() {
      // The running loop and the current task are the same for both.
      const loop = b.getRunningLoop();
      assert.equal(loop, a.getRunningLoop());
      assert.equal(b.currentTask(), a.currentTask());
      assert.equal(b.allTasks().size, a.allTasks().size);

      // A future of one is a future for the other, and can be awaited there.
      const future = new b.Future({ loop });
      assert.ok(a.isFuture(future));
      loop.callSoon(() => future.setResult("from the other copy"));
      const awaited = yield* future;

      // A coroutine and a sleep of one run in the task of the other.
      const named = yield* b.coroutine(function* named() {
        yield* b.sleep(0);
        yield* a.sleep(1);
        return "a coroutine of the other copy";
      })();

      // A cancellation is one whoever raised it, and whoever looks at it.
      const task = b.createTask(a.sleep(60_000));
      yield* a.sleep(0);
      task.cancel("enough");
      let cancelled;
      try {
        yield* task;
      } catch (error) {
        cancelled = error;
      }
      assert.ok(cancelled instanceof a.CancelledError, "instanceof the one CancelledError");
      assert.ok(cancelled instanceof b.CancelledError, "instanceof the other CancelledError");
      assert.equal(cancelled.message, "enough");

      // A lock of one guards a task of the other.
      const lock = new b.Lock();
      yield* lock.acquire();
      lock.release();

      return [awaited, named];
    })(),
  );
  assert.deepEqual(results, ["from the other copy", "a coroutine of the other copy"]);
}
console.log("the two copies work together");
