import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Document, FoundLink } from "./document.ts";

type Node = DefaultTreeAdapterTypes.Node;

/** The attributes that lead somewhere, by element. */
const leading: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  area: ["href"],
  audio: ["src"],
  embed: ["src"],
  iframe: ["src"],
  img: ["src"],
  link: ["href"],
  object: ["data"],
  script: ["src"],
  source: ["src"],
  track: ["src"],
  video: ["src", "poster"],
};

/** A preconnect or the like names a host, not a page. */
const hints = /\b(preconnect|dns-prefetch)\b/i;

/** The links and anchors of an HTML page, or of a piece of one that begins at `line` and `column`. */
export function parseHtml(text: string, line = 1, column = 1): Document {
  const links: FoundLink[] = [];
  const anchors = new Set<string>();
  let base: string | null = null;
  walk(parse(text, { sourceCodeLocationInfo: true }), (element) => {
    const attributes = new Map(element.attrs.map((attribute) => [attribute.name, attribute.value]));
    for (const name of [attributes.get("id"), element.tagName === "a" ? attributes.get("name") : undefined]) {
      if (name !== undefined) anchors.add(name);
    }
    if (element.tagName === "base") base ??= attributes.get("href") ?? null;
    if (element.tagName === "link" && hints.test(attributes.get("rel") ?? "")) return;
    for (const name of leading[element.tagName] ?? []) {
      const target = attributes.get(name);
      if (target === undefined) continue;
      const at = element.sourceCodeLocation?.attrs?.[name] ?? element.sourceCodeLocation;
      const [startLine, startColumn] = [at?.startLine ?? 1, at?.startCol ?? 1];
      links.push({
        target: target.trim(),
        line: line + startLine - 1,
        column: startLine === 1 ? column + startColumn - 1 : startColumn,
      });
    }
  });
  return {
    links: base === null ? links : links.map((link) => ({ ...link, target: rebased(link.target, base!) })),
    anchors,
  };
}

/** Calls `visit` with every element, those in templates included. */
function walk(node: Node, visit: (element: DefaultTreeAdapterTypes.Element) => void): void {
  if ("tagName" in node) visit(node);
  if ("content" in node) walk(node.content, visit);
  if ("childNodes" in node) for (const child of node.childNodes) walk(child, visit);
}

/** A link of a page with a `<base>`. */
function rebased(target: string, base: string): string {
  if (target.startsWith("#") || /^[a-z][a-z0-9+.-]*:/i.test(target)) return target;
  return URL.canParse(target, base) ? new URL(target, base).href : target;
}
