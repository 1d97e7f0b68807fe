import { deepEqual, equal, ok } from 'node:assert/strict';
import { Tree, type TreeBuffer } from '@lezer/common';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { symbols } from '../../../engine/frameworks/index.ts';
import { assignedName, callAt, findLosses, lossAt, PythonDocument } from '../../../engine/recognise/index.ts';
import { small } from './symbols.ts';

const nn = 'import torch.nn as nn\n';

/** The trees and buffers that a syntax tree is made of. */
function partsOf(tree: Tree): (Tree | TreeBuffer)[] {
  return tree.children.flatMap((part) => (part instanceof Tree ? [part, ...partsOf(part)] : [part]));
}

function treesOf(document: PythonDocument): (Tree | TreeBuffer)[] {
  return document.parts.flatMap((_, part) => partsOf(document.tree(part)));
}

describe('a Python document', () => {
  const text = Array.from(
    { length: 200 },
    (_, i) => `def f${i}(a, b):\n  c = nn.MSELoss()\n  return c(a, b)\n`,
  );
  const long = nn + text.join('');

  it('is analysed anew after an edit', () => {
    const document = new PythonDocument(`${nn}nn.MSELoss()`);
    equal(small.findLosses(document, 'python').length, 1);
    document.update(`${nn}nn.MSELoss(), nn.L1Loss()`);
    equal(small.findLosses(document, 'python').length, 2);
    document.update('import torch.nn as mm\nnn.MSELoss(), nn.L1Loss()');
    equal(small.findLosses(document, 'python').length, 0);
  });

  it('finds after any edits what it finds in the new text', () => {
    const edit = fc.record({
      at: fc.nat(),
      removed: fc.nat(60),
      inserted: fc.constantFrom(
        '',
        '(',
        ')',
        '[',
        "'",
        '"""',
        '#',
        '\n',
        '\n  ',
        'nn = 1\n',
        '1.',
        ':',
        'nn.L1Loss(',
        '🙂',
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        let current = long.slice(0, 2000);
        const document = new PythonDocument(current);
        for (const { at, removed, inserted } of edits) {
          const start = at % (current.length + 1);
          current = current.slice(0, start) + inserted + current.slice(start + removed);
          document.update(current);
          small.findLosses(document, 'python');
        }
        deepEqual(
          small.findLosses(document, 'python'),
          small.findLosses(new PythonDocument(current), 'python'),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('is not parsed again where it did not change', () => {
    const document = new PythonDocument(long);
    const before = new Set(treesOf(document));
    document.update(`${long.slice(0, -3)}d)\n`);
    const after = treesOf(document);
    const kept = after.filter((part) => before.has(part)).length;
    ok(kept > after.length / 2, `${kept} of ${after.length} parts kept`);
  });

  it('can be parsed in pieces', () => {
    const document = new PythonDocument(long.repeat(20));
    let pieces = 1;
    while (!document.parse(0)) pieces++;
    ok(pieces > 10, `${pieces} pieces`);
    equal(document.complete, true);
    document.update(`${long.repeat(20)}c = nn.MSELoss()\n`);
    document.parse(0);
    document.update(`${nn}c = nn.L1Loss()\n`);
    deepEqual(
      small.findLosses(document, 'python').map(({ symbol }) => symbol),
      ['torch.nn.L1Loss'],
    );
  });

  it('says when it is too large to be read to its end, and finds what it has read', () => {
    equal(new PythonDocument(long).complete, true);
    const document = new PythonDocument(nn + 'nn.MSELoss()\n'.repeat(400_000));
    equal(document.complete, false);
    const found = small.findLosses(document, 'python').length;
    ok(found > 10_000 && found < 400_000, String(found));
  });
});

describe('recognition in hostile text', () => {
  const hostile: Record<string, string> = {
    'one line of a million characters': `${nn}x = ${'f(a, b) + '.repeat(100_000)}1`,
    'ten thousand nested parentheses': `${nn}x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\n`,
    'a hundred thousand open brackets': `${nn}x = ${'[{('.repeat(33_000)}`,
    'a long chain of attributes': `${nn}x = nn${'.a'.repeat(100_000)}`,
    'a long chain of calls': `${nn}x = nn.MSELoss${'()'.repeat(100_000)}`,
    'a long chain of aliases': nn + Array.from({ length: 20_000 }, (_, i) => `a${i} = a${i + 1}`).join('\n'),
    'names that are each other': `${nn}def f():\n  return a()\na = b\nb = a\nfor i in a:\n  c = d\n  d = c or nn.MSELoss\n`,
    'classes that are their own bases': `${nn}class A(B): pass\nclass B(A): pass\nA().x(1)\n`,
    'one name bound on many conditions': `${nn}c = 1\n${'if x:\n  c = c or nn\n'.repeat(20_000)}c.MSELoss`,
    'many alternatives': `${nn}if x:\n  c = nn\n${'elif x:\n  c = c(a)\n'.repeat(15_000)}c.MSELoss`,
    'many star imports': `${'from torch.nn import *\n'.repeat(10_000)}${'MSELoss()\n'.repeat(10_000)}`,
    'deep indentation': nn + Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}def f(a):`).join('\n'),
    'binary noise':
      nn + Array.from({ length: 200_000 }, (_, i) => String.fromCharCode((i * i * 7919) % 257)).join(''),
  };
  for (const [name, source] of Object.entries(hostile)) {
    it(`ends without an exception: ${name}`, () => {
      const document = new PythonDocument(source);
      const middle = source.length >> 1;
      small.findLosses(document, 'python');
      small.lossAt(document, middle);
      small.callAt(document, middle);
      assignedName(document, middle, middle + 5);
    });
  }

  it('ends without an exception: any text made of what Python is made of', () => {
    const pieces =
      "import from torch.nn as nn * ( ) [ ] { } : , . = := \n \n\t def class lambda for in if else try except with match case del global self. nn.MSELoss c # \" ''' f\" @ -> 1. async"
        .split(' ')
        .map((piece) => (/^\w/.test(piece) ? ` ${piece} ` : piece));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), fc.nat(200), (parts, offset) => {
        const source = nn + parts.join('');
        for (const loss of small.findLosses(source, 'python'))
          ok(loss.start < loss.end && loss.end <= source.length);
        small.lossAt(source, offset);
        small.callAt(source, offset);
        assignedName(source, offset, offset + 3);
      }),
      { numRuns: 500 },
    );
  });
});

describe("recognition of the engine's own symbols", () => {
  it('finds each under every path by which Python can import it', () => {
    const hidden = new Set(symbols.map(({ name }) => name));
    for (const symbol of symbols.filter(({ framework }) => framework !== 'tfjs')) {
      for (const path of [symbol.name, ...symbol.paths]) {
        const module = path.slice(0, path.lastIndexOf('.'));
        const name = path.slice(module.length + 1);
        // kornia has a function of the same name as the module that it is from, and hides that module by it.
        const source = hidden.has(module)
          ? `from ${module} import ${name}\n${name}(`
          : `import ${path.startsWith('tf.') ? 'tensorflow as tf' : module}\n${path}(`;
        const [loss] = findLosses(source, 'python');
        deepEqual([loss?.symbol, loss?.loss, loss?.kind], [symbol.name, symbol.loss, symbol.kind], path);
      }
    }
  });

  it("gives a call's options and arrays under the framework's names", () => {
    const source = `import torch\nc = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.]), reduction='sum')\nc([0.5], [1.])`;
    const call = callAt(source, source.length - 2)!;
    deepEqual(call.options, { reduction: 'sum' });
    deepEqual(
      call.arguments.map(({ name, literal }) => [name, literal]),
      [
        ['input', '[0.5]'],
        ['target', '[1.]'],
        ['pos_weight', 'torch.tensor([2.])'],
      ],
    );
    deepEqual(call.unread, []);
  });

  it('answers at definitions, and knows the ids of the catalogue', () => {
    equal(lossAt('from keras.losses import Huber', 28)?.symbol, 'keras.losses.Huber');
    equal(lossAt('def mine(a, b): # loss: hinge\n  pass', 6)?.loss, 'hinge');
    deepEqual(
      findLosses("import keras\nm.compile(loss='kld')", 'python')[0]?.symbol,
      'keras.losses.kl_divergence',
    );
    const named = (id: string) => findLosses(`import keras\nm.compile(loss='${id}')`, 'python')[0]?.symbol;
    equal(named('MAPE'), 'keras.losses.mean_absolute_percentage_error');
    equal(named('CosineSimilarity'), 'keras.losses.cosine_similarity');
    equal(named('logcosh'), 'keras.losses.log_cosh');
    equal(named('categorical_generalized_cross_entropy'), undefined);
  });
});

describe('long lists of numbers', () => {
  const numbers = Array.from({ length: 400 }, (_, i) => (i % 7 ? `${i}.5` : `-${i}e-3`));
  const literal = `[${[...numbers, "float('nan')", ...numbers].join(', ')}]`;
  const rows = `[[${numbers.join(',\n  ')},],\n [${numbers.join(', ')}]]`;
  const text = `from torch.nn import functional as F\npred = ${literal}\ny = ${rows}\nloss = F.mse_loss(pred, y)\n`;

  it('keep their text and every place after them', () => {
    const document = new PythonDocument(text);
    const at = text.lastIndexOf('mse_loss');
    const call = callAt(document, at);
    deepEqual(
      call?.arguments.map(({ name, literal }) => [name, literal]),
      [
        ['input', literal],
        ['target', rows],
      ],
    );
    equal(lossAt(document, at)?.start, at);
  });

  it('can be edited in the middle', () => {
    const document = new PythonDocument(text);
    callAt(document, text.lastIndexOf('mse_loss'));
    const edited = text.replace("float('nan')", '-1.5, 2.5');
    document.update(edited);
    const call = callAt(document, edited.lastIndexOf('mse_loss'));
    equal(call?.arguments[0]?.literal, literal.replace("float('nan')", '-1.5, 2.5'));
  });

  it('may be of blanks alone, or of one digit', () => {
    for (const few of ['', '1', '1,', '12']) {
      const blank = `x = [${few}${' \n'.repeat(200)}]\n${text}`;
      equal(
        lossAt(new PythonDocument(blank), blank.lastIndexOf('mse_loss'))?.start,
        blank.lastIndexOf('mse_loss'),
      );
    }
  });
});
