import { extname } from "node:path";
import type { Document } from "./document.ts";
import { parseHtml } from "./html.ts";
import { parseMarkdown } from "./markdown.ts";

const parsers: Readonly<Record<string, (text: string) => Document>> = {
  ".md": parseMarkdown,
  ".markdown": parseMarkdown,
  ".html": (text) => parseHtml(text),
  ".htm": (text) => parseHtml(text),
};

/** How a file is read for links, or null for a file that is none of ours. */
export function parserOf(path: string): ((text: string) => Document) | null {
  return parsers[extname(path).toLowerCase()] ?? null;
}
