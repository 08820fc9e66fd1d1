/** What runs on the platform itself: bundled with the built packages, it finds out where it is. */
import { type Proven, proveAll, proveHidden } from "./proofs.ts";
import { replayAll } from "./traces.ts";

export interface Findings {
  readonly traces: Proven;
  readonly proofs: Proven;
  readonly worker?: Proven;
}

interface WebWorker {
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  terminate(): void;
}

interface Worlds {
  document?: object;
  location?: { pathname: string };
  process?: { versions?: { node?: string } };
  findings?: Promise<Findings>;
  proveHidden?: () => Promise<Proven>;
  postMessage?: (message: unknown) => void;
  Worker?: new (url: string, options: { type: "module" }) => WebWorker;
}

const world = globalThis as unknown as Worlds;

/** The same program in a worker, which sends back what it proved. */
async function inWorker(): Promise<Proven> {
  if (world.document === undefined && world.process?.versions?.node !== undefined) {
    const { Worker } = await import("node:worker_threads");
    const { fileURLToPath } = await import("node:url");
    const worker = new Worker(fileURLToPath(import.meta.url));
    return new Promise<Proven>((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
    }).finally(() => worker.terminate());
  }
  const worker = new world.Worker!(import.meta.url, { type: "module" });
  return new Promise<Proven>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data as Proven);
    worker.onerror = (event) => reject(new Error(event.message));
  }).finally(() => worker.terminate());
}

async function findAll(): Promise<Findings> {
  return { traces: replayAll(), proofs: await proveAll(), worker: await inWorker() };
}

if (world.document !== undefined) {
  if (world.location?.pathname === "/background") world.proveHidden = proveHidden;
  else world.findings = findAll();
} else if (world.process?.versions?.node !== undefined) {
  const { isMainThread, parentPort } = await import("node:worker_threads");
  if (isMainThread) {
    console.log(JSON.stringify(await findAll()));
    process.exit(0);
  } else {
    parentPort!.postMessage(await proveAll());
  }
} else {
  world.postMessage!(await proveAll());
}
