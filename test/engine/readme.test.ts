/** What the README says in figures. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { goldensBySymbol } from '../golden/goldens.ts';

const root = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const cells = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the figures of the README', () => {
  const readme = read('README.md');

  it('count the answers of the libraries, and their symbols', () => {
    const goldens = goldensBySymbol();
    const answers = [...goldens.values()].reduce((count, { length }) => count + length, 0);
    const [, said, symbols] = /\*\*Exact\*\*: ([\d ]+) answers .*, for (\d+) of their symbols/.exec(readme)!;
    assert.deepEqual([Number(said!.replaceAll(' ', '')), Number(symbols)], [answers, goldens.size]);
  });

  it('are the means of docs/BENCHMARKS.md', () => {
    const lines = read('docs/BENCHMARKS.md').split('\n');
    const at = lines.findIndex((line) => line.startsWith('| geometric mean'));
    const titles = cells(lines.slice(0, at).findLast((line) => line.includes('ours, ms'))!);
    const means = cells(lines[at]!).flatMap((cell, i) => {
      const name = titles[i - 1]?.replace(/, ms$/, '');
      return cell.includes(';') && name ? [[name, Number(Number.parseFloat(cell).toPrecision(2))]] : [];
    });
    const start = readme.indexOf('| against |');
    const table = readme.slice(start, readme.indexOf('\n\n', start)).split('\n').slice(2);
    assert.ok(means.length >= 5);
    assert.deepEqual(
      table.map((row) => [cells(row)[0], Number(cells(row)[1])]),
      means,
    );
  });
});

describe('the pictures of the README and of the plots', () => {
  it('are there, and no other', () => {
    const shown = ['README.md', 'docs/PLOTS.md'].flatMap((page) =>
      [...read(page).matchAll(/!\[[^\]]+\]\((.+?)\)/g)].map(
        ([, image]) => new URL(image!, new URL(page, root)).pathname,
      ),
    );
    const there = globSync('docs/images/**/*.{png,gif}', { cwd: root }).map(
      (name) => new URL(name, root).pathname,
    );
    assert.deepEqual(shown.sort(), there.sort());
  });
});

describe('the README of the demo', () => {
  it('names the files that are there, and no other', () => {
    const named = [...read('demo/README.md').matchAll(/`([\w/]+\.\w+)`/g)]
      .map(([, file]) => file!)
      .filter((name) => !/^(torch|nn)\./.test(name));
    const there = globSync('**/*.*', { cwd: new URL('demo/', root) }).map((file) =>
      file.replaceAll('\\', '/'),
    );
    // What the examples are checked with, not looked at.
    const aside = ['README.md', 'tfjs.d.ts', 'tsconfig.json'];
    assert.deepEqual([...new Set(named)].sort(), there.filter((file) => !aside.includes(file)).sort());
  });
});
