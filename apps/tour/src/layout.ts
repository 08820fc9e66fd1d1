/** Colours, or none of them. */
export interface Palette {
  readonly coloured: boolean;
  title(text: string): string;
  dim(text: string): string;
  code(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  output(text: string): string;
  keyword(text: string): string;
  string(text: string): string;
}

export function palette(coloured: boolean): Palette {
  const paint = (start: number, end: number) => (text: string) =>
    coloured && text !== "" ? `\x1b[${start}m${text}\x1b[${end}m` : text;
  return {
    coloured,
    title: paint(1, 22),
    dim: paint(2, 22),
    code: paint(36, 39),
    good: paint(32, 39),
    bad: paint(31, 39),
    output: paint(33, 39),
    keyword: paint(35, 39),
    string: paint(32, 39),
  };
}

/** Breaks prose into lines of at most `width` columns; what stands between backticks stays together if it can. */
export function wrapProse(text: string, width: number): string[] {
  const glued = text.replace(/`[^`]*`/g, (code) =>
    code.length < width ? code.replaceAll(" ", "\u00a0") : code,
  );
  const lines: string[] = [];
  let line = "";
  for (let word of glued.split(" ")) {
    while (word.length > width) {
      if (line !== "") lines.push(line);
      line = "";
      lines.push(word.slice(0, width));
      word = word.slice(width);
    }
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== "") lines.push(line);
  return lines.map((each) => each.replaceAll("\u00a0", " "));
}

/** Breaks a line of code or output: the rest goes under it, two columns further in than the line began. */
export function wrapCode(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = Math.min(
    line.length - line.trimStart().length + 2,
    Math.floor(width / 2),
  );
  const lines: string[] = [];
  let rest = line;
  let margin = "";
  while (margin.length + rest.length > width) {
    const room = width - margin.length;
    const space = rest.lastIndexOf(" ", room);
    const minimum = margin === "" ? indent : 1;
    const cut = space >= minimum ? space : room;
    lines.push(margin + rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
    margin = " ".repeat(indent);
  }
  if (rest !== "") lines.push(margin + rest);
  return lines;
}

/** Paints code between backticks; the backticks go where colour says as much. */
export function paintProse(
  lines: readonly string[],
  paint: Palette,
): string[] {
  if (!paint.coloured) return [...lines];
  // A span too long for one line goes on in the next, so the state is kept from line to line.
  let inside = false;
  return lines.map((line) =>
    line
      .split("`")
      .map((piece, index) => {
        if (index > 0) inside = !inside;
        return inside ? paint.code(piece) : piece;
      })
      .join(""),
  );
}

const keywords: Record<"typescript" | "python", ReadonlySet<string>> = {
  typescript: new Set(
    "async await break catch class const else extends finally for function if import let new of return static super this throw try using while yield".split(
      " ",
    ),
  ),
  python: new Set(
    "as async await class def except finally for if import in lambda nonlocal not pass raise return try while with yield".split(
      " ",
    ),
  ),
};

/** Lights up one line of code: comments, strings and keywords. */
export function paintCode(
  line: string,
  language: "typescript" | "python",
  paint: Palette,
): string {
  if (!paint.coloured) return line;
  const token =
    language === "typescript"
      ? /(\/\/.*$|\/\*\*.*$)|("[^"]*"|`[^`]*`)|([A-Za-z_$][\w$]*)/g
      : /(#.*$)|(f?"[^"]*")|([A-Za-z_]\w*)/g;
  return line.replace(
    token,
    (
      all: string,
      comment: string | undefined,
      text: string | undefined,
    ) => {
      if (comment !== undefined) return paint.dim(all);
      if (text !== undefined) return paint.string(all);
      return keywords[language].has(all) ? paint.keyword(all) : all;
    },
  );
}
