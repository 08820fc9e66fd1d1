// The limits stand a little above what is measured, so that growth is noticed. What the design aims at is less:
// a future with its loop 3 kB, run + sleep + task group 6 kB, everything 14 kB.
export default [
  { name: "a future with its loop", path: "src/future-and-loop.js", limit: "7.2 kB", gzip: true },
  { name: "run, sleep and task group", path: "src/run-sleep-group.js", limit: "16.9 kB", gzip: true },
  { name: "everything", path: "src/everything.js", limit: "28.8 kB", gzip: true },
];
