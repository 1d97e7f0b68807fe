/**
 * What the checks report with the types of a checker and not without, as the plugin does in VS Code:
 * `TFJS_HOME=… node test/corpus/types.ts FOLDER…`, folders with a folder a repository. Of a repository are read the
 * scripts that mention TensorFlow.js and what they import, with the paths of its own `tsconfig.json` and none of its
 * packages but TensorFlow.js, for at most two minutes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript-6';
import { Diagnoser } from '../../extension/tsserver-plugin/diagnose.ts';
import { programsOf } from './program.ts';
import { languageOfScript } from './sources.ts';

const longest = 120_000;
const mentions = /@tensorflow\/tfjs|\btf\./;
/** Of a library that is packed into one file, nothing is judged. */
const packed = /.{2000}/;

const folders = process.argv.slice(2);
const home = process.env.TFJS_HOME;
if (folders.length === 0 || !home) throw new Error('Usage: TFJS_HOME=… node test/corpus/types.ts FOLDER…');

const diagnoser = new Diagnoser(ts);
const total = { repositories: 0, files: 0, findings: 0, late: 0 };
for (const folder of folders) {
  for (const name of readdirSync(folder).sort()) report(join(folder, name), home);
}
console.log(JSON.stringify(total));

function report(root: string, home: string): void {
  const start = performance.now();
  const scripts = scriptsOf(root);
  let left = scripts.length;
  total.repositories++;
  for (const { program, paths } of programsOf(root, scripts, home)) {
    for (const path of paths) {
      if (performance.now() - start > longest) break;
      left--;
      const file = program.getSourceFile(path);
      if (file) look(root, program, file);
    }
  }
  if (left > 0) {
    total.late++;
    console.log(`${relative(dirname(root), root)}: ${left} of ${scripts.length} files not looked at in time`);
  }
}

function scriptsOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => languageOfScript(path) !== undefined && !/(^|\/)node_modules\//.test(path))
    .sort()
    .map((path) => join(root, path))
    .filter((path) => {
      const text = readFileSync(path, 'utf8');
      return mentions.test(text) && !packed.test(text);
    });
}

function look(root: string, program: ts.Program, file: ts.SourceFile): void {
  total.files++;
  const reported = (said: readonly ts.Diagnostic[]) =>
    diagnoser.diagnostics(program, file.fileName, said, { report: 'across-files' });
  // Most files have none: TypeScript is asked for what it says itself only of those that have.
  if (reported([]).length === 0) return;
  for (const { start = 0, length = 0, messageText } of reported(program.getSemanticDiagnostics(file))) {
    total.findings++;
    const { line } = file.getLineAndCharacterOfPosition(start);
    const text = file.text.slice(start, start + length).replaceAll(/\s+/g, ' ');
    const place = relative(dirname(root), file.fileName).replaceAll('\\', '/');
    console.log(`${place}:${line + 1}\t${text}\n\t${messageText}`);
  }
}
