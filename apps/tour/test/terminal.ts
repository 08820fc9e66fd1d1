import { EventEmitter } from "node:events";
import type { Terminal } from "../src/terminal.ts";

/** A terminal that remembers what was written, and whose keys the test presses. */
export class FakeTerminal implements Terminal {
  written = "";
  errorsWritten = "";
  /** Every change of the keyboard's mode, in order. */
  readonly rawModes: boolean[] = [];
  /** Called after each write, with everything written so far. */
  onWrite: (all: string) => void = () => {};
  readonly output: Terminal["output"];
  readonly errors: Terminal["errors"];
  readonly input: FakeKeyboard;
  readonly environment: Record<string, string | undefined>;

  constructor({
    isTTY = true,
    columns = 80,
    environment = {} as Record<string, string>,
  } = {}) {
    this.output = {
      isTTY,
      columns,
      write: (text) => {
        this.written += text;
        this.onWrite(this.written);
      },
    };
    this.errors = {
      write: (text) => {
        this.errorsWritten += text;
      },
    };
    this.input = new FakeKeyboard(isTTY, this.rawModes);
    this.environment = environment;
  }
}

class FakeKeyboard extends EventEmitter {
  readonly isTTY: boolean;
  paused = true;
  readonly #rawModes: boolean[];

  constructor(isTTY: boolean, rawModes: boolean[]) {
    super();
    this.isTTY = isTTY;
    this.#rawModes = rawModes;
  }

  setRawMode(raw: boolean) {
    this.#rawModes.push(raw);
  }

  resume() {
    this.paused = false;
  }

  pause() {
    this.paused = true;
  }

  press(key: string) {
    this.emit("data", new TextEncoder().encode(key));
  }
}
