// The thread tsyncio is tried in: one that can be ended whatever it is doing.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { runProgram } = await import("./run.ts");
const progress = new Int32Array(workerData.progress);

parentPort.on("message", ({ sources, fault }) => {
  const traces = sources.map((source, index) => {
    Atomics.store(progress, 0, index);
    try {
      return runProgram(source, fault);
    } catch (error) {
      return [`the run failed: ${error?.stack ?? error}`];
    }
  });
  parentPort.postMessage(traces);
});
parentPort.postMessage("ready");
