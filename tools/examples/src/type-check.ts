import { join } from "node:path";
import ts from "typescript";

/** The type errors of each file, by path; files without errors are left out. */
export function typeErrors(root: string, files: readonly string[]): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, root);
  const program = ts.createProgram([...files], {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    noEmit: true,
  });
  const wanted = new Set(files);
  const errors = new Map<string, string[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const { file, start } = diagnostic;
    if (file === undefined || !wanted.has(file.fileName)) continue;
    const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const message = `line ${line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
    errors.set(file.fileName, [...(errors.get(file.fileName) ?? []), message]);
  }
  return errors;
}

/** Everything that a module exports, values and types. */
export function exportsOf(root: string, modules: readonly string[]): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: modules }, ts.sys, root);
  const program = ts.createProgram([...modules], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  return new Map(
    modules.map((module): [string, string[]] => {
      const file = program.getSourceFile(module);
      const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
      return [module, symbol === undefined ? [] : checker.getExportsOfModule(symbol).map((exported) => exported.name)];
    }),
  );
}
