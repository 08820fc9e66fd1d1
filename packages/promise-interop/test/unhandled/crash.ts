/** A program with a rejection nobody handles, and no listener: `crash.ts <native | future>`. */
import { FuturePromise } from "@tsyncio/promise-interop";

const P = process.argv[2] === "native" ? Promise : FuturePromise;
P.reject(new RangeError("nobody handles this"));
// The platform stops the program before this.
setTimeout(() => console.log("went on"), 50);
