/**
 * Recognition against Python's own parser, over a folder of other people's code:
 * `node test/corpus/recognition.ts FOLDER [--misses | --instances N]`. The Python that it runs is $PYTHON, or `python3`.
 *
 * `--misses` lists where the two disagree; `--instances N` draws N of the instances that are recognised (`criterion(out, y)`,
 * which no parser resolves), with the line of each, to be judged by hand. The draw is the same for the same folder.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { explainedSymbols, symbols } from '../../engine/frameworks/index.ts';
import { findLosses } from '../../engine/recognise/index.ts';
import { type Source, sourcesIn } from './sources.ts';

const [folder, mode, amount] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/corpus/recognition.ts FOLDER [--misses | --instances N]');

const paths = Object.fromEntries(
  [...symbols, ...explainedSymbols]
    .filter(({ framework }) => framework !== 'tfjs')
    .flatMap(({ name, paths }) =>
      [name, ...paths].map((path) => [path.replace(/^tf\./, 'tensorflow.'), name]),
    ),
);
const sources = [...sourcesIn(folder)].map((source) => ({
  ...source,
  text: source.text.replaceAll('\r', ' '),
}));
const run = spawnSync(process.env.PYTHON ?? 'python3', [join(import.meta.dirname, 'names.py')], {
  input: JSON.stringify({ paths, sources: sources.map(({ text }) => text) }),
  encoding: 'utf8',
  maxBuffer: 2 ** 30,
});
if (run.status !== 0) throw new Error(`${run.error ?? run.stderr}`);
const answers = JSON.parse(run.stdout) as ([number, number, string][] | null)[];

let parsed = 0;
let agreed = 0;
const missed: string[] = [];
const extra: string[] = [];
const instances: string[] = [];
sources.forEach((source, index) => {
  const answer = answers[index];
  const losses = findLosses(source.text, 'python');
  for (const { kind, start, symbol } of losses) {
    if (kind === 'instance') instances.push(described(source, start, symbol));
  }
  if (!answer) return;
  parsed++;
  const named = losses.filter(({ kind, context }) => kind !== 'instance' && context === undefined);
  const found = new Map(named.map(({ start, symbol }) => [start, symbol]));
  const starts = lineStarts(source.text);
  for (const [line, column, symbol] of answer) {
    const start = starts[line - 1]! + column;
    if (found.get(start) === symbol) agreed++;
    else missed.push(described(source, start, symbol));
    found.delete(start);
  }
  for (const [start, symbol] of found) extra.push(described(source, start, symbol));
});

const uses = agreed + missed.length;
console.log(`${sources.length} sources, ${parsed} of which Python can parse`);
console.log(`${uses} uses of names by ast: ${agreed} found (${((100 * agreed) / uses).toFixed(2)} %)`);
console.log(`${extra.length} found that ast does not resolve; ${instances.length} instances`);
if (mode === '--misses') {
  for (const miss of missed) console.log(`missed\t${miss}`);
  for (const one of extra) console.log(`extra\t${one}`);
}
if (mode === '--instances') {
  for (const one of drawn(instances, Number(amount ?? 200))) console.log(one);
}

function described(source: Source, start: number, symbol: string): string {
  const from = source.text.lastIndexOf('\n', start - 1) + 1;
  const line = source.text.slice(from, source.text.indexOf('\n', start)).trim();
  return `${source.place(start)}\t${symbol}\t${line.slice(0, 160)}`;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A sample without repetition, by a generator with a fixed seed. */
function drawn(all: readonly string[], count: number): string[] {
  const rest = [...all].sort();
  const sample: string[] = [];
  let state = 12345;
  while (sample.length < count && rest.length > 0) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    sample.push(rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1)[0]!);
  }
  return sample.sort();
}
