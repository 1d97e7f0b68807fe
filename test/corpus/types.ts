/**
 * What the checks report with the types of a checker and not without, as the plugin does in VS Code:
 * `TFJS_HOME=… node test/corpus/types.ts FOLDER…`, folders with a folder a repository. Of a repository are read the
 * scripts that mention TensorFlow.js and what they import, with the paths of its own `tsconfig.json` and none of its
 * packages but TensorFlow.js, for at most two minutes.
 */
import { spawnSync } from 'node:child_process';
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

const [first, ...others] = process.argv.slice(2);
const home = process.env.TFJS_HOME;
if (!first || !home) throw new Error('Usage: TFJS_HOME=… node test/corpus/types.ts FOLDER…');
if (first === '--repository') report(others[0]!, home);
else all([first, ...others]);

function all(folders: readonly string[]): void {
  let repositories = 0;
  let given = 0;
  for (const folder of folders) {
    for (const name of readdirSync(folder).sort()) {
      repositories++;
      const parameters = [import.meta.filename, '--repository', join(folder, name)];
      const { stdout, stderr, status } = spawnSync(process.execPath, parameters, {
        encoding: 'utf8',
        timeout: longest,
      });
      process.stdout.write(stdout);
      if (status === 0) continue;
      given++;
      console.log(`${name}: ${status === null ? 'not finished in time' : stderr.trim().split('\n').at(-1)}`);
    }
  }
  console.log(`${repositories} repositories, ${given} of them given up`);
}

function report(root: string, home: string): void {
  const start = performance.now();
  const scripts = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => languageOfScript(path) !== undefined && !/(^|\/)node_modules\//.test(path))
    .sort()
    .map((path) => join(root, path))
    .filter((path) => {
      const text = readFileSync(path, 'utf8');
      return mentions.test(text) && !packed.test(text);
    });
  let found = 0;
  for (const { program, paths } of programsOf(root, scripts, home)) {
    const diagnoser = new Diagnoser(ts);
    for (const path of paths) {
      const file = program.getSourceFile(path);
      if (!file) continue;
      const reported = (said: readonly ts.Diagnostic[]) =>
        diagnoser.diagnostics(program, file.fileName, said, { report: 'across-files' });
      // Most files have none: TypeScript is asked for what it says itself only of those that have.
      if (reported([]).length === 0) continue;
      for (const { start = 0, length = 0, messageText } of reported(program.getSemanticDiagnostics(file))) {
        found++;
        const { line } = file.getLineAndCharacterOfPosition(start);
        const text = file.text.slice(start, start + length).replaceAll(/\s+/g, ' ');
        const place = relative(dirname(root), path).replaceAll('\\', '/');
        console.log(`${place}:${line + 1}\t${text}\n\t${messageText}`);
      }
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${relative(dirname(root), root)}: ${scripts.length} files, ${found} findings, ${seconds} s`);
}
