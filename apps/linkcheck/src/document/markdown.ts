import GithubSlugger from "github-slugger";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString as textOf } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import type { Document, FoundLink } from "./document.ts";
import { parseHtml } from "./html.ts";

/** YAML at the beginning of a page: not Markdown, but its lines count. */
const frontMatter = /^---\r?\n[\s\S]*?\n---[ \t]*(?:\r?\n|$)/;

/** The links and anchors of a Markdown document, with GitHub's extensions and its names for headings. */
export function parseMarkdown(source: string): Document {
  const text = source.replace(frontMatter, (matter) => matter.replace(/[^\r\n]/g, ""));
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const links: FoundLink[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  visit(tree, (node) => {
    const { line, column } = node.position?.start ?? { line: 1, column: 1 };
    if (node.type === "heading") anchors.add(slugger.slug(textOf(node)));
    if (node.type === "link" || node.type === "image" || node.type === "definition") {
      links.push({ target: node.url, line, column });
    }
    if (node.type === "html") {
      const piece = parseHtml(node.value, line, column);
      links.push(...piece.links);
      for (const anchor of piece.anchors) anchors.add(anchor);
    }
  });
  return { links, anchors };
}
