import { Mutex, Semaphore } from "async-mutex";
import { semaphorePermits, taskCount } from "../cases.ts";
import type { Contests } from "../contest.ts";

async function contended(n: number, lock: { runExclusive<T>(body: () => Promise<T>): Promise<T> }): Promise<number> {
  let count = 0;
  const increment = async () => {
    await null;
    count++;
  };
  const worker = async () => {
    for (let i = 0; i < n / taskCount; i++) await lock.runExclusive(increment);
  };
  await Promise.all(Array.from({ length: taskCount }, worker));
  return count;
}

export const contests: Contests = {
  lock: (n) => contended(n, new Mutex()),
  semaphore: (n) => contended(n, new Semaphore(semaphorePermits)),
};
