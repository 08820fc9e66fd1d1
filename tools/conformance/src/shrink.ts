import type { Comparison, Difference } from "./compare.ts";
import { type Block, type Program, type Statement, sizeOf } from "./language/program.ts";
import { firstDifference } from "./trace.ts";

/** Every program made by removing statements from one block, or by putting what is in a statement in its place. */
function* smaller(program: Program, chunk: number): Generator<Program> {
  const { runs } = program;
  if (runs !== undefined) {
    for (let number = 1; number < runs.length; number++) yield { ...program, runs: runs.toSpliced(number, 1) };
  }
  for (const [place, one] of program.functions.entries()) {
    for (const body of smallerBlocks(one.body, chunk)) {
      yield { ...program, functions: program.functions.with(place, { ...one, body }) };
    }
  }
}

function* smallerBlocks(block: Block, chunk: number): Generator<Block> {
  for (let start = 0; start < block.length; start += chunk) {
    if (chunk > 1 && start > 0 && start + chunk > block.length + chunk / 2) break;
    yield [...block.slice(0, start), ...block.slice(start + chunk)];
  }
  for (const [index, statement] of block.entries()) {
    for (const replacement of smallerStatements(statement, chunk)) {
      yield [...block.slice(0, index), ...replacement, ...block.slice(index + 1)];
    }
  }
}

function* smallerStatements(statement: Statement, chunk: number): Generator<Block> {
  if (chunk === 1) {
    for (const block of statement.blocks) if (block.length > 0) yield block;
    for (const given of simpler(statement)) yield [{ ...statement, given }];
  }
  for (const [index, block] of statement.blocks.entries()) {
    for (const inner of smallerBlocks(block, chunk)) {
      yield [{ ...statement, blocks: statement.blocks.map((other, place) => (place === index ? inner : other)) }];
    }
  }
}

function* simpler({ given }: Statement): Generator<Statement["given"]> {
  for (const [key, value] of Object.entries(given)) {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) yield { ...given, [key]: value.toSpliced(index, 1) };
    }
    if (key === "delay" && typeof value === "number" && value !== 0 && value !== 1) yield { ...given, delay: 1 };
    if (key === "message" && given.error === undefined && value !== null) yield { ...given, message: null };
    if (key === "final" && value === true && given.caught !== null) yield { ...given, final: false };
    if (key === "again" && value === true) yield { ...given, again: false };
  }
}

/**
 * Makes a differing program as small as it can while its traces still differ.
 *
 * @param fault The deliberate mistake they differ by.
 */
export async function shrink(comparison: Comparison, difference: Difference, fault?: string): Promise<Difference> {
  let best = difference;
  let chunk = 4;
  for (let rounds = 0; rounds < 200; rounds++) {
    const found = await firstDiffering(comparison, best, [...smaller(best.program, chunk)], fault);
    if (found !== undefined) best = found;
    else if (chunk > 1) chunk /= 2;
    else break;
  }
  return best;
}

async function firstDiffering(
  comparison: Comparison,
  { style, program }: Difference,
  candidates: readonly Program[],
  fault: string | undefined,
): Promise<Difference | undefined> {
  const size = JSON.stringify(program).length;
  const worth = candidates.filter((one) => JSON.stringify(one).length < size || sizeOf(one) < sizeOf(program));
  const batchSize = 25;
  for (let start = 0; start < worth.length; start += batchSize) {
    const batch = worth.slice(start, start + batchSize);
    const [{ traces }, actuals] = await Promise.all([comparison.ask(batch), comparison.try(batch, style, fault)]);
    for (const [index, one] of batch.entries()) {
      const expected = traces[index] as string[];
      const actual = actuals[index] as string[];
      if (firstDifference(expected, actual, style) !== undefined) return { program: one, style, expected, actual };
    }
  }
  return undefined;
}
