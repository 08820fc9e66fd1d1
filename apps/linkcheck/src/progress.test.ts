import { createTask, sleep, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { expect, it } from "vitest";
import { Findings } from "./findings.ts";
import { showProgress } from "./progress.ts";

it("shows how far it is, and leaves a clean line", () =>
  runVirtual(function* () {
    const findings = new Findings();
    const shown: string[] = [];
    const task = createTask(showProgress(findings, (text) => shown.push(text.replace("\r\x1b[K", "⇤"))));
    yield* sleep(50);
    findings.documents.push("a.md");
    findings.decide(findings.add("a.md", { target: "b", line: 1, column: 1 }), { state: "ok" });
    yield* sleep(100);
    task.cancel();
    yield* wait([task]);
    expect(shown).toEqual(["⇤0 documents, 0 of 0 links", "⇤1 documents, 1 of 1 links", "⇤"]);
  }));
