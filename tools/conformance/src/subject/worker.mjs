// The thread tsyncio is tried in: one that can be ended whatever it is doing.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { runProgram, runProgramOnRunner } = await import("./run.ts");
const progress = new Int32Array(workerData.progress);

parentPort.on("message", async ({ sources, fault }) => {
  const traces = [];
  for (const [index, source] of sources.entries()) {
    Atomics.store(progress, 0, index);
    try {
      const run = source.includes("\nfunction runs() {") ? runProgramOnRunner : runProgram;
      traces.push(await run(source, fault));
    } catch (error) {
      traces.push([`the run failed: ${error?.stack ?? error}`]);
    }
  }
  parentPort.postMessage(traces);
});
parentPort.postMessage("ready");
