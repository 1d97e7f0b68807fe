import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeLoss, marked, small } from './symbols.ts';

/** The loss at the `|`. */
function at(text: string): string | undefined {
  const { source, offset } = marked(text);
  const loss = small.lossAt(source, offset);
  return loss && describeLoss(source, loss);
}

const nn = 'import torch.nn as nn\n';

describe('the loss at an offset', () => {
  it('is there from before its first character to behind its last', () => {
    deepEqual(
      [
        `${nn}n|n.HuberLoss()`,
        `${nn}nn|.HuberLoss()`,
        `${nn}nn.|HuberLoss()`,
        `${nn}nn.H|uberLoss()`,
        `${nn}nn.HuberLos|s()`,
        `${nn}nn.HuberLoss|()`,
        `${nn}nn.HuberLoss(|)`,
      ].map(at),
      [
        undefined,
        undefined,
        'HuberLoss:HuberLoss',
        'HuberLoss:HuberLoss',
        'HuberLoss:HuberLoss',
        'HuberLoss:HuberLoss',
        undefined,
      ],
    );
  });

  it('is there in a string id, without its quotes', () => {
    const compile = (id: string) => at(`import keras\nmodel.compile(loss=${id})`);
    deepEqual(
      [compile("|'mse'"), compile("'|mse'"), compile("'mse|'"), compile("'mse'|")],
      [undefined, 'mse:mean_squared_error', 'mse:mean_squared_error', undefined],
    );
  });

  it('is there where it is imported', () => {
    equal(at('from torch.nn import Huber|Loss'), 'HuberLoss:HuberLoss');
    equal(at('from torch.nn import Huber|Loss as H'), 'HuberLoss:HuberLoss');
    equal(at('from torch.nn import HuberLoss as |H'), 'H:HuberLoss');
    equal(at('from torch.nn import (L1Loss, Huber|Loss)'), 'HuberLoss:HuberLoss');
    equal(at('from tor|ch.nn import HuberLoss'), undefined);
    equal(at('from torch import n|n'), undefined);
    equal(at('from mine import Huber|Loss # torch'), undefined);
  });

  it('is there where it is assigned or defined', () => {
    equal(at(`${nn}crit|erion = nn.HuberLoss()`), 'criterion:(HuberLoss)');
    equal(at(`${nn}make| = nn.HuberLoss`), 'make:HuberLoss');
    equal(at(`${nn}class A:\n  def f(self):\n    self.cr|it = nn.HuberLoss()`), 'crit:(HuberLoss)');
    equal(at(`${nn}class A:\n  def f(self):\n    se|lf.crit = nn.HuberLoss()`), undefined);
    equal(at('def mi|ne(a, b): # loss: huber\n  pass'), 'mine:huber');
    equal(at('class Mi|ne: # loss: dice\n  pass'), 'Mine:dice');
  });

  it('is not there in what a call gives, nor in a name that hides one', () => {
    equal(at(`${nn}lo|ss = nn.HuberLoss()(a, b)`), undefined);
    equal(at(`${nn}def f(n|n): pass`), undefined);
    equal(at(`from torch.nn import HuberLoss\ndef Huber|Loss(): pass`), undefined);
    equal(at(`${nn}# nn.Huber|Loss`), undefined);
    equal(at(`${nn}f(Huber|Loss=1)`), undefined);
  });

  it('is not there outside of the text', () => {
    equal(small.lossAt(nn, 10_000), undefined);
    equal(small.lossAt('', 0), undefined);
  });
});
