import { strict as assert } from 'node:assert';
import { readPage } from '../../../extension/formula/page.ts';

const page = `# Mean squared error

The mean of the squared
differences.

## Formula

$$
\\frac{1}{n} \\sum_i (\\hat y_i - y_i)^2
$$

> loss = mean of
> (ŷ − y)²

$$
second
$$

> another
`;

describe('the parts of a page', () => {
  it('are its title, first paragraph, first formula and that formula in words', () => {
    assert.deepEqual(readPage('mse.md', page), {
      title: 'Mean squared error',
      summary: 'The mean of the squared differences.',
      tex: '\\frac{1}{n} \\sum_i (\\hat y_i - y_i)^2',
      alternative: 'loss = mean of (ŷ − y)²',
    });
  });

  for (const [what, without] of [
    ['title', /^# .*\n/],
    ['summary', /The mean of the squared\ndifferences\.\n/],
    ['formula in words', /\n> [\s\S]*/],
  ] as const) {
    it(`cannot lack a ${what}`, () => {
      assert.throws(
        () => readPage('mse.md', page.replace(without, '')),
        new RegExp(`mse\\.md has no ${what}`),
      );
    });
  }
});
