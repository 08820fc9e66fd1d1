import { dirname, join, relative, resolve } from "node:path";
import { coroutine } from "@tsyncio/coroutine";
import type { Document } from "./document/document.ts";
import { parserOf } from "./document/parse.ts";
import { kindOf, readText } from "./files.ts";
import type { Verdict } from "./findings.ts";

/** What a link to a folder shows. */
const indexes = ["README.md", "index.html", "index.md"];

/** The documents on disk, each read once. */
export class Library {
  /** What links that begin with `/` begin at. */
  private readonly _root: string;
  private readonly _documents = new Map<string, Document>();

  constructor(root: string) {
    this._root = root;
  }

  /** Reads a document. @throws what reading it throws. */
  readonly document = coroutine(
    function* document(this: Library, path: string) {
      const known = this._documents.get(path);
      if (known !== undefined) return known;
      const document = parserOf(path)!(yield* readText(path));
      this._documents.set(path, document);
      return document;
    }.bind(this),
  );

  /** Whether a link in the document at `source` leads somewhere on disk. */
  readonly check = coroutine(
    function* check(this: Library, source: string, target: string) {
      const hash = target.indexOf("#");
      const path = decoded((hash === -1 ? target : target.slice(0, hash)).replace(/\?.*$/s, ""));
      const anchor = hash === -1 ? "" : decoded(target.slice(hash + 1).replace(/:~:.*$/s, ""));
      if (path === null || anchor === null) return broken("a percent sign must be followed by two digits of a code");
      const place =
        path === "" ? source : path.startsWith("/") ? join(this._root, path) : resolve(dirname(source), path);
      const kind = yield* kindOf(place);
      if (kind === null) return broken("no such file");
      if (anchor === "") return ok;
      if (kind === "folder") return yield* this._checkAnchorInFolder(place, anchor);
      return yield* this._checkAnchor(place, anchor);
    }.bind(this),
  );

  private *_checkAnchorInFolder(folder: string, anchor: string) {
    for (const index of indexes) {
      const path = join(folder, index);
      if ((yield* kindOf(path)) === "file") return yield* this._checkAnchor(path, anchor);
    }
    return broken(`no anchor "${anchor}": the folder has no page of its own`);
  }

  private *_checkAnchor(path: string, anchor: string) {
    // What we cannot read may have any anchor, such as the lines of a source file.
    if (parserOf(path) === null) return ok;
    const { anchors } = yield* this.document(path);
    return hasAnchor(anchors, anchor) ? ok : broken(`no anchor "${anchor}" in ${shown(path)}`);
  }
}

/** Whether a page has an anchor; the top of a page is always there. */
export function hasAnchor(anchors: ReadonlySet<string>, anchor: string): boolean {
  return anchors.has(anchor) || anchor.toLowerCase() === "top";
}

/** A path as people see it: from where they are. */
export function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}

const ok: Verdict = { state: "ok" };

function broken(detail: string): Verdict {
  return { state: "broken", detail };
}

/** @returns null when it cannot be decoded. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
