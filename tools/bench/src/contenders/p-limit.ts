import pLimit from "p-limit";
import { semaphorePermits, taskCount } from "../cases.ts";
import type { Contests } from "../contest.ts";

async function contended(n: number, permits: number): Promise<number> {
  const limit = pLimit(permits);
  let count = 0;
  const increment = async () => {
    await null;
    count++;
  };
  const worker = async () => {
    for (let i = 0; i < n / taskCount; i++) await limit(increment);
  };
  await Promise.all(Array.from({ length: taskCount }, worker));
  return count;
}

export const contests: Contests = {
  lock: (n) => contended(n, 1),
  semaphore: (n) => contended(n, semaphorePermits),
};
