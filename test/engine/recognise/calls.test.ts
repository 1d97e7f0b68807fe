import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseArray } from '../../../engine/formats/text.ts';
import type { LossCall } from '../../../engine/recognise/recognised.ts';
import { marked, small } from './symbols.ts';

const imports =
  'import torch, keras\nimport numpy as np\nfrom torch import nn\nimport torch.nn.functional as F\n';

function call(text: string): LossCall | undefined {
  const { source, offset } = marked(imports + text);
  return small.callAt(source, offset);
}

/** The source of the call at the `|`. */
function callText(text: string): string | undefined {
  const { source } = marked(imports + text);
  const found = call(text);
  return found && source.slice(found.start, found.end);
}

/** The arguments as `name=literal`, `name~text` for an unknown variable, `name?text` for anything else. */
function arrays(text: string): string[] | undefined {
  return call(text)?.arguments.map(({ name, text: written, kind, literal }) => {
    if (literal !== undefined) return `${name}=${literal}`;
    return `${name}${kind === 'variable' ? '~' : '?'}${written}`;
  });
}

describe('the loss call at an offset', () => {
  it('is the one around it, up to its last parenthesis', () => {
    const expected = 'F.mse_loss(a, b)';
    equal(callText('x = |F.mse_loss(a, b)'), expected);
    equal(callText('x = F.mse_loss(a,| b)'), expected);
    equal(callText('x = F.mse_loss(a, b)|'), expected);
  });

  it('is the innermost of nested ones', () => {
    equal(callText('F.mse_loss(a, F.l1_loss(|b, c))'), 'F.l1_loss(b, c)');
    equal(callText('F.mse_loss(|a, F.l1_loss(b, c))'), 'F.mse_loss(a, F.l1_loss(b, c))');
    equal(callText('F.mse_loss(a, f(|b))'), 'F.mse_loss(a, f(b))');
    equal(callText('nn.MSELoss(|)(a, b)'), 'nn.MSELoss()(a, b)');
  });

  it('is else that of the nearest loss on the line', () => {
    equal(callText('lo|ss = F.mse_loss(a, b)'), 'F.mse_loss(a, b)');
    equal(callText('x = F.mse_loss(a, b).back|ward()'), 'F.mse_loss(a, b)');
    equal(callText('F.mse_loss(a, b) + F.l1_loss(a, b) +| c'), 'F.l1_loss(a, b)');
    equal(callText('F.mse_loss(a, b)\nx = |1'), undefined);
  });

  it('is the name alone where nothing is called', () => {
    const found = call('losses = [nn.|HuberLoss]')!;
    deepEqual([found.loss.symbol, found.options, found.arguments], ['torch.nn.HuberLoss', {}, []]);
  });
});

describe('the arrays of a loss call', () => {
  it('go by position and by keyword, in the order of the callee', () => {
    deepEqual(arrays('F.mse_loss(|[1.], target=[2.])'), ['input=[1.]', 'target=[2.]']);
    deepEqual(arrays('F.mse_loss(|target=[2.], input=[1.])'), ['input=[1.]', 'target=[2.]']);
    deepEqual(arrays('keras.losses.mse(|[1.], [2.])'), ['y_true=[1.]', 'y_pred=[2.]']);
    deepEqual(arrays('nn.MSELoss()(|[1.], [2.])'), ['input=[1.]', 'target=[2.]']);
  });

  it('include those of the constructor', () => {
    deepEqual(arrays('c = nn.CrossEntropyLoss([1., 2.])\nc(|x, weight)'), [
      'input~x',
      'target~weight',
      'weight=[1., 2.]',
    ]);
    deepEqual(arrays('nn.CrossEntropyLoss(weight=None)(|x, y)'), ['input~x', 'target~y']);
  });

  it('are literals as they stand, with what makes arrays of them', () => {
    const literal = (text: string) => arrays(`F.mse_loss(|${text}, y)`)?.[0];
    for (const text of [
      '[[1., -2], [3e-4, .5]]',
      '((1, 2), (3, 4))',
      'torch.tensor([1., 2.], dtype=torch.float64)',
      'np.array([[1, 2]], dtype=np.float32)',
      'torch.tensor([1., float("nan"), -np.inf])',
      '[\n  1., # first\n  2.,\n]',
      '3.5',
    ]) {
      equal(literal(text), `input=${text}`);
    }
    equal(literal('torch.tensor([1.]).cuda()'), 'input=torch.tensor([1.])');
    equal(literal('(torch.tensor([1.]))'), 'input=torch.tensor([1.])');
  });

  it('are given as such a source that parseArray reads', () => {
    const [input] = call('x = torch.tensor([[1., 2.], [3., 4.]])\nF.mse_loss(|x, y)')!.arguments;
    const { dtype, shape, data } = parseArray(input!.literal!);
    deepEqual([dtype, shape, [...data]], ['float32', [2, 2], [1, 2, 3, 4]]);
  });

  it('are asked for where the source does not say what they hold', () => {
    for (const text of [
      'model(x)',
      'torch.randn(3)',
      'x[0]',
      '[a, 1.]',
      'torch.tensor([1., 2.]).view(2, 1)',
      'x + 1',
    ]) {
      deepEqual(arrays(`F.mse_loss(|${text}, y)`), [`input?${text}`, 'target~y'], text);
    }
    deepEqual(arrays('F.mse_loss(|batch.x, y)'), ['input~batch.x', 'target~y']);
  });

  it('are followed through variables to the assignment before the call', () => {
    deepEqual(arrays('x = [1.]\ny = x\nz = y\nF.mse_loss(|z, x)\nx = [2.]'), ['input=[1.]', 'target=[1.]']);
    deepEqual(arrays('x = [1.]\nx = [2.]\nF.mse_loss(|x, y)'), ['input=[2.]', 'target~y']);
    deepEqual(arrays('x = [1.]\ndef f():\n  F.mse_loss(|x, y)'), ['input=[1.]', 'target~y']);
    deepEqual(arrays('x, y = [1.], torch.tensor([2.])\nF.mse_loss(|x, y)'), [
      'input=[1.]',
      'target=torch.tensor([2.])',
    ]);
    deepEqual(arrays('def f(self):\n  self.x = [1.]\n  F.mse_loss(|self.x, y)'), ['input=[1.]', 'target~y']);
    const [input] = call('x = [1.]\nF.mse_loss(|x, y)')!.arguments;
    deepEqual([input!.kind, input!.text], ['variable', 'x']);
  });

  it('are not guessed where a variable may hold something else', () => {
    for (const [why, before] of Object.entries({
      'a condition': 'x = [1.]\nif a:\n  x = [2.]\n',
      'changed in place': 'x = [1.]\nx += 1\n',
      'an element set': 'x = [1.]\nx[0] = 2.\n',
      'a method that changes it': 'x = torch.tensor([1.])\nx.clamp_(0, 1)\n',
      'appended to': 'x = [1.]\nx.append(2.)\n',
      'something computed': 'x = [1.]\nx = f(x)\n',
      'a loop variable': 'x = [1.]\nfor x in xs: pass\n',
      deleted: 'x = [1.]\ndel x\n',
      unpacked: 'x, *rest = [1.], [2.]\n',
    })) {
      deepEqual(arrays(`${before}F.mse_loss(|x, y)`), ['input~x', 'target~y'], why);
    }
    deepEqual(arrays('x = [1.]\nfor i in r:\n  F.mse_loss(|x, y)\n  x = f(x)'), ['input~x', 'target~y']);
    deepEqual(arrays('x = [1.]\ndef f(): return F.mse_loss(|x, y)\nx = [2.]'), ['input~x', 'target~y']);
    deepEqual(arrays('def f(x=[1.]): return F.mse_loss(|x, y)'), ['input~x', 'target~y']);
    deepEqual(arrays('def f(x):\n  F.mse_loss(|x, y)\nx = [1.]'), ['input~x', 'target~y']);
    deepEqual(arrays('def f(self):\n  self.x = [1.]\n  self = g()\n  F.mse_loss(|self.x, y)'), [
      'input~self.x',
      'target~y',
    ]);
  });

  it('are nobody knows which behind unpacked ones', () => {
    const found = call('F.mse_loss(|*batch, y, reduction="sum", **more)')!;
    deepEqual(found.arguments, []);
    deepEqual(found.options, { reduction: 'sum' });
    deepEqual(found.unread, [
      { name: '*', text: 'batch' },
      { name: 'argument 1', text: 'y' },
      { name: '**', text: 'more' },
    ]);
  });
});

describe('the options of a loss call', () => {
  const options = (text: string) => call(text)?.options;

  it('come from the constructor, from partial and from the call', () => {
    deepEqual(options('c = nn.HuberLoss(delta=0.5)\nc(|a, b)'), { delta: 0.5 });
    deepEqual(options('nn.HuberLoss(delta=0.5, reduction="sum")(|a, b)'), { delta: 0.5, reduction: 'sum' });
    deepEqual(options('F.huber_loss(|a, b, delta=2)'), { delta: 2 });
    deepEqual(options('keras.losses.Huber(0.3)(|a, b)'), { delta: 0.3 });
    deepEqual(options('c = nn.Huber|Loss(delta=0.5)'), { delta: 0.5 });
    const partial = 'from functools import partial\nh = partial(F.huber_loss, delta=2, reduction="sum")\n';
    deepEqual(options(`${partial}h(|a, b, delta=3)`), { delta: 3, reduction: 'sum' });
    deepEqual(
      options('class A:\n  def __init__(self): self.c = nn.HuberLoss(delta=3)\n  def f(self): self.c(|a, b)'),
      {
        delta: 3,
      },
    );
    deepEqual(options("model.compile(optimizer='adam', loss='m|se')"), {});
  });

  it('leave out what changes nothing', () => {
    deepEqual(options('nn.HuberLoss(size_average=None, delta=1)(|a, b)'), { delta: 1 });
  });

  it('are read where they are constants', () => {
    const delta = (text: string) => options(`F.huber_loss(|a, b, delta=${text})`)?.delta;
    deepEqual(
      [
        '1/255',
        '1e-3*2',
        '-(2 + 3)',
        '2**-1',
        '7 // 2',
        '-7 % 3',
        '1_000.',
        '0x10',
        '1.e-2',
        'None',
        'True',
        "'sum'",
      ].map(delta),
      [1 / 255, 1e-3 * 2, -5, 0.5, 3, 2, 1000, 16, 0.01, null, true, 'sum'],
    );
    deepEqual(["float('inf')", '-np.inf', 'math.inf'].map(delta), [Infinity, -Infinity, Infinity]);
    deepEqual(options('DELTA = 0.25\ndef f(): F.huber_loss(|a, b, delta=2 * DELTA)'), { delta: 0.5 });
  });

  it('are named as unread where they are not', () => {
    for (const text of ['args.delta', 'f(1)', 'x', '1/0', 'f"sum"', '2j', '[1]']) {
      const found = call(`F.huber_loss(|a, b, delta=${text})`)!;
      deepEqual([found.options, found.unread], [{}, [{ name: 'delta', text }]], text);
    }
    deepEqual(call('F.huber_loss(|a, b, unheard_of=1)')!.unread, [{ name: 'unheard_of', text: '1' }]);
    deepEqual(call('c = nn.HuberLoss(delta=x)\nc(|a, b)')!.unread, [{ name: 'delta', text: 'x' }]);
    deepEqual(call('def f(d=1): F.huber_loss(|a, b, delta=d)')!.unread, [{ name: 'delta', text: 'd' }]);
  });

  it("are those of the user's own loss that the declared one has", () => {
    const own = call(
      'def mine(truth, guess, delta=1): # loss: huber\n  return 0\nmine(|[1.], [2.], delta=3)',
    )!;
    deepEqual(own.options, { delta: 3 });
    deepEqual(
      own.arguments.map(({ name, literal }) => [name, literal]),
      [
        ['truth', '[1.]'],
        ['guess', '[2.]'],
      ],
    );
    const made =
      'class Mine: # loss: huber\n  def __init__(self, delta): pass\n  def forward(self, a, b): pass\n';
    deepEqual(options(`${made}c = Mine(0.5)\nc(|x, y)`), { delta: 0.5 });
    deepEqual(arrays(`${made}c = Mine(0.5)\nc(|x, y)`), ['a~x', 'b~y']);
  });
});
