// #region fine
import {
  again,
  type Chapter,
  compare,
  example,
  port,
  python,
  say,
  show,
} from "../src/chapter.ts";
import { print } from "../src/print.ts";

// #endregion

// #region lines
export const hello = () => print("hello");
// #endregion

/** A small chapter whose two examples are as told. */
export const fine: Chapter = {
  name: "fine",
  title: "A chapter that is as it says",
  source: import.meta.url,
  parts: [
    say("Some `code in words`.\n\n And a second paragraph."),
    example("lines", hello, ["hello"]),
    example("lines", hello, ["hello"]),
  ],
};

/** A chapter that promises what does not come. */
export const wrong: Chapter = {
  name: "wrong",
  title: "A chapter that is not as it says",
  source: import.meta.url,
  parts: [example("lines", hello, ["good bye"])],
};

/** A chapter with a piece of every other kind. */
export const kinds: Chapter = {
  name: "kinds",
  title: "A chapter with all kinds of pieces",
  source: import.meta.url,
  parts: [
    show("lines"),
    again(hello, ["hello"]),
    compare(
      example("lines", hello, ["hello"]),
      python('print("hello")', ["hello"]),
    ),
    port(python('print("bye")', ["bye"])),
  ],
};

/** A chapter whose comparison is not as it says. */
export const unequal: Chapter = {
  name: "unequal",
  title: "A chapter that compares badly",
  source: import.meta.url,
  parts: [
    compare(
      example("lines", hello, ["good bye"]),
      python('print("hello")', ["hello"]),
    ),
  ],
};

/** A chapter whose example throws. */
export const failing: Chapter = {
  name: "failing",
  title: "A chapter that fails",
  source: import.meta.url,
  parts: [
    example("lines", () => {
      throw new Error("out of paint");
    }, []),
  ],
};

/** A chapter that ends only when the reader leaves, and cleans up then. */
export const endless: Chapter = {
  name: "endless",
  title: "A chapter without end",
  source: import.meta.url,
  parts: [
    example(
      "lines",
      async ({ signal }) => {
        print("ready");
        const alive = setInterval(() => {}, 1000);
        await new Promise((leave) =>
          signal.addEventListener("abort", leave),
        );
        clearInterval(alive);
        print("cleaned up");
      },
      ["ready", "never"],
    ),
    example("lines", hello, ["hello"]),
  ],
};
