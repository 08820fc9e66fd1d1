import { defaultHost, EventLoop, setEventLoop } from "@tsyncio/loop";
import { afterAll, beforeAll } from "vitest";

/** The default host with a clock that stands still: no turn takes so long that the platform is given its share first. */
export const stillHost = { ...defaultHost(), now: () => 0 };

/** Makes a loop on that host the default one during the tests of a file: all jobs are done before the next macrotask. */
export function useStillLoop(): void {
  beforeAll(() => setEventLoop(new EventLoop({ host: stillHost })));
  afterAll(() => setEventLoop(null));
}
