import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseArray } from '../../../../engine/formats/text.ts';
import { assignedName, callAt } from '../../../../engine/recognise/index.ts';
import type { LossCall } from '../../../../engine/recognise/recognised.ts';
import { marked } from '../symbols.ts';

const imports = "import * as tf from '@tensorflow/tfjs';\nconst { losses, Reduction } = tf;\n";

function call(text: string): LossCall | undefined {
  const { source, offset } = marked(imports + text);
  return callAt(source, offset, 'typescript');
}

/** The arguments as `name=literal`, `name~text` for an unknown variable, `name?text` for anything else. */
function arrays(text: string): string[] | undefined {
  return call(text)?.arguments.map(({ name, text: written, kind, literal }) => {
    if (literal !== undefined) return `${name}=${literal}`;
    return `${name}${kind === 'variable' ? '~' : '?'}${written}`;
  });
}

describe('the loss call at an offset in TypeScript', () => {
  const text = (marks: string) => {
    const { source } = marked(imports + marks);
    const found = call(marks);
    return found && source.slice(found.start, found.end);
  };

  it('is the innermost around it, else the nearest on its line', () => {
    equal(text('tf.losses.logLoss(|a, b)'), 'tf.losses.logLoss(a, b)');
    equal(text('tf.losses.logLoss(a, tf.losses.huberLoss(b|, c))'), 'tf.losses.huberLoss(b, c)');
    equal(text('const x| = tf.losses.logLoss!(a, b);'), 'tf.losses.logLoss!(a, b)');
    equal(text('tf.losses.logLoss(a, b);\nconst x| = 1;'), undefined);
    equal(text('[tf.losses.|logLoss]'), 'tf.losses.logLoss');
  });
});

describe('the arrays of a loss call in TypeScript', () => {
  it('go by position, and undefined is none', () => {
    deepEqual(arrays('losses.meanSquaredError(|[1], [2], [3])'), [
      'labels=[1]',
      'predictions=[2]',
      'weights=[3]',
    ]);
    deepEqual(arrays('losses.huberLoss(|[1], [2], undefined, 2)'), ['labels=[1]', 'predictions=[2]']);
    deepEqual(arrays('losses.huberLoss(|[1], [2], null)'), ['labels=[1]', 'predictions=[2]']);
    deepEqual(arrays('tf.metrics.mse(|[1], [2])'), ['yTrue=[1]', 'yPred=[2]']);
  });

  const literal = (text: string) => arrays(`losses.logLoss(|${text}, y)`)?.[0]?.replace(/^labels/, '');

  it('are literals, tensors of them, and typed arrays, in a form that parseArray reads', () => {
    for (const [text, expected, dtype, shape, data] of [
      ['[[1, -2], [3e-4, .5]]', '[[1, -2], [3e-4, .5]]', 'float64', [2, 2], [1, -2, 3e-4, 0.5]],
      ['[1., 1_000, NaN, -Infinity, Number.NaN]', undefined, 'float64', [5], [1, 1000, NaN, -Infinity, NaN]],
      ['[1, /* a, b */ 2, // c\n]', '[1,            2,     \n]', 'int64', [2], [1n, 2n]],
      ['tf.tensor2d([[1, 2], [3, 4]])', undefined, 'float32', [2, 2], [1, 2, 3, 4]],
      ["tf.tensor1d([0, 1], 'int32')", "tf.tensor1d([0, 1], dtype='int32')", 'int32', [2], [0, 1]],
      [
        'tf.tensor([1, 2, 3, 4], [2, 2])',
        'tf.tensor([1, 2, 3, 4], shape=[2, 2])',
        'float32',
        [2, 2],
        [1, 2, 3, 4],
      ],
      ["tensor2d([[1]], undefined, 'int32')", "tf.tensor2d([[1]], dtype='int32')", 'int32', [1, 1], [1]],
      ['x.y.scalar(-3)', 'tf.scalar(-3)', 'float32', [], [-3]],
      ['tf.variable(tf.tensor1d([1]))', 'tf.tensor1d([1])', 'float32', [1], [1]],
      ['tf.tensor1d([1]).clone()', 'tf.tensor1d([1])', 'float32', [1], [1]],
      ['new Float32Array([1, 2])', 'Float32Array([1, 2])', 'float32', [2], [1, 2]],
      ['tf.tensor1d(new Int32Array([1]))', 'tf.tensor1d(Int32Array([1]))', 'int32', [1], [1]],
      ['[1, 2] as number[]', '[1, 2]', 'int64', [2], [1n, 2n]],
      ['2.5', '2.5', 'float64', [], [2.5]],
    ] as const) {
      const found = literal(text);
      equal(found, `=${expected ?? text}`);
      const array = parseArray(found!.slice(1));
      deepEqual([array.dtype, array.shape, [...array.data]], [dtype, shape, data], text);
    }
  });

  it('are asked for where the source does not say what they hold', () => {
    for (const text of [
      'model.predict(x)',
      'tf.ones([3])',
      'x[0]',
      '[a, 1]',
      '[...a, 1]',
      'tf.tensor1d([1]).reshape([1, 1])',
      'new Float32Array(3)',
      'tf.tensor1d(x)',
      'tf.tensor2d([1, 2], shape)',
      '[1n]',
      '[0x10]',
      "['1']",
      'x + 1',
      '`1`',
    ]) {
      equal(literal(text), `?${text}`);
    }
    equal(literal('batch.x'), '~batch.x');
  });

  it('are followed through variables', () => {
    deepEqual(arrays('const x = [1];\nconst y = tf.tensor1d(x), z = x;\nlosses.logLoss(|z, x)'), [
      'labels=[1]',
      'predictions=[1]',
    ]);
    deepEqual(arrays('let x = [1];\nx = [2];\nlosses.logLoss(|x, y)'), ['labels=[2]', 'predictions~y']);
    deepEqual(arrays('const x = [1];\nfunction f() { losses.logLoss(|x, y) }'), [
      'labels=[1]',
      'predictions~y',
    ]);
  });

  it('are not guessed where a variable may hold something else', () => {
    for (const [why, before] of Object.entries({
      'a condition': 'let x = [1]; if (a) x = [2];',
      'changed by arithmetic': 'let x = [1]; x += 1;',
      'an element set': 'const x = [1]; x[0] = 2;',
      'a method that changes it': 'const x = [1]; x.push(2);',
      'something computed': 'let x = [1]; x = f(x);',
      'a loop variable': 'let x; for (x of xs);',
      'a parameter': 'function f(x) {} var x;',
      'assigned by a pattern': 'let x = [1]; [x] = [[2]];',
      'assigned elsewhere': 'let x = [1]; function f() { x = [2]; }',
    })) {
      deepEqual(arrays(`${before}\nlosses.logLoss(|x, y)`), ['labels~x', 'predictions~y'], why);
    }
    deepEqual(arrays('let x = [1]; for (;;) { losses.logLoss(|x, y); x = f(x); }'), [
      'labels~x',
      'predictions~y',
    ]);
    deepEqual(arrays('let x = [1]; const f = () => losses.logLoss(|x, y); x = [2];'), [
      'labels~x',
      'predictions~y',
    ]);
  });

  it('are nobody knows which behind spread ones', () => {
    const found = call('losses.huberLoss(|a, ...b, 2)')!;
    deepEqual(
      found.arguments.map(({ name }) => name),
      ['labels'],
    );
    deepEqual(found.unread, [
      { name: '...', text: 'b' },
      { name: 'argument 3', text: '2' },
    ]);
  });
});

describe('the options of a loss call in TypeScript', () => {
  const delta = (text: string) => call(`losses.huberLoss(|a, b, undefined, ${text})`);

  it('are read where they are constants', () => {
    for (const [text, value] of [
      ['1e-3', 1e-3],
      ['-2', -2],
      ['1 / 4', 0.25],
      ['2 ** -1', 0.5],
      ['1_000', 1000],
      ['Infinity', Infinity],
      ['-Infinity', -Infinity],
      ['NaN', NaN],
      ['0x10', 16],
    ] as const) {
      deepEqual(delta(text)?.options, { delta: value }, text);
    }
    deepEqual(call('const D = 0.5;\nlosses.huberLoss(|a, b, undefined, 2 * D)')?.options, { delta: 1 });
    deepEqual(delta('undefined')?.options, {});
  });

  it('are named as unread where they are not', () => {
    for (const text of ['options.delta', 'f(1)', 'x', '`2`']) {
      deepEqual([delta(text)?.options, delta(text)?.unread], [{}, [{ name: 'delta', text }]], text);
    }
  });

  it('are the reductions by name, by enumeration and by number', () => {
    for (const text of ['tf.Reduction.SUM', 'Reduction.SUM', '2', "'SUM'"]) {
      deepEqual(
        call(`losses.logLoss(|a, b, undefined, undefined, ${text})`)?.options,
        { reduction: 'SUM' },
        text,
      );
    }
  });
});

describe('the name of a selected literal in TypeScript', () => {
  const assigned = (text: string): [string | undefined, string] => {
    const [before = '', selected = '', after = ''] = text.split('|');
    const source = before + selected + after;
    const { name, start, end } = assignedName(
      source,
      before.length,
      before.length + selected.length,
      'typescript',
    );
    return [name, source.slice(start, end)];
  };

  it('is the variable, property or field that takes it, and the range that of its tensor', () => {
    deepEqual(assigned('const pred = |[1, 2]|;'), ['pred', '[1, 2]']);
    deepEqual(assigned('const a = 1, pred: number[] = |[1, 2]|;'), ['pred', '[1, 2]']);
    deepEqual(assigned('const pred = tf.tensor1d(|[1, 2]|);'), ['pred', 'tf.tensor1d([1, 2])']);
    deepEqual(assigned('const pred = |tf.tensor1d([1, 2])|.toFloat();'), ['pred', 'tf.tensor1d([1, 2])']);
    deepEqual(assigned('this.pred = |[1]|;'), ['pred', '[1]']);
    deepEqual(assigned("f({ 'pred': |[1]|, b: 2 })"), ['pred', '[1]']);
    deepEqual(assigned('class A { pred = |[1]|; }'), ['pred', '[1]']);
    deepEqual(assigned('const pred = [|[1]|, [2]];'), ['pred', '[1]']);
    deepEqual(assigned('f(|[1]|)'), [undefined, '[1]']);
    deepEqual(assigned('| |'), [undefined, '']);
  });
});
