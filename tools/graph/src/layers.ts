/**
 * The package graph: for every package the packages it may import, types included. Whoever is not listed here is
 * not a layer, and may not be imported by one. Keep it in step with the drawing in the README.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  context: [],
  loop: ["context"],
  future: ["context", "loop"],
  "promise-interop": ["context", "loop", "future"],
  coroutine: ["context", "loop", "future", "promise-interop"],
  task: ["context", "loop", "future", "promise-interop", "coroutine"],
  sync: ["context", "loop", "future", "coroutine"],
  queue: ["context", "loop", "future", "coroutine", "sync"],
  testing: ["context", "loop", "future", "promise-interop", "coroutine", "task", "sync", "queue"],
  tsyncio: ["context", "loop", "future", "promise-interop", "coroutine", "task", "sync", "queue", "testing"],
};
