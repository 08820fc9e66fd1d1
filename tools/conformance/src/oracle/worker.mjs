// The thread CPython lives in. Plain JavaScript: a worker is loaded by Node itself, which does not read TypeScript everywhere.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { loadPyodide } from "pyodide";

const write = (text) => parentPort.postMessage({ output: text });
const python = await loadPyodide({
  stdout: (line) => write(`${line}\n`),
  stderr: (line) => write(`${line}\n`),
});
for (const name of workerData.modules) {
  python.FS.writeFile(`${name}.py`, readFileSync(new URL(`./${name}.py`, import.meta.url), "utf8"));
}
python.runPython("import sys; sys.path.insert(0, '.')");

parentPort.on("message", ({ id, module, call, argument }) => {
  try {
    const result = python.pyimport(module)[call](argument);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error?.message ?? error) });
  }
});
parentPort.postMessage({ ready: true });
