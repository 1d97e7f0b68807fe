/** Megabytes a second of `parseArray`, beside `JSON.parse` of the same text. Run with: node test/bench/parse.ts */
import { parseArray } from '../../engine/formats/text.ts';

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

/** The best of several runs, in milliseconds. */
function best(run: () => unknown): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < 7; repetition++) {
    const start = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

const literals: Readonly<Record<string, string>> = {
  'floats, 4 decimals': text((index) => (random(index) * 2 - 1).toFixed(4)),
  'floats, 17 digits': text((index) => String(random(index) + random(index + 7) / 2 ** 31)),
  'floats, 1.2345e-03': text((index) => (random(index) / 100).toExponential(4)),
  'labels 0 to 9': text((index) => String(Math.floor(random(index) * 10))),
};

for (const [name, literal] of Object.entries(literals)) {
  const megabytes = literal.length / 1e6;
  const ours = best(() => parseArray(literal));
  const json = best(() => JSON.parse(literal));
  console.log(
    `${name.padEnd(20)} ${megabytes.toFixed(1).padStart(5)} MB  parseArray ${((megabytes / ours) * 1e3).toFixed(0).padStart(4)} MB/s (${ours.toFixed(0)} ms)` +
      `  JSON.parse ${((megabytes / json) * 1e3).toFixed(0).padStart(4)} MB/s  ratio ${(json / ours).toFixed(2)}`,
  );
}
const printed = literals['floats, 4 decimals']!.replaceAll(',', '');
const ours = best(() => parseArray(printed));
console.log(`printed by NumPy (blanks): ${(printed.length / ours / 1e3).toFixed(0)} MB/s`);
