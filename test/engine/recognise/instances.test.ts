import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { found, small } from './symbols.ts';

const nn = 'from torch import nn\n';
const instances = (source: string) => found(source).filter((loss) => loss.includes('('));

type Cases = Readonly<Record<string, readonly string[]>>;

function cases(table: Cases, read = found): void {
  for (const [source, expected] of Object.entries(table)) {
    it(JSON.stringify(source), () => deepEqual(read(source), expected));
  }
}

describe('instances of losses in Python', () => {
  describe('are found where they are read', () => {
    cases(
      {
        [`${nn}c = nn.MSELoss()\nc(a, b)\nprint(c.reduction)`]: ['c:(MSELoss)', 'c:(MSELoss)'],
        [`${nn}c = nn.MSELoss().to(device)\nc(a, b)`]: ['c:(MSELoss)'],
        [`${nn}c = nn.MSELoss().cuda().eval()\nc(a, b)`]: ['c:(MSELoss)'],
        'import torch\nc = torch.compile(torch.nn.MSELoss())\nc(a, b)': ['c:(MSELoss)'],
        [`${nn}c: nn.Module = nn.MSELoss()\nd = c\nd(a, b)`]: ['c:(MSELoss)', 'd:(MSELoss)'],
        [`${nn}c = given or nn.MSELoss()\nc(a, b)`]: ['c:(MSELoss)'],
        [`${nn}c = nn.MSELoss() if x else None\nc(a, b)`]: ['c:(MSELoss)'],
        [`${nn}c = None\nif x:\n  c = nn.MSELoss()\nc(a, b)`]: ['c:(MSELoss)'],
        [`${nn}def f(c=nn.MSELoss()):\n  return c(a, b)`]: ['c:(MSELoss)'],
        [`${nn}c = nn.MSELoss()\ndef f():\n  return c(a, b)`]: ['c:(MSELoss)'],
        [`${nn}c = nn.MSELoss()\ndef f():\n  return c(a, b)\nf()\nc = nn.L1Loss()`]: ['c:(MSELoss)'],
        [`${nn}model.c = nn.MSELoss()\nmodel.c(a, b)`]: ['c:(MSELoss)'],
      },
      instances,
    );
  });

  describe('are found in parameters, by what the calls in the source give', () => {
    const main = '\nmain = 1\nc = nn.MSELoss()\n';
    const twice = ['c:(MSELoss)', 'c:(MSELoss)'];
    cases(
      {
        [`${nn}def train(model, c):\n  c(a, b)${main}train(m, c)`]: twice,
        [`${nn}def train(model, *, c=None):\n  c(a, b)${main}train(m, c=c)`]: twice,
        [`${nn}def train(c):\n  c(a, b)\ndef outer(d):\n  train(d)\nouter(nn.MSELoss())`]: [
          'c:(MSELoss)',
          'd:(MSELoss)',
        ],
        [`${nn}class A:\n  def __init__(self, m, c):\n    self.c = c\n  def f(self):\n    self.c(a, b)${main}A(m, c)`]:
          [...twice, 'c:(MSELoss)'],
        [`${nn}def train(model, c):\n  c(a, b)${main}train(c, m)`]: ['c:(MSELoss)'],
        [`${nn}def train(model, c):\n  c(a, b)${main}train(*x, c)`]: ['c:(MSELoss)'],
        [`${nn}def train(c):\n  c(a, b)${main}other.train(c)`]: ['c:(MSELoss)'],
        [`${nn}def train(*c):\n  c(a, b)${main}train(c)`]: ['c:(MSELoss)'],
        [`${nn}def train(c):\n  c(a, b)\ndef train(d): pass${main}train(c)`]: ['c:(MSELoss)'],
        [`${nn}def train(c):\n  c = f(c)\n  c(a, b)${main}train(c)`]: twice,
        [`${nn}def train(c):\n  return train(c)\ntrain(train)`]: [],
        [`${nn}def train(c):\n  c(a, b)\n  train(c)${main}train(c)\ntrain(None)`]: [...twice, 'c:(MSELoss)'],
        [`${nn}def train(c):\n  c(a, b)${main}train(c)\ntrain(other)`]: ['c:(MSELoss)'],
      },
      instances,
    );
  });

  describe('are found in objects', () => {
    const method = '  def forward(self, a, b):\n    return self.c(a, b)\n';
    cases(
      {
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\n${method}`]: ['c:(MSELoss)'],
        [`${nn}class A(TestCase):\n${method}  def setUp(self):\n    self.c = nn.MSELoss()\n`]: [
          'c:(MSELoss)',
        ],
        [`${nn}class A:\n  c = nn.MSELoss()\n${method}`]: ['c:(MSELoss)'],
        [`${nn}@dataclass\nclass A:\n  c: nn.Module = nn.MSELoss()\n${method}`]: ['c:(MSELoss)'],
        [`${nn}import dataclasses\nclass A:\n  c: nn.Module = dataclasses.field(default_factory=nn.MSELoss)\n${method}`]:
          ['c:(MSELoss)'],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\nclass B(A):\n${method}`]: [
          'c:(MSELoss)',
        ],
        [`${nn}class A:\n  def __init__(this):\n    this.c = nn.MSELoss()\na = A()\na.c(x, y)`]: [
          'c:(MSELoss)',
        ],
        [`${nn}class A:\n  c = nn.MSELoss()\n  @classmethod\n  def f(cls):\n    cls.c(a, b)\nA.c(a, b)`]: [
          'c:(MSELoss)',
          'c:(MSELoss)',
        ],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\n  def f(self):\n    def g():\n      return self.c(a, b)`]:
          ['c:(MSELoss)'],
      },
      instances,
    );
  });

  describe('are not found', () => {
    cases(
      {
        [`${nn}c = nn.MSELoss()\nc = c(a, b)\nc.backward()`]: ['c:(MSELoss)'],
        [`${nn}c = nn.MSELoss()\nfor c in x:\n  c(a, b)`]: [],
        [`${nn}loss = nn.MSELoss()(a, b)\nloss.backward()`]: [],
        [`${nn}import torch.nn.functional as F\nloss = F.mse_loss(a, b)\nloss.backward()`]: [],
        [`${nn}class Mine(nn.MSELoss):\n  def forward(self, a, b): return 0\nc = Mine()\nc(a, b)`]: [],
        [`${nn}class A:\n  def __init__(self, c):\n    self.c = c\n  def f(self):\n    self.c(a, b)\nc = nn.MSELoss()`]:
          [],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\n  @staticmethod\n  def f(self):\n    self.c(a, b)`]:
          [],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\nclass B:\n  def f(self):\n    self.c(a, b)`]:
          [],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\n  def f(self, other):\n    other.c(a, b)`]:
          [],
        [`${nn}class A:\n  def __init__(self):\n    self.c = nn.MSELoss()\n  def f(self):\n    self.c = g\n    self.c(a, b)`]:
          [],
        [`${nn}model.c = nn.MSELoss()\nmodel = load()\nmodel.c(a, b)`]: [],
      },
      instances,
    );
  });
});

describe("Keras' string ids in compile", () => {
  const keras = 'import keras\n';
  cases({
    [`${keras}model.compile(loss='mse')`]: ['mse:mean_squared_error'],
    [`${keras}model.compile('adam', "MAE")`]: ['MAE:mean_absolute_error'],
    [`${keras}loss = 'mse'\nmodel.compile(loss=loss)`]: ['mse:mean_squared_error'],
    [`${keras}kind = 'mse' if a else 'huber'\nfor m in models:\n  m.compile(loss=[kind])\nn.compile(loss=kind)`]:
      ['mse:mean_squared_error', 'huber:huber'],
    [`${keras}A = {'out': 'mse'}\ndef f(m):\n  m.compile('adam', A)`]: ['mse:mean_squared_error'],
    [`${keras}loss = 'mse'\nif a: loss = f()\nmodel.compile(loss=loss)`]: [],
    [`${keras}def f(m, loss='mse'):\n  m.compile(loss=loss)`]: [],
    [`${keras}loss = 'mse'\nmodel.compile(metrics=loss)`]: [],
    [`${keras}model.compile(loss=u'MeanSquaredError', metrics=['mae'])`]: [
      'MeanSquaredError:mean_squared_error',
    ],
    [`${keras}model.compile(loss='KLDivergence')\nm.compile(loss='kl_divergence')`]: [
      'KLDivergence:kl_divergence',
      'kl_divergence:kl_divergence',
    ],
    [`${keras}model.compile(loss=['mse', ('mae')])`]: ['mse:mean_squared_error', 'mae:mean_absolute_error'],
    [`${keras}model.compile(loss={'mse': 'mae', 'b': 'huber'})`]: ['mae:mean_absolute_error', 'huber:huber'],
    [`${keras}model.compile(loss='mse' if x == 'mae' else 'huber')`]: [
      'mse:mean_squared_error',
      'huber:huber',
    ],
    "from tensorflow.keras.models import Sequential\nSequential([]).compile(loss='mse')": [
      'mse:mean_squared_error',
    ],
    "model.compile(optimizer='adam', loss='mse')": ['mse:mean_squared_error'],
    "model.compile(loss='mse')": [],
    "import deepxde\nmodel.compile('adam', lr=1e-3, loss='mse')": [],
    [`${keras}import re\nre.compile('mse', 'mse')`]: [],
    [`${keras}model.compile('mse')`]: [],
    [`${keras}model.compile(loss='mape')`]: [],
    [`${keras}model.compile(loss=f'mse', metrics='mse')`]: [],
    [`${keras}model.compile(loss=losses['mse'])`]: [],
    [`${keras}model.compile(loss=get('mse'))`]: [],
    [`${keras}model.fit(loss='mse')\n'mse'`]: [],
    [`${keras}model.compile(loss='`]: [],
    [`${keras}model.compile(loss='mse', `]: ['mse:mean_squared_error'],
  });

  it('carry the context compile, for their reduction is that of compile', () => {
    const source = `${keras}model.compile(loss=keras.losses.mse, extra=1)\nmodel.compile(loss='mse')`;
    deepEqual(
      small.findLosses(source, 'python').map(({ context }) => context),
      [undefined, 'compile'],
    );
  });
});

describe("the user's own losses", () => {
  cases({
    'def mine(a, b): # loss: huber\n  return 0\nmine(a, b)': ['mine:huber'],
    'def mine(\n  a,\n  b,\n):  #loss:huber, as in the paper\n  return 0\nmine(a, b)': ['mine:huber'],
    'class Mine(Base):  # loss: dice\n  pass\nc = Mine()\nc(a, b)': ['Mine:dice', 'c:(dice)'],
    'mine = make()  # loss: lsgan-generator\nmine(a)': ['mine:lsgan-generator'],
    'class A:\n  def __init__(self):\n    self.f = make() # loss: dice\n  def g(self): self.f(a)': ['f:dice'],
    'def mine(a, b): # loss: no-such-loss\n  return 0\nmine(a, b)': [],
    'def mine(a, b): # loss: 0.25\n  return 0\nmine(a, b)': [],
    // An id is written out: `huber_loss` is not taken for `huber`.
    'def mine(a, b): # loss: huber_loss\n  return 0\nmine(a, b)': [],
    'def mine(a, b): # loss: huber-2\n  return 0\nmine(a, b)': [],
    'criterion = MyLoss()  # loss: huber\ncriterion(a, b)': ['criterion:huber'],
    'criterion: Module = MyLoss(0.5)  # loss: huber\ncriterion(a, b)': ['criterion:huber'],
    'class G:\n  def d(self, x, y):  # loss: lsgan-generator\n    return 0\n  def f(self): return self.d(a, b)':
      ['d:lsgan-generator'],
    'from my.losses import overlap  # loss: dice\noverlap(a, b)': ['overlap:dice'],
    'from .losses import (\n  d,  # loss: lsgan-generator\n  G as g,  # loss: lsgan-generator\n  other,\n)\nd(a, b), g(a), other(a)':
      ['d:lsgan-generator', 'g:lsgan-generator'],
    'from my.losses import Overlap  # loss: dice\nc = Overlap()\nc(a, b)': ['Overlap:dice', 'c:(dice)'],
    'import my.losses  # loss: dice\nmy.losses(a)': [],
    'from torch import nn\nclass Mine(nn.HuberLoss):  # loss: dice\n  pass\nMine()(a, b)': [
      'HuberLoss:HuberLoss',
      'Mine:dice',
    ],
    'def mine(a, b):\n  # loss: huber\n  return 0\nmine(a, b)': [],
    'mine = "# loss: huber"\nmine': [],
    'x = 1 # loss: huber\nx = 2\nx': [],
    'import torch\ndef mine(a): # loss: dice\n  pass\ndef mine(a): pass\nmine(a)': [],
  });
});
