/**
 * What the checks report in a folder of other people's code: `node test/corpus/checks.ts FOLDER [--list]`.
 * Prints how many findings each check has; with `--list` every one of them, to be judged by hand.
 */
import { check } from '../../engine/checks/index.ts';
import { scriptsIn, sourcesIn } from './sources.ts';

const [folder, list] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/corpus/checks.ts FOLDER [--list]');

const counts = new Map<string, number>();
let files = 0;
let slowest = { path: '', milliseconds: 0 };
for (const source of [...sourcesIn(folder), ...scriptsIn(folder)]) {
  files++;
  const start = performance.now();
  const findings = check(source.text, source.language);
  const milliseconds = performance.now() - start;
  if (milliseconds > slowest.milliseconds) slowest = { path: source.path, milliseconds };
  for (const { code, start, end, message, fixes } of findings) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (!list) continue;
    console.log(`${code}\t${source.place(start)}\t${source.text.slice(start, end).replaceAll(/\s+/g, ' ')}`);
    console.log(`\t${message}\n\t${fixes.map(({ title }) => title).join(' | ')}`);
  }
}
for (const [code, count] of [...counts].sort()) console.log(`${code}: ${count}`);
console.log(`${files} files; the slowest took ${slowest.milliseconds.toFixed(0)} ms (${slowest.path})`);
