import { LifoQueue, PriorityQueue, Queue } from "./index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Equal<A, B>): void {}

export function* types() {
  const queue = new Queue<string>(2);
  yield* queue.put("text");
  const item = yield* queue.get();
  same<typeof item, string>(true);
  const now = new LifoQueue<number>().getNowait();
  same<typeof now, number>(true);

  new PriorityQueue<{ priority: number }>(0, { compare: (a, b) => a.priority - b.priority });

  // @ts-expect-error: a queue of strings takes strings
  queue.putNowait(1);
  // @ts-expect-error: a comparator gives a number
  new PriorityQueue<number>(0, { compare: (a, b) => a < b });
}

export async function outside(queue: Queue<string>) {
  for await (const item of queue) same<typeof item, string>(true);
}
