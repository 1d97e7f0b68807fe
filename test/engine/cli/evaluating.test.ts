/** `loss-lens eval`, `explain` and `list`: what they print, write and refuse. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { array } from '../../../engine/array.ts';
import { npyOf } from '../../../engine/cli/npy.ts';
import { dispose, losses, symbols } from '../../../engine/node.ts';
import { inFolder, run } from './running.ts';

const pictures = path.resolve(import.meta.dirname, '../../golden/data/array-files');

describe('the command line, evaluating', () => {
  inFolder({
    'p.csv': '0.5\n0\n1\n10\n',
    't.json': '[0.0, 0, 0, 0]',
    'both.csv': 'prediction,target\n3,0\n0,4\n',
    'many.json': '{"a": [1.0, 2.0], "b": [3.0, 4.0]}',
    'classes.npy': npyOf(array(BigInt64Array.of(1n, 0n))),
  });
  after(() => dispose());

  it('prints the value and what it is made of', async () => {
    const { code, printed } = await run(
      ...['eval', 'torch.nn.HuberLoss', '--input', 'p.csv', '--target', 't.json', '--delta', '2'],
    );
    assert.equal(code, 0);
    assert.match(printed, /^value +4\.65625$/m);
    assert.match(printed, /^made of +18\.625 ÷ 4$/m);
    assert.match(printed, /^computed +by reference, in float32|float64$/m);
  });

  it('takes names by their beginning, and with either kind of line', async () => {
    const same = ['[1.0]', '[0.0]'];
    for (const [loss, pred, target] of [
      ['huber', '--pred', '--t'],
      ['keras.losses.Huber', '--y-pred', '--y_true'],
      ['keras.losses.Huber', '--y_p', '--y-t'],
    ] as const) {
      const { printed, noted } = await run('eval', loss, pred, same[0]!, target, same[1]!);
      assert.match(printed, /^value +0\.5$/m, noted);
    }
    const { code, noted } = await run('eval', 'keras.losses.Huber', '--y', '[1.0]');
    assert.equal(code, 2);
    assert.match(noted, /--y may be y_true or y_pred/);
  });

  it('finds in a file with several arrays the one of the input’s name, or the one that is named', async () => {
    const byRole = await run(
      'eval',
      'mean-absolute-error',
      '--pred',
      'both.csv',
      '--target',
      'both.csv',
      '--json',
    );
    assert.deepEqual(JSON.parse(byRole.printed).value.data, [3.5]);
    const named = await run(
      'eval',
      'mean-absolute-error',
      '--pred',
      'many.json#b',
      '--target',
      'many.json#a',
    );
    assert.match(named.printed, /^value +2$/m);
    const neither = await run('eval', 'mean-absolute-error', '--pred', 'many.json', '--target', 'many.json');
    assert.equal(neither.code, 2);
    assert.match(
      neither.noted,
      /many\.json holds several arrays\. Expected: --prediction many\.json#NAME, where NAME is a, b/,
    );
  });

  it('reads pictures', async () => {
    const picture = path.join(pictures, 'lossless.webp');
    const { code, printed, noted } = await run(
      'eval',
      'total-variation',
      '--image',
      `${picture}#intensities`,
      '--json',
    );
    assert.equal(code, 0, noted);
    assert.ok(JSON.parse(printed).value.data[0] > 0);
  });

  it('writes gradients, elements and values that it reads again', async () => {
    const inputs = ['--prediction', '[3.0, 0, -3]', '--target', '[0.0, 1, 0]'];
    const asked = [
      ...inputs,
      '--reduction',
      'none',
      '--gradient',
      'target=gt.npy',
      '--gradient',
      'prediction',
    ];
    const first = await run('eval', 'huber', ...asked, '--value', 'v.npy', '--elements', 'e.npy');
    assert.equal(first.code, 0, first.noted);
    assert.match(first.printed, /^value +\[2\.5, 0\.5, 2\.5\]$/m);
    assert.match(first.printed, /^gradient by prediction +\[1, -1, -1\]$/m);
    for (const [file, sum] of [
      ['v.npy', 5.5],
      ['e.npy', 5.5],
      ['gt.npy', 3],
    ] as const) {
      const again = await run(
        'eval',
        'mean-absolute-error',
        '--pred',
        file,
        '--t',
        '[0.0, 0, 0]',
        '--red',
        'sum',
      );
      assert.match(again.printed, new RegExp(`^value +${sum}$`, 'm'), file);
    }
    // As the format's description has it: 64 bytes before the numbers, which are little-endian.
    const bytes = readFileSync('v.npy');
    assert.equal(bytes.subarray(0, 6).toString('latin1'), '\x93NUMPY');
    assert.equal((10 + bytes.readUInt16LE(8)) % 64, 0);
    assert.equal(bytes.readDoubleLE(bytes.length - 24), 2.5);
  });

  it('says in JSON what is not finite', async () => {
    const { printed } = await run(
      ...[
        'eval',
        'mean-squared-error',
        '--pred',
        '[nan, 1.0]',
        '--target',
        '[0.0, 0]',
        '--gradient',
        'prediction',
      ],
      '--json',
    );
    const { value, gradients, nonFinite } = JSON.parse(printed);
    assert.deepEqual(value, { dtype: value.dtype, shape: [], data: ['nan'] });
    assert.deepEqual(gradients.prediction.data, ['nan', 1]);
    assert.deepEqual(nonFinite, { count: 1, first: [0] });
  });

  it('takes labels, negative numbers and none', async () => {
    const { code, noted } = await run(
      ...[
        'eval',
        'torch.nn.CrossEntropyLoss',
        '--input',
        '[[0.5, 1.0], [1.0, 0.0]]',
        '--target',
        'classes.npy',
      ],
      ...['--ignore_index', '-1', '--weight', '[1.0, 2.0]'],
    );
    assert.equal(code, 0, noted);
    const without = await run(
      'eval',
      'keras.losses.Huber',
      '--y_true',
      '[1.0]',
      '--y_pred',
      '[0.0]',
      '--reduction',
      'none',
    );
    assert.match(without.printed, /^value/);
  });

  for (const [what, words, code, message] of [
    ['a loss that there is not', ['eval', 'hubert'], 1, /knows no loss called 'hubert'/],
    [
      'a symbol that is only explained',
      ['eval', 'torch.nn.AdaptiveLogSoftmaxWithLoss'],
      1,
      /weights of its own/,
    ],
    ['no loss', ['eval', '--pred', 'p.csv'], 2, /The loss comes first/],
    [
      'an option that there is not',
      ['eval', 'huber', '--foo', '1'],
      2,
      /huber has no 'foo'\. Expected: --prediction, --target, --delta/,
    ],
    ['a missing input', ['eval', 'huber', '--pred', 'p.csv'], 1, /huber needs 'target'/],
    ['a missing file', ['eval', 'huber', '--pred', 'no.npy'], 1, /no\.npy: The file cannot be read/],
    ['what is neither file nor array', ['eval', 'huber', '--pred', 'abc'], 2, /neither a file nor an array/],
    [
      'shapes that differ',
      ['eval', 'huber', '--pred', 'p.csv', '--target', '[1.0]'],
      1,
      /Found: .*Expected: /,
    ],
    [
      'a parameter that is no number',
      ['eval', 'huber', '--delta', 'two'],
      2,
      /--delta is 'two'\. Expected: a number/,
    ],
    [
      'a parameter out of its bounds',
      ['eval', 'huber', '--pred', '[1.0]', '--target', '[1.0]', '--delta', '-1'],
      1,
      /above 0/,
    ],
    [
      'a reduction that there is not',
      ['eval', 'huber', '--reduction', 'average'],
      2,
      /Expected: mean, sum, none, batchmean/,
    ],
    [
      'a gradient by nothing',
      ['eval', 'huber', '--pred', '[1.0]', '--target', '[1.0]', '--gradient', 'delta'],
      2,
      /NAME is an input that is given: prediction, target/,
    ],
    ['a word that stands alone', ['eval', 'huber', 'p.csv'], 2, /'p\.csv' stands alone/],
    ['an option without its value', ['eval', 'huber', '--pred'], 2, /argument missing/],
    [
      'an element that there is not',
      ['explain', 'huber', '--pred', '[1.0]', '--target', '[1.0]', '--element', '7'],
      2,
      /Expected: 0 to 0/,
    ],
    ['a framework that there is not', ['list', '--framework', 'caffe'], 2, /Expected: torch, /],
    ['a command that there is not', ['evaluate'], 2, /Expected: eval, explain, list, check/],
  ] as const) {
    it(`refuses ${what} with exit code ${code} and a sentence`, async () => {
      const refused = await run(...words);
      assert.match(refused.noted, message);
      assert.equal(refused.code, code);
      assert.equal(refused.printed, '');
      assert.ok(!existsSync('out.npy'));
    });
  }

  it('explains the largest element, or the one that is asked for', async () => {
    const inputs = ['--pred', '[0.5, 3.0]', '--target', '[0.0, 0]'];
    const largest = await run('explain', 'huber', ...inputs);
    assert.match(largest.printed, /^\* mean +1\.3125$/m);
    assert.match(largest.printed, /Element \[1\][\s\S]+loss +.*= 2\.5$/m);
    assert.match(
      (await run('explain', 'huber', ...inputs, '--element', '0')).printed,
      /Element \[0\][\s\S]+= 0\.125$/m,
    );
  });

  it('lists the catalogue, and the symbols of a framework', async () => {
    const { printed } = await run('list');
    assert.equal(printed.split('\n').length, losses.length);
    const torch = symbols.filter(({ framework }) => framework === 'torch');
    assert.equal((await run('list', '--framework', 'torch')).printed.split('\n').length, torch.length);
    const json = JSON.parse((await run('list', '--json')).printed);
    assert.deepEqual(
      json.map(({ id }: { id: string }) => id),
      losses.map(({ id }) => id),
    );
  });

  it('helps: with every command, and with what a loss takes', async () => {
    for (const command of ['eval', 'explain', 'list', 'check']) {
      const { code, printed } = await run(command, '--help');
      assert.equal(code, 0);
      assert.match(printed, new RegExp(`^loss-lens ${command} .*\n\n[\\s\\S]*Exit code`), command);
      assert.match((await run('--help')).printed, new RegExp(`loss-lens ${command} `));
      for (const line of printed.split('\n')) assert.ok(line.length <= 120, line);
    }
    const { printed } = await run('eval', 'torch.nn.HuberLoss', '--help');
    assert.match(printed, /^Inputs\n {2}--input +.+\n {2}--target/m);
    assert.match(printed, /^Parameters\n[\s\S]*--delta +.+\(1\)$/m);
  });

  it('has no option that an input or a parameter is called by', () => {
    const own = new Set(['gradient', 'elements', 'value', 'json', 'backend', 'element']);
    for (const { inputs, parameters } of [...losses, ...symbols]) {
      for (const { name } of [...inputs, ...parameters]) assert.ok(!own.has(name), name);
    }
    for (const { parameters, inputs } of losses) {
      for (const { name } of [...inputs, ...parameters]) assert.notEqual(name, 'reduction');
    }
  });
});
