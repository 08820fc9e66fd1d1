import { futureContract } from "@tsyncio/future-contract";
import { Future } from "../src/index.ts";

futureContract("Future", (loop) => {
  const future = new Future<unknown>({ loop });
  return {
    future,
    succeed: (value) => future.setResult(value),
    fail: (error) => future.setException(error),
  };
});
