import { explore } from "@tsyncio/testing";
import { type Chapter, say } from "../chapter.ts";

export const chapter: Chapter = {
  name: "explore",
  title: "Finding a race before it finds you",
  source: import.meta.url,
  parts: [
    say(`
      Race ${typeof explore}.
    `),
  ],
};
