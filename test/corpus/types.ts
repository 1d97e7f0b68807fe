/**
 * What the checks report with the types of a checker and not without, as the plugin does in VS Code:
 * `TFJS_HOME=… node test/corpus/types.ts FOLDER`, a folder with a folder a repository.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript-6';
import { Diagnoser } from '../../extension/tsserver-plugin/diagnose.ts';
import { programOf } from './program.ts';

const [folder] = process.argv.slice(2);
const home = process.env.TFJS_HOME;
if (!folder || !home) throw new Error('Usage: TFJS_HOME=… node test/corpus/types.ts FOLDER');

let files = 0;
let found = 0;
const diagnoser = new Diagnoser(ts);
for (const repository of readdirSync(folder).sort()) {
  const { program, paths } = programOf(join(folder, repository), home);
  for (const path of paths) {
    const file = program.getSourceFile(path);
    if (!file) continue;
    files++;
    let said: readonly ts.Diagnostic[] = [];
    try {
      said = program.getSemanticDiagnostics(file);
    } catch {
      console.log(`${relative(folder, path)}: TypeScript itself gives up`);
      continue;
    }
    for (const { start = 0, length = 0, messageText } of diagnoser.diagnostics(program, file.fileName, said, {
      report: 'across-files',
    })) {
      found++;
      const { line } = file.getLineAndCharacterOfPosition(start);
      const text = file.text.slice(start, start + length).replaceAll(/\s+/g, ' ');
      console.log(`${relative(folder, path).replaceAll('\\', '/')}:${line + 1}\t${text}\n\t${messageText}`);
    }
  }
}
console.log(`${files} files, ${found} findings`);
