import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { PythonCells } from '../../../engine/recognise/index.ts';
import { small } from './symbols.ts';

const imports = 'import torch.nn as nn';

/** Of each cell, the names and classes of the losses in it. */
function found(...cells: string[]): string[][] {
  const notebook = new PythonCells(cells);
  const losses = small.findLosses(notebook.document, 'python');
  return cells.map((cell, i) => {
    const start = notebook.start(i);
    const inside = losses.filter((loss) => loss.start >= start && loss.end <= start + cell.length);
    return inside.map(
      (loss) => `${cell.slice(loss.start - start, loss.end - start)}:${loss.symbol.split('.').at(-1)}`,
    );
  });
}

describe('the cells of a notebook', () => {
  it('see what earlier ones import and assign', () => {
    deepEqual(found(imports, 'c = nn.HuberLoss()', 'c(a, b)', 'c = f\nc(a, b)', 'c(a, b)'), [
      [],
      ['HuberLoss:HuberLoss'],
      ['c:HuberLoss'],
      [],
      [],
    ]);
  });

  it('do not see what later ones do', () => {
    deepEqual(found(imports, 'c = nn.HuberLoss()', 'c(a, b)', 'c = nn.L1Loss()')[2], ['c:HuberLoss']);
  });

  it('are not taken in by one that is being typed', () => {
    for (const open of [
      'f(a, [b',
      'x = """abc',
      "x = 'abc",
      'x = {1: (2,',
      'if x:',
      'x = 1 + \\',
      '# (',
      "'('",
    ]) {
      deepEqual(found(imports, open, 'nn.HuberLoss()'), [[], [], ['HuberLoss:HuberLoss']], open);
    }
    deepEqual(found(imports, 'c = nn.HuberLoss(delta=', 'c(a, b)'), [
      [],
      ['HuberLoss:HuberLoss'],
      ['c:HuberLoss'],
    ]);
  });

  it('may hold what IPython reads itself', () => {
    deepEqual(found(`%matplotlib inline\n${imports}\n!pip install x (`, '  ?nn.HuberLoss\nnn.HuberLoss()'), [
      [],
      ['HuberLoss:HuberLoss'],
    ]);
    deepEqual(
      found(imports, '%%time\nnn.HuberLoss()', '%%bash\nnn.HuberLoss()', '%%timeit -n 3\nnn.L1Loss()'),
      [[], ['HuberLoss:HuberLoss'], [], ['L1Loss:L1Loss']],
    );
    deepEqual(found(imports, '\n %%bash\nnn.HuberLoss()', '!echo \\\n nn.HuberLoss()\nnn.L1Loss()'), [
      [],
      [],
      ['L1Loss:L1Loss'],
    ]);
    for (const continued of ['x = (a\n % nn.L1Loss)', 'x = a \\\n % nn.L1Loss', 'x = a \\\n% nn.L1Loss']) {
      deepEqual(found(imports, continued), [[], ['L1Loss:L1Loss']], continued);
    }
    deepEqual(found(imports, 'x = a  # \\\n% nn.L1Loss'), [[], []]);
  });

  it('keep every place where it was, and are found after edits as if they were new', () => {
    const cell = fc.string({
      unit: fc.constantFrom(...'a(["\'#\\\n %!nn.HuberLoss()'.split('')),
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 5 }), fc.array(cell, { maxLength: 5 }), (before, after) => {
        const notebook = new PythonCells([imports, ...before]);
        small.findLosses(notebook.document, 'python');
        notebook.update([imports, ...after]);
        const anew = new PythonCells([imports, ...after]);
        deepEqual(small.findLosses(notebook.document, 'python'), small.findLosses(anew.document, 'python'));
        for (const [i, text] of after.entries()) {
          const start = anew.start(i + 1);
          const there = anew.document.text.slice(start, start + text.length);
          equal(there.length, text.length);
          for (const [k, character] of [...text].entries()) {
            if (there[k] !== ' ') equal(there[k], character);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
