import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { assignedName } from '../../../engine/recognise/recogniser.ts';

/** The name and the array around what stands between the `|`s. */
function assigned(text: string): [string | undefined, string] {
  const [before = '', selected = '', after = ''] = text.split('|');
  const source = before + selected + after;
  const { name, start, end } = assignedName(source, before.length, before.length + selected.length);
  return [name, source.slice(start, end)];
}

describe('the name of a selected literal', () => {
  it('is the variable, attribute, keyword or key that takes it', () => {
    deepEqual(assigned('pred = |[1., 2.]|'), ['pred', '[1., 2.]']);
    deepEqual(assigned('pred: list = |[1., 2.]|\n'), ['pred', '[1., 2.]']);
    deepEqual(assigned('self.target = |[1., 2.]|'), ['target', '[1., 2.]']);
    deepEqual(assigned('f(x, target=|[1., 2.]|)'), ['target', '[1., 2.]']);
    deepEqual(assigned("d = {'pred': |[1.]|, 'target': [2.]}"), ['pred', '[1.]']);
    deepEqual(assigned("d = {'pred': [1.], 'target': |[2.]|}"), ['target', '[2.]']);
    deepEqual(assigned('pred, target = [1.], |[2.]|'), ['target', '[2.]']);
    deepEqual(assigned('def f(a, pred: list = |[1.]|): pass'), ['pred', '[1.]']);
    deepEqual(assigned('if (pred := |[1.]|): pass'), ['pred', '[1.]']);
    deepEqual(assigned('pred = given = |3.|'), ['given', '3.']);
  });

  it('is that of the array made of it, and the range the whole of that', () => {
    deepEqual(assigned('pred = torch.tensor(|[1., 2.]|)'), ['pred', 'torch.tensor([1., 2.])']);
    deepEqual(assigned('pred = np.array(|[1, 2]|, dtype=np.float32)'), [
      'pred',
      'np.array([1, 2], dtype=np.float32)',
    ]);
    deepEqual(assigned('pred = |torch.tensor([1., 2.])|.cuda()'), ['pred', 'torch.tensor([1., 2.])']);
    deepEqual(assigned('f(target=torch.tensor(|[1.]|).to(d))'), ['target', 'torch.tensor([1.])']);
  });

  it('goes with a part of an array too, whose range stays its own', () => {
    deepEqual(assigned('pred = torch.tensor([|[1., 2.]|, [3., 4.]])'), ['pred', '[1., 2.]']);
    deepEqual(assigned('pred = [1., |2., 3.|, 4.]'), ['pred', '2., 3.']);
  });

  it('leaves blanks around the selection, and an assignment selected whole, out of the range', () => {
    deepEqual(assigned('pred =| [1., 2.] |'), ['pred', '[1., 2.]']);
    deepEqual(assigned('x = 1\n|pred = [1., 2.]|\ny = 2'), ['pred', '[1., 2.]']);
  });

  it('is missing where nothing takes it', () => {
    deepEqual(assigned('|[1., 2.]|'), [undefined, '[1., 2.]']);
    deepEqual(assigned('f(|[1., 2.]|, 3)'), [undefined, '[1., 2.]']);
    deepEqual(assigned('x = f(|[1., 2.]|)'), [undefined, '[1., 2.]']);
    deepEqual(assigned('return |[1., 2.]|'), [undefined, '[1., 2.]']);
    deepEqual(assigned('{**a, b: |[1.]|}'), ['b', '[1.]']);
    deepEqual(assigned('|  |'), [undefined, '']);
  });
});
