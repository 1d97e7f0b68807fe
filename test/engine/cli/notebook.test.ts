/** Where the characters of a notebook's cells stand in its file, however that is written. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Unreadable } from '../../../engine/cli/checkable.ts';
import { readNotebook } from '../../../engine/cli/notebook.ts';

const character = fc.constantFrom(..."ab =()[]#'", '"', '\\', '\t', '\n', 'é', '語', '😀', '/', '\u2028');
const text = fc.string({ unit: character, maxLength: 40 });

/** As Python's `json` writes it with `ensure_ascii`, and JavaScript's with a slash escaped now and then. */
const ascii = (json: string): string =>
  json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const lines = (source: string): string[] => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

describe('a notebook’s file', () => {
  it('has each character of its cells where it is said to be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ source: text, isCode: fc.boolean(), inLines: fc.boolean() }), { maxLength: 5 }),
        fc.constantFrom(undefined, 1, 4),
        fc.boolean(),
        (cells, indentation, isAscii) => {
          const notebook = {
            cells: cells.map(({ source, isCode, inLines }) => ({
              cell_type: isCode ? 'code' : 'markdown',
              outputs: [{ text: lines(source) }],
              source: inLines ? lines(source) : source,
            })),
            metadata: { kernelspec: { language: 'python' } },
          };
          const plain = JSON.stringify(notebook, undefined, indentation);
          const file = isAscii ? ascii(plain) : plain;
          const starts = [0, ...[...file.matchAll(/\n/g)].map(({ index }) => index + 1)];
          const checkable = readNotebook('a.ipynb', file)!;
          const code = cells.flatMap(({ source, isCode }, i) => (isCode ? [{ source, number: i + 1 }] : []));
          let from = 0;
          for (const { source, number } of code) {
            if (source === '') continue;
            // The document is Python that can be parsed: where that differs from the cell, places are the same.
            const start = startOf(number, from);
            for (let i = 0; i < source.length; i++) {
              const { line, column } = checkable.inFile(start + i);
              const at = starts[line - 1]! + column - 1;
              const raw = /^(\\u....|\\.|[\s\S])/.exec(file.slice(at))![0];
              assert.equal(JSON.parse(`"${raw}"`), source[i]);
            }
            from = start + source.length;
          }

          function startOf(number: number, after: number): number {
            for (let at = after; ; at++) {
              const place = checkable.shown(at);
              if (place.cell === number && place.line === 1 && place.column === 1) return at;
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is written so that JSON reads what was meant', () => {
    const { written } = readNotebook('a.ipynb', '{"cells": []}')!;
    fc.assert(fc.property(text, (source) => assert.equal(JSON.parse(`"${written(source)}"`), source)));
  });

  it('is left alone in another language, and refused where it is none', () => {
    const inR = '{"cells": [], "metadata": {"language_info": {"name": "R"}}}';
    assert.equal(readNotebook('a.ipynb', inR), undefined);
    for (const broken of ['', '[]', '{"cells": 3}', '{"worksheets": []}']) {
      assert.throws(() => readNotebook('a.ipynb', broken), Unreadable);
    }
  });
});
