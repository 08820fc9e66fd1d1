import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A folder with ECMAScript's test-suite: `test/` and `harness/`. */
export class Checkout {
  readonly #folder: string;
  readonly #harness = new Map<string, string>();

  constructor(folder: string) {
    for (const part of ["test", "harness"]) {
      if (!existsSync(join(folder, part))) {
        throw new Error(`${folder} is no checkout of test262: there is no ${part}/ in it.`);
      }
    }
    this.#folder = folder;
  }

  /** The tests below a folder, or the one of that name, each as a path below `test/`. */
  tests(part: string): string[] {
    const tests = join(this.#folder, "test");
    const path = join(tests, part);
    if (!existsSync(path)) throw new Error(`There is no ${part} in the test-suite.`);
    const files = statSync(path).isFile() ? [path] : filesBelow(path);
    // A fixture is a module that tests import.
    return files
      .filter((file) => file.endsWith(".js") && !file.endsWith("_FIXTURE.js"))
      .map((file) => relative(tests, file).split(sep).join("/"))
      .sort();
  }

  source(test: string): string {
    return readFileSync(join(this.#folder, "test", test), "utf8");
  }

  harness(name: string): string {
    let source = this.#harness.get(name);
    if (source === undefined) {
      source = readFileSync(join(this.#folder, "harness", name), "utf8");
      this.#harness.set(name, source);
    }
    return source;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
