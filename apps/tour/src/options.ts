/** The reader asked for something the tour does not have; the message is for them. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Options {
  readonly help: boolean;
  readonly list: boolean;
  readonly step: boolean;
  /** null: as high as the chapter itself chooses. */
  readonly height: number | null;
  /** What was typed for chapters: names or numbers; empty for the whole tour. */
  readonly chapters: readonly string[];
}

const greatestHeight = 20;

export const usage = `A narrated tour of how async works. Every line of code you see is run, here and now.

  npm run tour                         the whole tour
  npm run tour -- <chapter> ...        only these, by name or number
  npm run tour -- --list               what chapters there are
  npm run tour -- --step               wait for a key after each piece (q leaves)
  npm run tour -- tower --height 5     build the tower that high (1 to ${greatestHeight})
  npm run tour -- --help               this text

Exit codes: 0 all is as told, 1 an output was not what the tour says, 2 bad usage,
130 stopped with Ctrl-C. Colours only on a terminal; NO_COLOR turns them off.`;

/**
 * Reads the command line.
 *
 * @throws UsageError on an option there is not, or a height that is none.
 */
export function readOptions(words: readonly string[]): Options {
  let help = false;
  let list = false;
  let step = false;
  let height: number | null = null;
  const chapters: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    // npm and pnpm hand their own "--" on.
    if (word === "--") continue;
    if (word === "--help" || word === "-h") help = true;
    else if (word === "--list") list = true;
    else if (word === "--step") step = true;
    else if (word === "--height") height = readHeight(words[++index]);
    else if (word.startsWith("--height=")) {
      height = readHeight(word.slice("--height=".length));
    } else if (word.startsWith("-")) {
      throw new UsageError(
        `There is no option ${word}. "npm run tour -- --help" lists them.`,
      );
    } else chapters.push(word);
  }
  return { help, list, step, height, chapters };
}

function readHeight(text: string | undefined): number {
  const height = text === undefined ? Number.NaN : Number(text);
  const given = text === undefined ? "nothing" : JSON.stringify(text);
  if (
    !/^\d+$/.test(text ?? "") ||
    height < 1 ||
    height > greatestHeight
  ) {
    throw new UsageError(
      `--height takes a whole number from 1 to ${greatestHeight}, and was given ${given}.`,
    );
  }
  return height;
}
