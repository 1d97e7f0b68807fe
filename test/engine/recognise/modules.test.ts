import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { check } from '../../../engine/checks/index.ts';
import {
  callAt,
  dependsOnModules,
  findLosses,
  importedModules,
  lossAt,
  PythonDocument,
} from '../../../engine/recognise/index.ts';

/** A source with the user's own modules, by how it names them. */
function source(
  text: string,
  modules: Readonly<Record<string, string | PythonDocument>> = {},
): PythonDocument {
  const document = new PythonDocument(text);
  document.modules = new Map(
    Object.entries(modules).map(([name, module]) => [
      name,
      typeof module === 'string' ? new PythonDocument(module) : module,
    ]),
  );
  return document;
}

const symbolsIn = (document: PythonDocument): string[] =>
  findLosses(document, 'python').map(({ symbol, kind }) => `${symbol} ${kind}`);

const losses = `
from torch import nn
import torch.nn.functional as F
criterion = nn.HuberLoss(delta=0.5)
Loss = nn.L1Loss
compare = F.mse_loss
def build():
    return nn.MSELoss()
made = build()
class Net(nn.Module):
    pass
def own(a, b, scale=2):  # loss: huber
    return a
_private = nn.KLDivLoss()
`;

describe("losses of the user's own modules", () => {
  for (const [what, text, expected] of [
    ['an instance', 'from losses import criterion\ncriterion(a, b)', ['torch.nn.HuberLoss instance']],
    ['under another name', 'from losses import criterion as c\nc(a, b)', ['torch.nn.HuberLoss instance']],
    ['a class', 'from losses import Loss\nLoss()(a, b)', ['torch.nn.L1Loss class']],
    ['a function', 'from losses import compare\ncompare(a, b)', ['torch.nn.functional.mse_loss function']],
    ['by the module', 'import losses\nlosses.criterion(a, b)', ['torch.nn.HuberLoss instance']],
    ['by the module, renamed', 'import losses as l\nl.Loss()', ['torch.nn.L1Loss class']],
    ['with everything', 'from losses import *\ncriterion(a, b)', ['torch.nn.HuberLoss instance']],
    [
      'in a method',
      'from losses import Loss\nclass T:\n  def __init__(self):\n    self.c = Loss()\n  def f(self):\n    self.c(a, b)\n',
      ['torch.nn.L1Loss class', 'torch.nn.L1Loss instance'],
    ],
    [
      'a module that was imported there',
      'from losses import F\nF.l1_loss(a, b)',
      ['torch.nn.functional.l1_loss function'],
    ],
    ['that a comment declares', 'from losses import own\nown(a, b)', ['huber function']],
  ] as const) {
    it(`are recognised: ${what}`, () => {
      deepEqual(symbolsIn(source(text, { losses })), expected);
      const start = findLosses(source(text, { losses }), 'python')[0]!.start;
      equal(`${lossAt(source(text, { losses }), start)?.symbol}`, expected[0].split(' ')[0]);
    });
  }

  it('are recognised where the module is relative, in a package, or a part of one', () => {
    const use = 'criterion(a, b)';
    deepEqual(symbolsIn(source(`from .losses import criterion\n${use}`, { '.losses': losses })), [
      'torch.nn.HuberLoss instance',
    ]);
    deepEqual(
      symbolsIn(source(`from ..common.losses import criterion\n${use}`, { '..common.losses': losses })),
      ['torch.nn.HuberLoss instance'],
    );
    for (const [text, module] of [
      ['from . import losses', '.losses'],
      ['from common import losses', 'common.losses'],
    ] as const) {
      deepEqual(symbolsIn(source(`${text}\nlosses.${use}`, { [module]: losses })), [
        'torch.nn.HuberLoss instance',
      ]);
    }
    deepEqual(
      symbolsIn(
        source(`import common.losses\ncommon.losses.${use}`, { 'common.losses': losses, common: '' }),
      ),
      ['torch.nn.HuberLoss instance'],
    );
  });

  it('are recognised where another module passes them on', () => {
    const common = source('from .losses import criterion', { '.losses': losses });
    const document = source('from common import criterion\ncriterion(a, b)', { common });
    deepEqual(symbolsIn(document), ['torch.nn.HuberLoss instance']);
  });

  it('are told with the options that they were made with there', () => {
    const text = 'from losses import criterion\ncriterion(out, y)';
    const call = callAt(source(text, { losses }), text.length)!;
    deepEqual(call.options, { delta: 0.5 });
    deepEqual(
      call.arguments.map(({ name, text }) => [name, text]),
      [
        ['input', 'out'],
        ['target', 'y'],
      ],
    );
    const weighted =
      'import torch\nw = torch.tensor([1.0, 2.0])\nc = torch.nn.CrossEntropyLoss(weight=w, ignore_index=0)';
    const other = callAt(source('from losses import c\nc(out, y)', { losses: weighted }), 22)!;
    deepEqual(other.options, { ignore_index: 0 });
    deepEqual(other.unread, [{ name: 'weight', text: 'w' }]);
    ok(other.arguments.every(({ name }) => name !== 'weight'));
  });

  it('of a declared function have the parameters that it has there', () => {
    const text = 'from losses import own\nown(p, q)';
    deepEqual(
      callAt(source(text, { losses }), text.length)?.arguments.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('are not recognised where nobody knows: what a function gives, what is missing, and a name that hides it', () => {
    for (const text of [
      'from losses import made\nmade(a, b)',
      'from losses import build\nbuild()(a, b)',
      'from losses import nothing\nnothing(a, b)',
      'from losses import Net\nNet()(a, b)',
      'from other import criterion\ncriterion(a, b)',
      'from losses import criterion\ndef criterion(a, b): pass\ncriterion(a, b)',
    ]) {
      deepEqual(symbolsIn(source(text, { losses })), [], text);
    }
  });

  it('are found anew when their module changes, and lost when it goes', () => {
    const module = new PythonDocument(losses);
    const document = source('from losses import criterion\ncriterion(a, b)', { losses: module });
    const symbol = () => lossAt(document, 30)?.symbol;
    equal(symbol(), 'torch.nn.HuberLoss');
    module.update(losses.replace('HuberLoss', 'SmoothL1Loss'));
    equal(symbol(), 'torch.nn.SmoothL1Loss');
    document.modules = new Map();
    equal(symbol(), undefined);
  });

  it('end where modules import each other, and themselves', () => {
    const one = new PythonDocument('from two import criterion\nfrom one import x');
    const two = source('from one import criterion', { one });
    one.modules = new Map([
      ['two', two],
      ['one', one],
    ]);
    const document = source('import torch\nfrom one import criterion, x\ncriterion(a, b)\nx()', { one });
    deepEqual(symbolsIn(document), []);
  });

  it('give the checks nothing to mend in another file', () => {
    const bce = 'from torch import nn\ncriterion = nn.BCELoss()';
    const text = 'import torch\nfrom losses import criterion\ncriterion(torch.nn.Linear(2, 1)(x), y)';
    deepEqual(check(source(text, { losses: bce }), 'python'), []);
  });
});

describe('the modules that a source may import', () => {
  it('are named as it names them, and what is imported from them may be one', () => {
    const text = [
      'import a, b.c as d',
      'from e import f, g as h  # i',
      '    from .j import (',
      '        k,  # not l',
      '        m,',
      '    )',
      'from . import n',
      'from ..o.p import *',
      '"from q"',
    ].join('\n');
    deepEqual(importedModules(text), [
      ...['a', 'b.c', 'e', 'e.f', 'e.g', '.j', '.j.k', '.j.m', '.', '.n', '..o.p'],
    ]);
  });
});

describe('whether an answer waits for other modules', () => {
  const asked = (text: string, at: string): boolean => {
    const document = new PythonDocument(text);
    lossAt(document, text.lastIndexOf(at));
    callAt(document, text.lastIndexOf(at));
    return dependsOnModules(document);
  };
  const head =
    'import torch\nfrom torch import nn\nimport torch.nn.functional as F\nfrom losses import own\n';

  for (const [what, text, at] of [
    ['a class of a library', `${head}def f():\n  c = nn.HuberLoss(delta=2.0)\n`, 'HuberLoss'],
    ['a function of a library', `${head}F.mse_loss(a, b)\n`, 'mse_loss'],
    ['an instance that was made here', `${head}c = nn.L1Loss()\nc(a, b)\n`, 'c(a'],
    ['where a library is imported', head, 'nn.functional'],
  ] as const) {
    it(`it does not: ${what}`, () => equal(asked(text, at), false));
  }

  for (const [what, text, at] of [
    ['a name that is imported from one', `${head}own(a, b)\n`, 'own'],
    ['an attribute of one', `import losses\nlosses.own(a, b)\n`, 'own'],
    ['a name that everything of one may bring', 'from losses import *\ncriterion(a, b)\n', 'criterion'],
    ['an option that one holds', `${head}nn.HuberLoss(delta=own)\n`, 'HuberLoss'],
  ] as const) {
    it(`it does: ${what}`, () => equal(asked(text, at), true));
  }
});
