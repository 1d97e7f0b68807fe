import assert from 'node:assert/strict';
import { LossLensError } from '../../../engine/errors.ts';
import { type Output, type PrintedArray, printedArrays } from '../../../engine/printed/index.ts';

/** `name: dtype [shape] first elements`, or the code of the refusal. */
function told({ name = '-', decimals, read }: PrintedArray): string {
  try {
    const { dtype, origin, shape, data } = read();
    const shown = Array.from({ length: Math.min(3, data.length) }, (_, index) => data[index]).join(' ');
    return `${name}: ${origin ?? dtype} [${shape.join(', ')}] ${shown}${decimals === undefined ? '' : ` (${decimals})`}`;
  } catch (error) {
    assert.ok(error instanceof LossLensError);
    return `${name}: ${error.code}`;
  }
}

function found(
  text: string,
  rest: Omit<Output, 'text' | 'kind'> & { readonly kind?: Output['kind'] } = {},
): string[] {
  return printedArrays({ kind: 'stream', text, ...rest }).map(told);
}

describe('arrays in an output', () => {
  it('are told apart from prose and from each other', () => {
    assert.deepEqual(found('loss: 0.3  pred: tensor([0.5, 0.25])\ntarget = [1 0]\n'), [
      'pred: float32 [2] 0.5 0.25 (2)',
      'target: int64 [2] 1 0',
    ]);
    assert.deepEqual(
      found('(tensor([1., 2.]), <tf.Tensor: shape=(1,), dtype=int32, numpy=array([3], dtype=int32)>)'),
      ['-: float32 [2] 1 2', '-: int32 [1] 3'],
    );
  });

  it('are named by their keys, by a line above, by a word in front', () => {
    assert.deepEqual(found('{\'x\': array([1., 2.]), "y": [1, 2]}'), [
      'x: float64 [2] 1 2',
      'y: int64 [2] 1 2',
    ]);
    assert.deepEqual(found('Predicted labels:\n[[1 2]\n [3 4]]'), ['Predicted labels: int64 [2, 2] 1 2 3']);
    assert.deepEqual(found("x tensor([1])\nbatch['y'] = tensor([2])"), [
      'x: int64 [1] 1',
      "batch['y']: int64 [1] 2",
    ]);
    assert.deepEqual(found('0.5 w: Parameter containing:\ntensor([1., 2.], requires_grad=True)'), [
      'w: float32 [2] 1 2',
    ]);
  });

  it('are named by the code, when it prints them and nothing else', () => {
    const text = '[1 2]\n\n tensor([3.])\n';
    assert.deepEqual(found(text, { code: "print(y_true, '\\n', y_hat.detach())" }), [
      'y_true: int64 [2] 1 2',
      'y_hat: float32 [1] 3',
    ]);
    assert.deepEqual(found('0.5\n[1 2]', { code: 'print(loss)\nprint(y)' }), ['-: int64 [2] 1 2']);
    assert.deepEqual(found('[1 2]\n[3 4]', { code: 'for y in ys:\n  print(y)' }), [
      '-: int64 [2] 1 2',
      '-: int64 [2] 3 4',
    ]);
    assert.deepEqual(found('[1 2]', { kind: 'value', code: 'y = f(x)\ny[0]' }), ['y[0]: int64 [2] 1 2']);
    assert.deepEqual(found('(array([1]), array([2]))', { kind: 'value', code: 'a, b.T' }), [
      'a: int64 [1] 1',
      'b.T: int64 [1] 2',
    ]);
    assert.deepEqual(found('[1 2]', { kind: 'value', code: 'net(x)' }), ['-: int64 [2] 1 2']);
  });

  it('are not the rows of one that begins or ends in another output', () => {
    assert.deepEqual(found(' [1. 2.]\n [3. 4.]]\n[[5. 6.]]\n[[7. 8.]\n [9. '), [
      '-: float64 [1, 2] 5 6',
      '-: incomplete',
    ]);
  });

  it('have no name where a sentence is before them, unless it ends with one', () => {
    assert.deepEqual(
      found('20 samples drawn from a dice throw: [1 6]\nthe values that we predict in y_hat: [2 3]'),
      ['-: int64 [2] 1 6', 'y_hat: int64 [2] 2 3'],
    );
  });

  it('have no name of the whole where they are its first rows', () => {
    assert.deepEqual(found('First five samples of X:\n [[1. 2.]\n [3. 4.]]'), ['-: float64 [2, 2] 1 2 3']);
  });

  it('are no shapes, indices, times, progress or versions', () => {
    for (const text of [
      'torch.Size([64, 10])',
      'TensorShape([2, 3])',
      'Data(x=[5, 11], edge_index=[2, 8])',
      'input_9 (InputLayer)   [(32, 10, 5)]   0   dense[0][0]',
      '100%|████| 938/938 [00:12<00:00, 75.3it/s]',
      '[2026-01-29 20:23:12.739][ INFO] done',
      '[1,  2000] loss: 2.228\n[1,  4000] loss: 1.890',
      'Epoch [3], loss 0.5',
      'Total parameters: 3,187,734\nTrainable parameters: 3,187,718',
      '3,187,734\n3,187,718',
      "array(['a', 'b'], dtype='<U1')",
      'array([1.+2.j, 3.+0.j])',
      "[[1, 'a'], [1, 2]]",
      '[None, [1, 2]]',
      'tensor(2.3118)',
      'ViT                      [1, 1000]        152,064\n├─Linear: 1-5           [32, 196, 768]   --',
      '            Conv2d-1       [-1, 64, 26, 26]     640\n              ReLU-2      [-1, 64, 26, 26]     0',
      'ViT (ViT)     [1, 3, 224, 224]     [1, 3]     152,064    True',
    ]) {
      assert.deepEqual(found(text), [], text);
    }
    assert.deepEqual(
      found('INFO - Output size: [512, 512, 256] -> [256, 256, 256]\npatch_size = [64, 64]\nscores: [3, 4]'),
      ['scores: int64 [2] 3 4'],
    );
    assert.deepEqual(
      found('deltas:\t [256, 4]', { code: "print('deltas:\\t', deltas.shape.as_list())" }),
      [],
    );
  });

  it('are refused where they are not all there', () => {
    assert.deepEqual(found('y: tensor([1., 2.,  ..., 3.])'), ['y: incomplete']);
    assert.deepEqual(found('rows: [[1, 2], [3]]'), ['rows: ragged']);
  });

  it('are separate tensors in a list of them, and one array in a list of numbers', () => {
    assert.deepEqual(found('[tensor([1., 2.]), tensor([3.])]'), ['-: float32 [2] 1 2', '-: float32 [1] 3']);
    assert.deepEqual(found('[np.float32(0.5), np.float32(2.0)]'), ['-: float32 [2] 0.5 2 (1)']);
  });

  it('say how many digits were printed, unless these are all there are', () => {
    assert.deepEqual(found('tensor([0.3333, 0.2500])'), [`-: float32 [2] ${Math.fround(0.3333)} 0.25 (4)`]);
    assert.deepEqual(found('[0.333, 0.25]'), ['-: float64 [2] 0.333 0.25']);
    assert.deepEqual(found('array([0.333333343], dtype=float32)'), [
      `-: float32 [1] ${Math.fround(0.333333343)}`,
    ]);
  });

  it('are found behind the colours of a terminal', () => {
    assert.deepEqual(found('\u001b[32mpred\u001b[0m: [1 2]'), ['pred: int64 [2] 1 2']);
  });

  it('take time in proportion to the output', () => {
    const size = 200_000;
    const start = performance.now();
    for (const text of [
      '['.repeat(size),
      '[1 '.repeat(size),
      '[x '.repeat(size),
      'array('.repeat(size),
      '<tf.Tensor '.repeat(size),
      '[1]'.repeat(size),
      "['".repeat(size),
      ' a\n'.repeat(size),
      ' a  1\n'.repeat(size),
      'a: '.repeat(size),
      '0 1\n'.repeat(size),
    ]) {
      printedArrays({ kind: 'stream', text, code: 'print(x)' });
    }
    assert.ok(performance.now() - start < 60_000);
  });
});

describe('tables in an output', () => {
  const frame = '        pred  target   name\nalice   0.50       1  Alice\nbob    -0.25       0    Bob\n';

  it('are all their columns of numbers', () => {
    assert.deepEqual(found(`scores:\n${frame}`), [
      'pred: float64 [2] 0.5 -0.25 (2)',
      'target: int64 [2] 1 0',
    ]);
    assert.deepEqual(found('   a  b\n0  1  2\n1  3  4', { kind: 'value', code: 'df' }), [
      'df: int64 [2, 2] 1 2 3',
      'a: int64 [2] 1 3',
      'b: int64 [2] 2 4',
    ]);
    assert.deepEqual(found('0    0.5\n1    2.0\nName: y, dtype: float32'), ['y: float32 [2] 0.5 2 (1)']);
    assert.deepEqual(found('pred,target\n0.5,1\n0.25,0'), [
      '-: float64 [2, 2] 0.5 1 0.25 (2)',
      'pred: float64 [2] 0.5 0.25 (2)',
      'target: int64 [2] 1 0',
    ]);
  });

  it('have their first row where a word was printed before them', () => {
    assert.deepEqual(
      found('Mean times:\n fit_time       1.34e-02\nscore_time     3.98e-04\ndtype: float64'),
      ['Mean times: float64 [2] 0.0134 0.000398 (2)'],
    );
  });

  describe('printed behind a word', () => {
    const columns = ['a: int64 [3] 1 2 3', 'b: float64 [3] 0.5 0.25 -1 (2)'];

    it('are read wherever their header stands', () => {
      const rows = '0  1  0.50\n1  2  0.25\n2  3 -1.00';
      for (const before of ['', ' ', 'X ', 'X:\n ', 'X:\n', 'X=', 'Epoch 1/10 - loss: 0.25 '])
        assert.deepEqual(found(`${before}   a     b\n${rows}\n`).slice(1), columns, before);
      assert.deepEqual(found(`X    a     b\n${rows}`)[0], 'X: float64 [3, 2] 1 0.5 2 (2)');
      assert.deepEqual(found('X      b\nid    \n7    1\n10  -2'), ['X: int64 [2, 1] 1 -2']);
    });

    it('are told from what is printed behind them', () => {
      const frame = '   a     b\n0  1  0.50\n1  2  0.25\n2  3 -1.00';
      assert.deepEqual(found(`X ${frame} y [1 2] 0.5`), [
        'X: float64 [3, 2] 1 0.5 2 (2)',
        ...columns,
        'y: int64 [2] 1 2',
      ]);
      assert.deepEqual(found(`${frame}    c\nk  7\nl  8 done`).slice(1), [...columns, 'c: int64 [2, 1] 7 8']);
      assert.deepEqual(
        found(`${frame} y 0    0.5\n1    2.0\ndtype: float32 z 0    1\nName: q, dtype: int8`),
        ['-: float64 [3, 2] 1 0.5 2 (2)', ...columns, 'y: float32 [2] 0.5 2 (1)', 'q: int8 [1] 1'],
      );
      assert.deepEqual(found(`${frame}\nloss 0.5 after 3 steps`).slice(1), columns);
      assert.deepEqual(found('   a\n0  1\n1  2\n[2 rows x 9 columns] y 5'), ['-: incomplete']);
    });

    it('have their first row as Series', () => {
      for (const before of ['y ', 'y: ', 'y:\n', 'y:\n ', 'y='])
        assert.deepEqual(found(`${before}0    0.5\n1   -2.0\ndtype: float64`), ['y: float64 [2] 0.5 -2 (1)']);
      assert.deepEqual(found('Top 12\naa    1\nb     2\ndtype: int64'), ['-: int64 [2] 1 2']);
    });

    it('end where the header of the next begins', () => {
      const frame = '   0  1\n0  5  6\n1  7  8';
      const arrays = ['-: int64 [2, 2] 5 6 7', '0: int64 [2] 5 7', '1: int64 [2] 6 8'];
      assert.deepEqual(found(`${frame}\n${frame}\n`), [...arrays, ...arrays]);
      assert.deepEqual(found('   a  b\n   0  1\n0  5  6'), [
        '-: int64 [1, 2] 5 6',
        '0: int64 [1] 5',
        '1: int64 [1] 6',
      ]);
    });

    it('are no numbers under a title where the first may be the name of a column', () => {
      for (const text of ['X\n 0\n 7\n 1', 'X\n  2019\n 0.01\n 0.13', 'loss    0\n0.48\n0.55'])
        assert.deepEqual(found(text), [], text);
    });

    it('are not read with the rows of another right above or below', () => {
      assert.deepEqual(
        found('     2019\nk i      \na 0     7\nb 1     8\n0.12    1\n0.37    1\nName: count, dtype: int64'),
        [],
      );
      const frame = '   2019  2020\n0  0.53  0.92\n1  0.98  0.04';
      assert.deepEqual(found(`${frame}\n0  0.34  0.94  0.79\n1  0.77  0.31  0.79`), ['-: no-array']);
      assert.deepEqual(found(`${frame}\n0  False  NaN\n1  False -inf`), ['-: no-array']);
      assert.deepEqual(found('metric  b\n0       3\n1       6\nmetric  0  1  2\nb 0     1  1  7'), [
        '-: no-array',
      ]);
      assert.deepEqual(found('        0  1\nrow 2  29  2\nX:      0  1\nk i      \na 0  3  0\nb 1  8  8'), [
        '-: no-array',
      ]);
    });

    it('are no Series that begins in the last row of the table above', () => {
      assert.deepEqual(found('y =      n.r  a  x1\n388    4  9   9\n1    2\n5    1\ndtype: int64'), []);
    });

    it('have no header of numbers that were printed before them', () => {
      assert.deepEqual(found('y =\nk i   \nb 0  5\n  1  0 0.5\nX\n      2019\na 0  0.08'), []);
      assert.deepEqual(
        found('                0\n2024-01-01  0.54\n 2019  2020  2021\n    2     1     7\n    7     3     1'),
        ['0: float64 [1, 1] 0.54 (2)'],
      );
      assert.deepEqual(
        found(' metric  pred  y_hat\n0        -14     37\n0    0.66\n1    0.63\ndtype: float64'),
        ['-: float64 [2] 0.66 0.63 (2)'],
      );
      assert.deepEqual(found('step 3:  2019  2020\n    7     4\n    4     5\nX:  0  1  2\n 0  3  0'), []);
      assert.deepEqual(found('            0  1\n2024-01-01  4  5\nmetric      0  1\n2024-01-02  3  8 0.5'), [
        '-: no-array',
      ]);
    });

    it('are refused where it is not sure which lines are theirs', () => {
      // Years over the next table, or a row without a label.
      assert.deepEqual(found('      0     1\na     5     6\n   2019  2020\nb     7     8'), ['-: no-array']);
      // A row of this frame, or the first of the Series.
      assert.deepEqual(found('   aaaa\n0     1\n10    2\n11    3\ndtype: int64'), []);
      // No row of the table ends so.
      assert.deepEqual(found('    x1  pred\n0    1  0.50\n1    2  0.25\n2    3  0.75\nacc 12  0.50'), [
        '-: no-array',
      ]);
    });
  });

  it('are read from HTML, of which nothing is run', () => {
    const html =
      '<table border="1" class="dataframe"><thead><tr><th></th><th>a &amp; b</th><th onclick="x()">c</th></tr></thead>' +
      '<tbody><tr><th>0</th><td>1.5</td><td>x</td></tr><tr><th>1</th><td>NaN</td><td>y</td></tr></tbody></table>' +
      '<script>alert(1)</script>';
    assert.deepEqual(found('', { html }), ['a & b: float64 [2] 1.5 NaN (1)']);
    assert.deepEqual(found('', { html: html.replaceAll('dataframe', 'other') }), []);
    const cut = html.replace('</table>', '</table><p>100 rows × 2 columns</p>');
    assert.deepEqual(found('', { html: cut, kind: 'value', code: 'df' }), ['df: incomplete']);
  });

  it('of Polars have the names of their columns without the dtypes', () => {
    const html =
      '<small>shape: (2, 1)</small><table border="1" class="dataframe"><thead><tr><th>nums</th></tr>' +
      '<tr><td>i64</td></tr></thead><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>';
    assert.deepEqual(found('', { html }), ['nums: int64 [2, 1] 1 2']);
  });

  it('say which of their columns are left out, and why', () => {
    const text = '  name  score when\n0   ab    1.5   x1\n1   cd    2.5   x2';
    const [score] = printedArrays({ kind: 'stream', text });
    assert.equal(told(score!), 'score: float64 [2] 1.5 2.5 (1)');
    const { columns, refusal } = score!.leftOut!;
    assert.deepEqual([...columns], ['name', 'when']);
    assert.match(
      refusal.message,
      /2 columns of this table .* name, when\. Take the variable from the kernel/,
    );
    assert.match(refusal.message, /Found: "ab" in row 1 of name/);
    const whole = printedArrays({ kind: 'stream', text: '   a    b\n0  1  1.5\n1  2  2.5' });
    assert(whole.length > 0 && whole.every(({ leftOut }) => leftOut === undefined));
  });

  it('are no columns of words that end in numbers', () => {
    assert.deepEqual(found('       n  v\n0  row 1  5\n1  row 2  6'), ['v: int64 [2] 5 6']);
    assert.deepEqual(found(' 0.1  0.2\n 0.3  0.4\n[torch.FloatTensor of size 2x2]'), []);
    assert.deepEqual(found('suction     14\nirrigator   21'), []);
  });
});
