import { equal } from 'node:assert/strict';
import { marked, small } from './symbols.ts';

const imports =
  'from functools import partial\nimport torch, keras\nfrom torch import nn\nimport torch.nn.functional as F\n';

/** The symbol and the active argument at the `|`. */
function at(text: string): string | undefined {
  const { source, offset } = marked(imports + text);
  const found = small.signatureAt(source, offset);
  if (!found) return undefined;
  const active = found.active === undefined ? '-' : found.arguments[found.active]!.name;
  return `${found.symbol.split('.').at(-1)}${found.makes ? '' : '()'} ${active}`;
}

describe('the signature at an offset', () => {
  for (const [text, expected] of [
    ['nn.HuberLoss(|)', 'HuberLoss size_average'],
    ['nn.HuberLoss(|', 'HuberLoss size_average'],
    ['nn.HuberLoss(None, |', 'HuberLoss delta'],
    ['nn.HuberLoss(None, |)', 'HuberLoss delta'],
    ['nn.HuberLoss(reduction=|)', 'HuberLoss reduction'],
    ["nn.HuberLoss(reduction='su|m', delta=1)", 'HuberLoss reduction'],
    ['nn.HuberLoss(delta=1, |)', 'HuberLoss delta'],
    ['nn.HuberLoss(nonsense=|)', 'HuberLoss -'],
    ['nn.HuberLoss(*args, |)', 'HuberLoss -'],
    ['F.huber_loss(a, |b)', 'huber_loss() target'],
    ['F.huber_loss(\n    a,\n    |\n)', 'huber_loss() target'],
    ['criterion = nn.HuberLoss()\ncriterion(a, |)', 'HuberLoss() target'],
    ['keras.losses.Huber(|)', 'Huber delta'],
    ['F.huber_loss(nn.HuberLoss(|))', 'HuberLoss size_average'],
  ] as const) {
    it(text, () => equal(at(text), expected));
  }

  for (const text of [
    'nn.HuberLoss|()',
    'nn.HuberLoss()|',
    'nn.Linear(|)',
    'F.huber_loss(f(|), b)',
    'F.huber_loss([a|], b)',
    'F.huber_loss(a, b)\n|',
    '# nn.HuberLoss(|)',
    "x = 'nn.HuberLoss(|)'",
  ]) {
    it(`none in ${text}`, () => equal(at(text), undefined));
  }
});
