import { strict as assert } from 'node:assert';
import { array, type NdArray } from '../../../engine/array.ts';
import type { InputInfo } from '../../../engine/catalogue.ts';
import { offerOf } from '../../../extension/arrays/offer.ts';
import { matchRoles } from '../../../extension/evaluate/roles.ts';

function input(name: string, kind: InputInfo['kind'] = 'float', optional = false): InputInfo {
  return { name, kind, optional, description: name };
}

function named(name: string | undefined, data: NdArray = array([0.5, 1.5])) {
  return offerOf(data, 'a test', name);
}

const torch = [input('input'), input('target')];
const keras = [input('y_true', 'any'), input('y_pred')];
const scores = array([
  [0.1, 0.9],
  [0.7, 0.3],
]);
const labels = array([1, 0]);

function assigned(inputs: InputInfo[], candidates: ReturnType<typeof named>[]) {
  const { roles, sure } = matchRoles(inputs, candidates);
  return { roles: Object.fromEntries([...roles].map(([role, { name }]) => [role, name])), sure };
}

describe('which array is which input', () => {
  for (const [prediction, target] of [
    ['input', 'target'],
    ['pred', 'y'],
    ['y_hat', 'y_true'],
    ['train_logits', 'labels'],
    ['outputs', 'gt'],
    ['modelOutput', 'trueValues'],
    ['y_pred', 'something'],
    ['something', 'y_test_labels'],
  ] as const) {
    it(`is told by the names ${prediction} and ${target}, in either order`, () => {
      for (const order of [
        [named(prediction), named(target)],
        [named(target), named(prediction)],
      ]) {
        assert.deepEqual(assigned(torch, order), { roles: { input: prediction, target }, sure: true });
        assert.deepEqual(assigned(keras, order), {
          roles: { y_true: target, y_pred: prediction },
          sure: true,
        });
      }
    });
  }

  it('is told by whole numbers and by the missing class axis, whatever the names', () => {
    const inputs = [input('input'), input('target', 'integer')];
    assert.deepEqual(assigned(inputs, [named('b', labels), named('a', scores)]), {
      roles: { input: 'a', target: 'b' },
      sure: true,
    });
  });

  it('never puts fractions where class numbers belong', () => {
    const { roles, sure } = matchRoles([input('target', 'integer')], [named('target', scores)]);
    assert.equal(roles.size, 0);
    assert.equal(sure, false);
  });

  it('is not sure of two arrays that nothing tells apart, and guesses the order of the arguments', () => {
    assert.deepEqual(assigned(torch, [named('a'), named('b')]), {
      roles: { input: 'a', target: 'b' },
      sure: false,
    });
    const nameless = [named(undefined), named(undefined)];
    assert.equal(matchRoles(torch, nameless).sure, false);
  });

  it('is not sure while a required input is missing or an array is left over', () => {
    assert.equal(matchRoles(torch, [named('pred')]).sure, false);
    assert.equal(matchRoles(torch, [named('pred'), named('target'), named('extra')]).sure, false);
  });

  it('gives an optional input only what is called like it', () => {
    const weighted = [...torch, input('weight', 'float', true)];
    assert.deepEqual(assigned(weighted, [named('pred'), named('y'), named('class_weights')]), {
      roles: { input: 'pred', target: 'y', weight: 'class_weights' },
      sure: true,
    });
    assert.equal(
      matchRoles(weighted, [named('pred'), named('y'), named('extra')]).roles.has('weight'),
      false,
    );
  });

  it('tells the three inputs of a triplet apart', () => {
    const triplet = [input('anchor'), input('positive'), input('negative')];
    assert.deepEqual(assigned(triplet, [named('neg'), named('a'), named('pos')]).roles, {
      anchor: 'a',
      positive: 'pos',
      negative: 'neg',
    });
  });
});
