import { strict as assert } from 'node:assert';
import { arraysIn } from '../../../extension/arrays/text.ts';

function summary(text: string) {
  return arraysIn(text).map(({ name, start, array }) => [name, start, array.dtype, array.shape]);
}

describe('the arrays of a text', () => {
  it('are literals, calls that make arrays, and keyword arguments in Python', () => {
    const text = [
      'pred = torch.tensor([[0.5, 1.0],  # a ] in a comment',
      '                     [2.0, 3.0]])',
      "y: np.ndarray = np.array([1, 0], dtype='int32')",
      'loss(weight=[0.1, 0.9])',
      'names = ["a", "b"]',
      'pair = model(x), 3',
      'ragged = [[1, 2], [3]]',
      'open = [1, 2',
    ].join('\n');
    assert.deepEqual(summary(text), [
      ['pred', 0, 'float32', [2, 2]],
      ['y', text.indexOf('y:'), 'int32', [2]],
      ['weight', text.indexOf('weight'), 'float64', [2]],
    ]);
  });

  it('are keys of JSON and constants of JavaScript', () => {
    assert.deepEqual(summary('{"target": [1, 0, 1], "ids": ["x"]}'), [['target', 2, 'int64', [3]]]);
    assert.deepEqual(summary('const scores = [0.25, 0.75]; // ]'), [['scores', 6, 'float64', [2]]]);
  });

  it('do not include what only looks like one', () => {
    assert.deepEqual(arraysIn('total = sum(values)\nfirst = values[0]\nif x == [1, 2]: pass'), []);
  });
});
