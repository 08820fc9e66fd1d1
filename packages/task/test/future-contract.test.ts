import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { futureContract } from "@tsyncio/future-contract";
import { createTask } from "../src/index.ts";

futureContract(
  "Task",
  (loop) => {
    const told = new Future<unknown>({ loop });
    const main = coroutine(function* main() {
      return yield* told;
    });
    return {
      future: createTask(main(), { loop }),
      succeed: (value) => told.setResult(value),
      fail: (error) => told.setException(error),
    };
  },
  { publishes: "in time" },
);
