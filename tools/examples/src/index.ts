export { type Example, examplesInDocstrings, examplesInMarkdown } from "./extract.ts";
export { type ExpectedOutput, outputProblem, type Program, prepare } from "./prepare.ts";
export { type Run, runNode } from "./run.ts";
