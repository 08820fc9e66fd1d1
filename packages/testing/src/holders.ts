import { registry, watchPermits } from "@tsyncio/context/registry";
import type { EventLoop } from "@tsyncio/loop";

/** For each lock or semaphore the tasks that took a permit and did not give it back, in the order of taking. */
const holders = new WeakMap<object, object[]>();
let watchers = 0;

/** The tasks that hold `resource`, as far as they took it while somebody watched. */
export function holdersOf(resource: object): readonly object[] {
  return holders.get(resource) ?? [];
}

/** Notes who takes and gives back permits, until the function it gives is called. */
export function watchHolders(): () => void {
  if (watchers++ === 0) watchPermits({ taken, returned });
  let watching = true;
  return () => {
    if (!watching) return;
    watching = false;
    if (--watchers === 0) watchPermits(null);
  };
}

function taken(resource: object): void {
  const task = running();
  if (task === null) return;
  const tasks = holders.get(resource);
  if (tasks === undefined) holders.set(resource, [task]);
  else tasks.push(task);
}

/** Any task may give back what another took: then it counts as the one that was taken first. */
function returned(resource: object): void {
  const tasks = holders.get(resource);
  if (tasks === undefined) return;
  const task = running();
  const own = task === null ? -1 : tasks.indexOf(task);
  tasks.splice(Math.max(own, 0), 1);
}

function running(): object | null {
  return (registry.runningLoop as EventLoop | null)?._currentTask ?? null;
}
