import { inspect } from "node:util";
import type { Chapter, Example, Expectation, Stage } from "./chapter.ts";
import { wrapProse } from "./layout.ts";
import { Narrator } from "./narrator.ts";
import {
  type Options,
  readOptions,
  UsageError,
  usage,
} from "./options.ts";
import { setSink } from "./print.ts";
import { type Answer, type Terminal, waitForKey } from "./terminal.ts";

const defaultHeight = 3;

export const exitCodes = {
  asTold: 0,
  deviation: 1,
  badUsage: 2,
  stopped: 130,
} as const;

/** Gives the tour, and returns the exit code. `signal` aborts when the reader wants to leave. */
export async function giveTour(
  chapters: readonly Chapter[],
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let options: Options;
  let chosen: readonly Chapter[];
  try {
    options = readOptions(words);
    chosen = choose(chapters, options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.errors.write(`${error.message}\n`);
    return exitCodes.badUsage;
  }
  const narrator = new Narrator(terminal);
  if (options.help) {
    for (const line of usage.split("\n")) narrator.notice(line, String);
    return exitCodes.asTold;
  }
  if (options.list) {
    list(chapters, narrator);
    return exitCodes.asTold;
  }
  const canStep = options.step && terminal.input.isTTY === true;
  if (options.step && !canStep) {
    terminal.errors.write(
      "--step needs a keyboard, and the input is no terminal: going on without stops.\n",
    );
  }
  const pause = async (): Promise<Answer> => {
    if (signal.aborted) return "interrupt";
    if (!canStep) return "on";
    narrator.progress("any key goes on, q leaves");
    const answer = await waitForKey(terminal.input, signal);
    narrator.clearProgress();
    return answer;
  };
  const stage: Stage = {
    signal,
    height: options.height ?? defaultHeight,
    progress: (line) => narrator.progress(line),
  };

  const watched =
    terminal.output.isTTY === true && terminal.input.isTTY === true;
  if (watched && !options.step && chosen.length > 1) {
    narrator.notice(
      "Too fast? npm run tour -- --step waits for you after each piece.",
      narrator.paint.dim,
    );
    narrator.line();
  }

  let examples = 0;
  const strayed: string[] = [];
  for (const chapter of chosen) {
    const number = chapters.indexOf(chapter) + 1;
    narrator.heading(chapter, number, chapters.length);
    for (const part of chapter.parts) {
      if (part.kind === "saying") {
        narrator.saying(part.paragraphs);
        continue;
      }
      if (part.kind === "excerpt") {
        narrator.excerpt(chapter, part.region);
        continue;
      }
      if (part.kind === "port") {
        narrator.port(part.asyncio);
        continue;
      }
      let complaint: string | undefined;
      if (part.kind === "example") {
        narrator.listing(chapter, part.region);
        const lines = await perform(part, stage, (line) =>
          narrator.output(line),
        );
        // An example that was cut short did not get to say all it should.
        if (!signal.aborted) complaint = judge(lines, part.expect, stage);
        narrator.verdict(complaint);
      } else {
        const lines = await perform(part.promise, stage, () => {});
        narrator.comparison(chapter, part.promise, lines, part.asyncio);
        complaint = judge(lines, part.promise.expect, stage);
        if (complaint !== undefined) narrator.verdict(complaint);
      }
      examples++;
      if (complaint !== undefined) {
        const { region } = part.kind === "example" ? part : part.promise;
        strayed.push(
          `${chapter.name}, example ${region === null ? examples : `"${region}"`}`,
        );
      }
      const answer = await pause();
      if (answer !== "on") {
        narrator.notice(
          "You leave the tour here. Come back any time.",
          String,
        );
        if (strayed.length > 0) return exitCodes.deviation;
        return answer === "leave" ? exitCodes.asTold : exitCodes.stopped;
      }
    }
    narrator.line();
  }
  if (strayed.length > 0) {
    const { bad } = narrator.paint;
    narrator.notice("Not what the tour promised, in chapter", bad);
    for (const place of strayed) narrator.notice(`  ${place}`, bad);
    return exitCodes.deviation;
  }
  narrator.notice(
    `${count(chosen.length, "chapter")}, ${count(examples, "example")}: every output is what the tour says.`,
    narrator.paint.good,
  );
  return exitCodes.asTold;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Runs an example and returns the lines it printed; an error it lets out is a line too. */
async function perform(
  part: Example,
  stage: Stage,
  show: (line: string) => void,
): Promise<string[]> {
  const lines: string[] = [];
  setSink((line) => {
    lines.push(line);
    show(line);
  });
  try {
    await part.run(stage);
  } catch (error) {
    for (const line of `The example failed. ${inspect(error)}`.split(
      "\n",
    )) {
      lines.push(line);
      show(line);
    }
  } finally {
    setSink(null);
  }
  return lines;
}

/** Returns what is wrong with the output, or undefined when all is well. */
function judge(
  lines: readonly string[],
  expect: Expectation,
  stage: Stage,
): string | undefined {
  if (typeof expect === "function") return expect(lines, stage);
  const length = Math.max(lines.length, expect.length);
  for (let index = 0; index < length; index++) {
    const got = lines[index];
    const wanted = expect[index];
    if (got !== wanted) {
      return [
        `Line ${index + 1} of the output is not what it should be.`,
        `should be: ${wanted ?? "(no line)"}`,
        `is:        ${got ?? "(no line)"}`,
      ].join("\n");
    }
  }
  return undefined;
}

function choose(
  chapters: readonly Chapter[],
  options: Options,
): readonly Chapter[] {
  const chosen = options.chapters.map((word) => {
    const chapter = /^\d+$/.test(word)
      ? chapters[Number(word) - 1]
      : chapters.find((each) => each.name === word);
    if (chapter === undefined) {
      const names = chapters.map((each) => each.name).join(", ");
      throw new UsageError(
        `There is no chapter ${JSON.stringify(word)}. The chapters are ${names}.`,
      );
    }
    return chapter;
  });
  if (
    options.height !== null &&
    chosen.length > 0 &&
    !chosen.some((each) => each.name === "tower")
  ) {
    throw new UsageError(
      '--height is for the chapter "tower": npm run tour -- tower --height 5',
    );
  }
  return chosen.length === 0 ? chapters : chosen;
}

function list(chapters: readonly Chapter[], narrator: Narrator): void {
  const nameWidth = Math.max(...chapters.map((each) => each.name.length));
  chapters.forEach((chapter, index) => {
    const number = String(index + 1).padStart(2);
    const start = `${number}  ${chapter.name.padEnd(nameWidth)}  `;
    const room = Math.max(8, narrator.width - start.length);
    wrapProse(chapter.title, room).forEach((line, row) => {
      narrator.line(
        row === 0
          ? `${number}  ${narrator.paint.code(chapter.name.padEnd(nameWidth))}  ${line}`
          : " ".repeat(start.length) + line,
      );
    });
  });
}
