import type { Chapter, Comparison, PythonProgram } from "./chapter.ts";
import {
  type Palette,
  paintCode,
  paintProse,
  palette,
  wrapCode,
  wrapProse,
} from "./layout.ts";
import { type Listing, readRegion } from "./source.ts";
import type { Terminal } from "./terminal.ts";

const eraseLine = "\r\x1b[K";
const widest = 96;
const narrowest = 24;

/** Puts a chapter on the screen, piece by piece. */
export class Narrator {
  readonly paint: Palette;
  readonly width: number;
  readonly #terminal: Terminal;
  readonly #isTerminal: boolean;
  #progressShown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#isTerminal = terminal.output.isTTY === true;
    const { NO_COLOR, TERM } = terminal.environment;
    const noColour =
      (NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb";
    this.paint = palette(this.#isTerminal && !noColour);
    this.width = Math.max(
      narrowest,
      Math.min(widest, terminal.output.columns || 80),
    );
  }

  line(text = ""): void {
    this.#terminal.output.write(`${text}\n`);
  }

  /** A line from the tour itself, not from a chapter. */
  notice(text: string, tone: (line: string) => string): void {
    for (const line of wrapCode(text, this.width)) this.line(tone(line));
  }

  heading(chapter: Chapter, number: number, of: number): void {
    const count = `${number} of ${of}`;
    for (const line of wrapProse(chapter.title, this.width - 2)) {
      this.line(this.paint.title(`${line}`));
    }
    const label = `npm run tour -- ${chapter.name}`;
    const gap = this.width - label.length - count.length;
    this.line(
      this.paint.dim(
        gap > 0 ? `${label}${" ".repeat(gap)}${count}` : count,
      ),
    );
    this.line(this.paint.dim("─".repeat(this.width)));
    this.line();
  }

  saying(paragraphs: readonly string[]): void {
    const measure = Math.min(this.width, 80) - 2;
    for (const paragraph of paragraphs) {
      const lines = paintProse(wrapProse(paragraph, measure), this.paint);
      for (const line of lines) this.line(`  ${line}`);
      this.line();
    }
  }

  /** Shows code that is not run here. */
  excerpt(chapter: Chapter, region: string): void {
    const { place, lines } = readRegion(chapter.source, region);
    this.#code(place, lines, "typescript");
    this.line(this.paint.dim("  └─"));
    this.line();
  }

  /** Shows the code whose output follows; without a region, only that there is more output. */
  listing(chapter: Chapter, region: string | null): void {
    if (region === null) {
      this.line(this.paint.dim("  ── prints"));
      return;
    }
    const { place, lines } = readRegion(chapter.source, region);
    this.#code(place, lines, "typescript");
    this.line(this.paint.dim("  └─ prints"));
  }

  #code(
    title: string,
    lines: readonly string[],
    language: Column["language"],
  ): void {
    this.line(this.paint.dim(`  ┌─ ${title}`));
    for (const line of lines) {
      for (const piece of wrapCode(line, this.width - 4)) {
        const code = paintCode(piece, language, this.paint);
        this.line(`${this.paint.dim("  │")} ${code}`.trimEnd());
      }
    }
  }

  output(text: string): void {
    this.clearProgress();
    for (const piece of wrapCode(text, this.width - 6)) {
      this.line(`      ${this.paint.output(piece)}`.trimEnd());
    }
  }

  /** Shows a passing line, on a terminal only: the next line written takes its place. */
  progress(text: string): void {
    if (!this.#isTerminal) return;
    const room = this.width - 7;
    const shown =
      text.length > room ? `${text.slice(0, room - 1)}…` : text;
    this.#terminal.output.write(
      `${eraseLine}      ${this.paint.dim(shown)}`,
    );
    this.#progressShown = true;
  }

  clearProgress(): void {
    if (!this.#progressShown) return;
    this.#progressShown = false;
    this.#terminal.output.write(eraseLine);
  }

  /** Ends an example: a blank line if all is well, else what was expected. */
  verdict(complaint: string | undefined): void {
    this.clearProgress();
    if (complaint !== undefined) {
      for (const line of complaint.split("\n")) {
        for (const piece of wrapCode(line, this.width - 6)) {
          this.line(this.paint.bad(`    ✗ ${piece}`));
        }
      }
    }
    this.line();
  }

  comparison(
    chapter: Chapter,
    promise: Comparison["promise"],
    printed: readonly string[],
    asyncio: PythonProgram,
  ): void {
    const left: Column = {
      title: "with native promises",
      language: "typescript",
      lines: readRegion(chapter.source, promise.region).lines,
      prints: printed,
    };
    const right = pythonColumn(asyncio);
    const room = this.width - 7;
    const widths = [left, right].map(columnWidth) as [number, number];
    if (widths[0] + widths[1] <= room) {
      const leftWidth = Math.max(
        widths[0],
        Math.min(Math.floor(room / 2), room - widths[1]),
      );
      this.#beside(left, right, leftWidth, room - leftWidth);
    } else {
      this.#stacked(left);
      this.#stacked(right);
    }
  }

  #beside(
    left: Column,
    right: Column,
    leftWidth: number,
    rightWidth: number,
  ): void {
    const { dim } = this.paint;
    const rule = (
      start: string,
      middle: string,
      texts: [string, string],
    ) =>
      dim(
        `  ${start}─ ${texts[0]} `.padEnd(leftWidth + 5, "─") +
          `${middle}─ ${texts[1]} `.padEnd(rightWidth + 2, "─"),
      );
    const rows = (
      leftLines: readonly string[],
      rightLines: readonly string[],
      show: (line: string, column: Column) => string,
    ) => {
      const count = Math.max(leftLines.length, rightLines.length);
      for (let index = 0; index < count; index++) {
        const one = leftLines[index] ?? "";
        const other = rightLines[index] ?? "";
        const padding = " ".repeat(leftWidth - one.length);
        this.line(
          `${dim("  │")} ${show(one, left)}${padding} ${dim("│")} ${show(other, right)}`.trimEnd(),
        );
      }
    };
    this.line(rule("┌", "┬", [left.title, right.title]));
    rows(left.lines, right.lines, (line, column) =>
      paintCode(line, column.language, this.paint),
    );
    this.line(rule("├", "┼", ["prints", "prints"]));
    rows(left.prints, right.prints, (line) => this.paint.output(line));
    this.line();
  }

  port(asyncio: PythonProgram): void {
    this.#stacked(pythonColumn(asyncio));
  }

  #stacked(column: Column): void {
    this.#code(column.title, column.lines, column.language);
    this.line(this.paint.dim("  └─ prints"));
    for (const line of column.prints) this.output(line);
    this.line();
  }
}

interface Column {
  readonly title: string;
  readonly language: "typescript" | "python";
  readonly lines: Listing["lines"];
  readonly prints: readonly string[];
}

function pythonColumn({ lines, prints }: PythonProgram): Column {
  return {
    title: "in Python's asyncio",
    language: "python",
    lines,
    prints,
  };
}

function columnWidth(column: Column): number {
  return Math.max(
    column.title.length + 2,
    ...column.lines.map((line) => line.length),
    ...column.prints.map((line) => line.length),
  );
}
