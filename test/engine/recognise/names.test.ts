import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { found, small } from './symbols.ts';

function cases(table: Readonly<Record<string, readonly string[]>>): void {
  for (const [source, expected] of Object.entries(table)) {
    it(JSON.stringify(source), () => deepEqual(found(source), expected));
  }
}

describe('losses named in Python', () => {
  describe('are found through every form of import', () => {
    cases({
      'import torch\ntorch.nn.HuberLoss': ['HuberLoss:HuberLoss'],
      'import torch as t\nt.nn.functional.huber_loss': ['huber_loss:huber_loss'],
      'import torch.nn\ntorch.nn.HuberLoss()': ['HuberLoss:HuberLoss'],
      'import torch.nn as nn\nnn.HuberLoss()': ['HuberLoss:HuberLoss'],
      'import os, torch.nn as nn, sys\nnn.HuberLoss()': ['HuberLoss:HuberLoss'],
      'from torch import nn\nnn.functional.mse_loss(a, b)': ['mse_loss:mse_loss'],
      'from torch.nn import HuberLoss\nHuberLoss()': ['HuberLoss:HuberLoss'],
      'from torch.nn import HuberLoss as H\nH()': ['H:HuberLoss'],
      'from torch.nn import (\n  L1Loss,\n  HuberLoss as H, # the robust one\n)\nH(), L1Loss()': [
        'H:HuberLoss',
        'L1Loss:L1Loss',
      ],
      'import torch.nn.functional as F\nF.kl_div(p, q)': ['kl_div:kl_div'],
      'from torch.nn import functional as F\nF.kl_div(p, q)': ['kl_div:kl_div'],
      'from torch.nn.functional import mse_loss as mse\nmse(a, b)': ['mse:mse_loss'],
      'from torch.nn.modules.loss import L1Loss\nL1Loss()': ['L1Loss:L1Loss'],
      'from torch.nn import *\nHuberLoss()\nfunctional.l1_loss(a, b)': [
        'HuberLoss:HuberLoss',
        'l1_loss:l1_loss',
      ],
      'from keras import losses\nlosses.Huber()': ['Huber:Huber'],
      'import keras\nkeras.losses.MSE(a, b)': ['MSE:mean_squared_error'],
      'import tensorflow as tf\ntf.keras.losses.Huber()\ntf.losses.huber(a, b)': [
        'Huber:Huber',
        'huber:huber',
      ],
      'from tensorflow import keras\nkeras.losses.KLDivergence()': ['KLDivergence:KLDivergence'],
      'from tensorflow.keras.losses import *\nHuber()': ['Huber:Huber'],
      'import tf_keras\ntf_keras.losses.Huber()': ['Huber:Huber'],
      'import tensorflow.compat.v2 as tf\ntf.keras.losses.Huber()': ['Huber:Huber'],
      'def f():\n  import torch.nn as nn\n  return nn.MSELoss()': ['MSELoss:MSELoss'],
      'try:\n  import torch.nn as nn\nexcept ImportError:\n  nn = None\nnn.MSELoss()': ['MSELoss:MSELoss'],
      'try:\n  from keras import losses\nexcept ImportError:\n  from tensorflow.keras import losses\nlosses.Huber()':
        ['Huber:Huber'],
      'if TYPE_CHECKING:\n  from torch import nn\ndef f(criterion: nn.MSELoss) -> nn.L1Loss: ...': [
        'MSELoss:MSELoss',
        'L1Loss:L1Loss',
      ],
    });
  });

  describe('are found through aliases', () => {
    cases({
      'import torch\nnn = torch.nn\nnn.MSELoss()': ['MSELoss:MSELoss'],
      'from torch import nn\nHuber = nn.HuberLoss\nHuber(delta=2)': [
        'HuberLoss:HuberLoss',
        'Huber:HuberLoss',
      ],
      'import torch.nn.functional as F\nf = F.mse_loss\ng = f\ng(a, b)': [
        'mse_loss:mse_loss',
        'f:mse_loss',
        'g:mse_loss',
      ],
      'from torch import nn\na = b = nn.MSELoss\nb()': ['MSELoss:MSELoss', 'b:MSELoss'],
      'from torch import nn\na, (b, c) = nn.MSELoss, (nn.L1Loss, 3)\na(), b(), c()': [
        'MSELoss:MSELoss',
        'L1Loss:L1Loss',
        'a:MSELoss',
        'b:L1Loss',
      ],
      'from torch import nn\nif (make := nn.MSELoss):\n  make()': ['MSELoss:MSELoss', 'make:MSELoss'],
      'from functools import partial\nimport torch.nn.functional as F\nh = partial(F.huber_loss, delta=2)\nh(a, b)':
        ['huber_loss:huber_loss', 'h:huber_loss'],
    });
  });

  describe('are found wherever they are read, called or not', () => {
    const nn = 'from torch import nn\n';
    cases({
      [`${nn}losses = {'mse': nn.MSELoss(), 'l1': nn.L1Loss}`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
      [`${nn}class Mine(nn.MSELoss):\n  pass`]: ['MSELoss:MSELoss'],
      [`${nn}isinstance(x, (nn.MSELoss, nn.L1Loss))`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
      [`${nn}f = lambda a, b, make=nn.MSELoss: nn.L1Loss()(a, b)`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
      [`${nn}print(f"{nn.MSELoss()} {x!r:{nn.L1Loss}}")`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
      [`${nn}nn.MSELoss.__name__`]: ['MSELoss:MSELoss'],
      [`${nn}@register(nn.MSELoss)\ndef f(): yield nn.L1Loss`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
      [`${nn}[nn.MSELoss() for _ in range(3)]`]: ['MSELoss:MSELoss'],
      [`${nn}nn . \\\n  MSELoss()`]: ['MSELoss:MSELoss'],
    });
  });

  describe('are not found', () => {
    const nn = 'from torch import nn\n';
    cases({
      'import tensorflow as tf\ntf.losses.huberLoss(a, b)': [],
      'from tensorflow.losses import huberLoss\nhuberLoss(a, b)': [],
      'nn.MSELoss()': [],
      'import torch\n# torch.nn.MSELoss()': [],
      "import torch\n\"torch.nn.MSELoss()\"\n'''\ntorch.nn.MSELoss\n'''": [],
      'import torch\n__all__ = ["MSELoss"]': [],
      'from torch.nn import MSELoss': [],
      'from .nn import MSELoss\nfrom . import nn\nMSELoss(), nn.L1Loss()': [],
      'from mylib.torch.nn import MSELoss\nMSELoss()': [],
      'import mytorch as torch\ntorch.nn.MSELoss()': [],
      'import torch\ndef HuberLoss(): pass\nHuberLoss()': [],
      'import torch\nclass nn:\n  MSELoss = 3\nnn.MSELoss()': [],
      [`${nn}def f(nn):\n  return nn.MSELoss()`]: [],
      [`${nn}def f(*nn, **kw): return nn.MSELoss`]: [],
      [`${nn}f = lambda nn: nn.MSELoss()`]: [],
      [`${nn}[nn.MSELoss() for nn in libraries]`]: [],
      [`${nn}{k: nn.MSELoss() for k, (nn, _) in libraries}`]: [],
      [`${nn}sum(nn.MSELoss() for nn in libraries)`]: [],
      [`${nn}for nn in libraries:\n  nn.MSELoss()`]: [],
      [`${nn}with library() as nn:\n  nn.MSELoss()`]: [],
      [`${nn}nn = load()\nnn.MSELoss()`]: [],
      [`${nn}del nn\nnn.MSELoss()`]: [],
      [`${nn}def f():\n  nn = load()\n  return nn.MSELoss()`]: [],
      [`${nn}def f():\n  print(nn.MSELoss)\n  nn = load()`]: [],
      [`${nn}match x:\n  case {'a': nn}:\n    nn.MSELoss()`]: [],
      [`${nn}try:\n  pass\nexcept E as nn:\n  nn.MSELoss()`]: [],
      [`${nn}if x:\n  nn = load()\nelse:\n  nn = other()\nnn.MSELoss()`]: [],
      [`${nn}if x:\n  nn = load()\n  nn.MSELoss()`]: [],
      [`${nn}if x:\n  nn = load()\nelif y:\n  raise E\nelse:\n  nn = other()\nnn.MSELoss()`]: [],
      [`${nn}f(MSELoss=3)\nx.MSELoss\nnn().MSELoss`]: [],
      [`${nn}nn.MSELoss = 3\nnn.MSELoss`]: [],
      [`${nn}class A:\n  nn = 3\n  x = nn.MSELoss`]: [],
      'class A:\n  from torch import nn\n  def f(self):\n    return nn.MSELoss()': [],
      'def f():\n  from torch import nn\nnn.MSELoss()': [],
      'from torch.nn import *\nfrom mine import HuberLoss\nHuberLoss()': [],
    });

    it('in other languages', () => {
      deepEqual(small.findLosses('import torch\ntorch.nn.MSELoss', 'plaintext'), []);
    });
  });

  describe('follow the order in which the program runs', () => {
    const nn = 'from torch import nn\n';
    cases({
      [`${nn}nn.MSELoss()\nnn = load()`]: ['MSELoss:MSELoss'],
      [`${nn}if x:\n  nn = load()\nnn.MSELoss()`]: ['MSELoss:MSELoss'],
      [`${nn}if x:\n  nn = load()\n  return\nnn.MSELoss()`]: ['MSELoss:MSELoss'],
      [`${nn}if x:\n  nn = load()\nelse:\n  nn.MSELoss()`]: ['MSELoss:MSELoss'],
      [`${nn}while x:\n  nn = load()\nnn.MSELoss()`]: ['MSELoss:MSELoss'],
      [`${nn}def f():\n  nn.MSELoss()\nnn = load()`]: [],
      'def f():\n  return nn.MSELoss()\nfrom torch import nn': ['MSELoss:MSELoss'],
      [`${nn}[nn for nn in nn.MSELoss]`]: ['MSELoss:MSELoss'],
      [`${nn}def f(nn=nn.MSELoss): pass`]: ['MSELoss:MSELoss'],
      [`${nn}class A:\n  nn = 3\n  def f(self):\n    return nn.MSELoss()`]: ['MSELoss:MSELoss'],
      'nn = None\ndef f():\n  global nn\n  from torch import nn\ndef g():\n  nn.MSELoss()': [
        'MSELoss:MSELoss',
      ],
      'def f():\n  nn = None\n  def g():\n    nonlocal nn\n    import torch.nn as nn\n  g()\n  nn.MSELoss()':
        ['MSELoss:MSELoss'],
      [`${nn}from torch.nn import *\nclass MSELoss: pass\nMSELoss()`]: [],
      'from mine import HuberLoss\nfrom torch.nn import *\nHuberLoss()': ['HuberLoss:HuberLoss'],
    });
  });

  describe('are found in unfinished code', () => {
    const nn = 'from torch import nn\n';
    cases({
      [`${nn}c = nn.HuberLoss(`]: ['HuberLoss:HuberLoss'],
      [`${nn}c = nn.HuberLoss(delta=\nx = c(a, b)\n`]: ['HuberLoss:HuberLoss', 'c:(HuberLoss)'],
      [`${nn}c = nn.HuberLoss()\nloss = c(a,\n\ndef f():\n  nn.`]: ['HuberLoss:HuberLoss', 'c:(HuberLoss)'],
      [`${nn}def f(\n  x = nn.MSELoss()\n`]: ['MSELoss:MSELoss'],
      [`${nn}class A(nn.Module\n  def __init__(self):\n    self.c = nn.MSELoss()\n`]: ['MSELoss:MSELoss'],
      [`%matplotlib inline\n!pip install torch\n${nn}nn.MSELoss()`]: ['MSELoss:MSELoss'],
      [`${nn}x = 1. if nn.MSELoss else 1.e-3\nnn.L1Loss`]: ['MSELoss:MSELoss', 'L1Loss:L1Loss'],
    });
  });

  it('are reported with all that a name may hold, the latest first', () => {
    const source = 'from torch import nn\nif x:\n  c = nn.MSELoss()\nelif y:\n  c = nn.L1Loss()\nc(a, b)';
    const last = small.findLosses(source, 'python').at(-1)!;
    deepEqual([last.symbol, last.alternatives], ['torch.nn.L1Loss', ['torch.nn.MSELoss']]);
  });

  it('are given by the UTF-16 range of the last name, and by the call that they head', () => {
    const source = 'import torch\n"🙂ü"; torch.nn.HuberLoss(delta=1.)';
    const start = source.indexOf('HuberLoss');
    deepEqual(small.findLosses(source, 'python'), [
      {
        start,
        end: start + 'HuberLoss'.length,
        symbol: 'torch.nn.HuberLoss',
        loss: 'huber',
        kind: 'class',
        call: { start: source.indexOf('torch.nn'), end: source.length },
      },
    ]);
  });
});
