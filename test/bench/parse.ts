/** Megabytes a second of `parseArray`, beside `JSON.parse` of the same text. */
import { parseArray } from '../../engine/node.ts';
import { table, write } from './report.ts';
import { digits, inTurns, ratio, tellRatio, timed } from './statistics.ts';

const count = 1_000_000;
const columns = 10;

/** A text of `count` numerals in rows of `columns`. */
function text(numeral: (index: number) => string): string {
  const rows: string[] = [];
  for (let row = 0; row < count / columns; row++) {
    rows.push(
      `[${Array.from({ length: columns }, (_, column) => numeral(row * columns + column)).join(', ')}]`,
    );
  }
  return `[${rows.join(',\n ')}]`;
}

function random(index: number): number {
  const product = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return (Math.imul(product ^ (product >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32;
}

const decimals = (index: number): string => (random(index) * 2 - 1).toFixed(4);

const literals: Readonly<Record<string, string>> = {
  'floats, 4 decimals': text(decimals),
  'floats, 17 digits': text((index) => String(random(index) + random(index + 7) / 2 ** 31)),
  'floats, 1.2345e-03': text((index) => (random(index) / 100).toExponential(4)),
  'labels 0 to 9': text((index) => String(Math.floor(random(index) * 10))),
  'as NumPy prints 4 decimals': text(decimals).replaceAll(',', ''),
};

export async function parsing(rounds: number): Promise<void> {
  const rows: string[][] = [];
  for (const [name, literal] of Object.entries(literals)) {
    const megabytes = literal.length / 1e6;
    const contestants: Record<string, () => Promise<number[]>> = {
      ours: () => timed(3, () => parseArray(literal)),
    };
    if (literal.includes(',')) contestants.json = () => timed(3, () => JSON.parse(literal));
    const { ours, json } = await inTurns(rounds, contestants);
    const speed = (times: readonly number[]): string => digits((megabytes / Math.min(...times)) * 1e3);
    rows.push([
      name,
      megabytes.toFixed(1),
      speed(ours!.flat()),
      json ? speed(json.flat()) : '–',
      json ? tellRatio(ratio(json, ours!)) : '–',
    ]);
  }
  table(['1 000 000 numbers', 'MB', 'parseArray, MB/s', 'JSON.parse, MB/s', 'ratio'], rows);
  write('Speeds are of the fastest run. Budget: 50 MB/s.');
}
