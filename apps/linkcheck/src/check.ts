import { resolve } from "node:path";
import { coroutine } from "@tsyncio/coroutine";
import { CancelledError, type Suspension } from "@tsyncio/future";
import { Queue, QueueShutDown } from "@tsyncio/queue";
import { taskGroup, timeout } from "@tsyncio/task";
import { parseHtml } from "./document/html.ts";
import { parserOf } from "./document/parse.ts";
import { kindOf, walkFolder } from "./files.ts";
import type { Finding, Findings, Verdict } from "./findings.ts";
import { hasAnchor, Library, shown } from "./library.ts";
import type { Options } from "./options.ts";
import type { Visitor } from "./web/visitor.ts";

/** How many documents are read at a time. */
const readers = 8;

/** A document that was read, by where relative links in it begin: a path, or an address. */
type Base = string;

/**
 * Reads all documents, then checks all links, and puts what it learns into `findings` as it goes.
 *
 * @throws TimeoutError when the deadline comes first; CancelledError when it is cancelled.
 */
export const check = coroutine(function* check(options: Options, visitor: Visitor, findings: Findings) {
  yield* timeout(options.deadlineMs, () => new Check(options, visitor, findings).run());
});

class Check {
  private readonly _options: Options;
  private readonly _visitor: Visitor;
  private readonly _findings: Findings;
  private readonly _library = new Library(process.cwd());
  private readonly _bases = new Map<Finding, Base>();
  private readonly _excluded: readonly string[];

  constructor(options: Options, visitor: Visitor, findings: Findings) {
    this._options = options;
    this._visitor = visitor;
    this._findings = findings;
    this._excluded = options.exclude.map((prefix) => (isWeb(prefix) ? prefix : resolve(prefix)));
  }

  *run() {
    yield* this._readAll();
    yield* this._checkAll();
  }

  /** One task looks for documents, several read them: the queue between them keeps the first from running ahead. */
  private *_readAll() {
    const files = new Queue<string>(2 * readers);
    yield* taskGroup((group) => {
      for (let i = 0; i < readers; i++) group.createTask(this._readFrom(files));
      for (const url of this._options.inputs.filter(isWeb)) group.createTask(this._readPage(url));
      return this._findFiles(files);
    });
  }

  private *_findFiles(files: Queue<string>) {
    for (const input of this._options.inputs) {
      if (isWeb(input)) continue;
      const path = resolve(input);
      const kind = yield* kindOf(path);
      if (kind === "folder") {
        yield* this._orFailure(
          shown(path),
          walkFolder(
            path,
            (below) => this._isExcluded(below),
            (found) => files.put(found),
          ),
        );
      } else if (kind === null) {
        this._findings.failures.push({ source: input, detail: "no such file" });
      } else if (parserOf(path) === null) {
        this._findings.failures.push({ source: input, detail: "neither Markdown nor HTML" });
      } else {
        yield* files.put(path);
      }
    }
    files.shutdown();
  }

  private *_readFrom(files: Queue<string>): Generator<Suspension, void, unknown> {
    for (;;) {
      let path: string;
      try {
        path = yield* files.get();
      } catch (error) {
        if (error instanceof QueueShutDown) return;
        throw error;
      }
      yield* this._orFailure(shown(path), this._readDocument(path));
    }
  }

  private *_readDocument(path: string) {
    const document = yield* this._library.document(path);
    this._addDocument(shown(path), path, document.links);
  }

  /** What cannot be read is no reason to stop. */
  private *_orFailure(source: string, reading: Iterable<Suspension, void, unknown>) {
    try {
      yield* reading;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      this._findings.failures.push({ source, detail: (error as Error).message });
    }
  }

  private *_readPage(url: string) {
    const visit = yield* this._visitor.visit(withoutAnchor(url), true);
    if (visit.page === null) {
      this._findings.failures.push({ source: url, detail: visit.verdict.detail ?? "no HTML page" });
    } else {
      this._addDocument(url, visit.url, parseHtml(visit.page).links);
    }
  }

  private _addDocument(source: string, base: Base, links: Iterable<Parameters<Findings["add"]>[1]>): void {
    this._findings.documents.push(source);
    for (const link of links) this._bases.set(this._findings.add(source, link), base);
  }

  private *_checkAll() {
    const onDisk: Finding[] = [];
    const onWeb = new Map<string, Finding[]>();
    for (const finding of this._findings.links) {
      const base = this._bases.get(finding)!;
      const place = placeOf(finding.target, base);
      if (typeof place === "object") this._findings.decide(finding, place);
      else if (isWeb(place) ? this._isExcluded(place) : this._isExcluded(resolve(base, "..", withoutAnchor(place)))) {
        this._findings.decide(finding, { state: "skipped", detail: "excluded" });
      } else if (!isWeb(place)) onDisk.push(finding);
      else if (this._options.offline) this._findings.decide(finding, { state: "listed" });
      else {
        const page = withoutAnchor(place);
        const others = onWeb.get(page);
        if (others === undefined) onWeb.set(page, [finding]);
        else others.push(finding);
      }
    }
    yield* taskGroup((group) => {
      for (const [url, links] of onWeb) group.createTask(this._checkPage(url, links));
      return this._checkOnDisk(onDisk);
    });
  }

  private *_checkOnDisk(links: readonly Finding[]) {
    for (const finding of links) {
      this._findings.decide(finding, yield* this._library.check(this._bases.get(finding)!, finding.target));
    }
  }

  /** Visits a page once for all links that lead to it, whatever their anchors. */
  private *_checkPage(url: string, links: readonly Finding[]) {
    const wantPage = links.some((link) => anchorOf(link.target) !== "");
    const { verdict, page } = yield* this._visitor.visit(url, wantPage);
    const anchors = page === null ? null : parseHtml(page).anchors;
    for (const link of links) this._findings.decide(link, withAnchor(verdict, anchors, anchorOf(link.target)));
  }

  private _isExcluded(place: string): boolean {
    return this._excluded.some((prefix) => place.startsWith(prefix));
  }
}

/** Where a link leads: an address, a path as it was written, or the verdict on what is neither. */
function placeOf(target: string, base: Base): string | Verdict {
  const full = target.startsWith("//") ? `https:${target}` : target;
  if (/^[a-z][a-z0-9+.-]+:/i.test(full) && !isWeb(full)) return { state: "skipped" };
  if (!isWeb(full) && !isWeb(base)) return full;
  if (!URL.canParse(full, isWeb(base) ? base : undefined)) return { state: "broken", detail: "no address" };
  return new URL(full, isWeb(base) ? base : undefined).href;
}

function isWeb(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

function withoutAnchor(place: string): string {
  return place.replace(/#.*$/s, "");
}

function anchorOf(target: string): string {
  const anchor = /#(.*)$/s.exec(target)?.[1]?.replace(/:~:.*$/s, "") ?? "";
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}

function withAnchor(verdict: Verdict, anchors: ReadonlySet<string> | null, anchor: string): Verdict {
  if (anchors === null || anchor === "" || hasAnchor(anchors, anchor)) return verdict;
  if (verdict.state !== "ok" && verdict.state !== "moved") return verdict;
  return { state: "broken", detail: `no anchor "${anchor}" on the page` };
}
