import { type PermitWatcher, registry } from "@tsyncio/context/registry";

const nobodyWatches = (_resource: object): void => {};

/**
 * Is told of permits that are taken and given back, and tells whoever watches. Nobody does but tests, and then these are
 * others: so nobody asks, and a call of what does nothing costs nothing.
 */
export const permits: PermitWatcher = { taken: nobodyWatches, returned: nobodyWatches };

function watchWith(watcher: PermitWatcher | null): void {
  permits.taken = watcher === null ? nobodyWatches : (resource) => watcher.taken(resource);
  permits.returned = watcher === null ? nobodyWatches : (resource) => watcher.returned(resource);
}

// What was never set a second time the engine takes for a constant.
if (registry.permits !== null) watchWith(registry.permits);
registry.onPermits.push(watchWith);
