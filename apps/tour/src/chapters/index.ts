import type { Chapter } from "../chapter.ts";
import { chapter as cancel } from "./cancel.ts";
import { chapter as errors } from "./errors.ts";
import { chapter as explore } from "./explore.ts";
import { chapter as files } from "./files.ts";
import { chapter as group } from "./group.ts";
import { chapter as hog } from "./hog.ts";
import { chapter as hooks } from "./hooks.ts";
import { chapter as lazy } from "./lazy.ts";
import { chapter as lock } from "./lock.ts";
import { chapter as loop } from "./loop.ts";
import { chapter as loops } from "./loops.ts";
import { chapter as promise } from "./promise.ts";
import { chapter as pubsub } from "./pubsub.ts";
import { chapter as rebuild } from "./rebuild.ts";
import { chapter as shield } from "./shield.ts";
import { chapter as sleep } from "./sleep.ts";
import { chapter as stack } from "./stack.ts";
import { chapter as state } from "./state.ts";
import { chapter as task } from "./task.ts";
import { chapter as timeout } from "./timeout.ts";
import { chapter as tower } from "./tower.ts";
import { chapter as workers } from "./workers.ts";

/** The tour, in the order it is told. */
export const chapters: readonly Chapter[] = [
  sleep,
  loop,
  hog,
  promise,
  task,
  lazy,
  state,
  errors,
  stack,
  loops,
  pubsub,
  hooks,
  rebuild,
  tower,
  cancel,
  timeout,
  group,
  shield,
  lock,
  explore,
  workers,
  files,
];
