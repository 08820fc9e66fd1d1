import { futureContract } from "@tsyncio/future-contract";
import { futures } from "./tower.ts";

for (const [name, FutureClass] of Object.entries(futures)) {
  futureContract(name, (loop) => {
    const future = new FutureClass({ loop });
    return {
      future,
      succeed: (value) => future.signalSuccess(value),
      fail: (error) => future.signalFailure(error),
    };
  });
}
