import { createContext, runInContext, Script } from "node:vm";

/** What is asked of a realm: its own promises, or those of a storey of the tower; the script has `promiseOf`. */
export type Promises = { readonly native: true } | { readonly native: false; readonly storey: number };

/** What the promises may use of the platform; the tests do not see it. */
const platform = {
  queueMicrotask,
  setTimeout,
  clearTimeout,
  setImmediate,
  performance,
  console,
  AbortController,
};

/** Makes realms, each with a global object and intrinsics of its own. */
export class Realms {
  readonly #promises: Promises;
  readonly #script: Script;

  /** @param library A script that assigns `promiseOf` to the variable `library`. */
  constructor(promises: Promises, library: string) {
    this.#promises = promises;
    this.#script = new Script(`((${Object.keys(platform).join(", ")}) => {\n${library}\nreturn library; })`, {
      filename: "promises.js",
    });
  }

  create(print: (line: string) => void): Realm {
    const context = createContext();
    const global = runInContext("globalThis", context);
    const define = (name: string, value: unknown) =>
      Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
    if (!this.#promises.native) {
      const { promiseOf } = this.#script.runInContext(context)(...Object.values(platform));
      define("Promise", promiseOf(this.#promises.storey));
    }
    const evaluate = (source: string, filename: string, limitMs?: number): unknown =>
      runInContext(source, context, { filename, ...(limitMs === undefined ? {} : { timeout: limitMs }) });
    define("print", (line: unknown) => print(String(line)));
    define("$262", {
      global,
      createRealm: () => this.create(print).host,
      evalScript: (source: string) => evaluate(source, "evalScript.js"),
      gc: () => (globalThis as { gc?: () => void }).gc?.(),
    });
    return { host: global.$262, evaluate };
  }
}

export interface Realm {
  /** Its `$262`. */
  readonly host: object;
  evaluate(source: string, filename: string, limitMs?: number): unknown;
}
