/** Activations before losses that apply them, and none before those that do not. */
import { assertFixed, assertFound, torch } from './checking.ts';

const reports = (body: string, expected: string) =>
  it(`is found: ${JSON.stringify(body)}`, () => assertFound(torch(body), expected));
const silent = (why: string, body: string) => it(`is not found: ${why}`, () => assertFound(torch(body)));

const model = (returned: string, layers = '') => `class Net(nn.Module):
  def __init__(self):
    super().__init__()
    self.fc = nn.Linear(3, 10)
    self.softmax = nn.Softmax(dim=1)
${layers}
  def forward(self, x):
    x = self.fc(x)
    ${returned}
net = Net().to(device)
`;

describe('softmax before cross-entropy', () => {
  for (const written of [
    'F.softmax(x, dim=1)',
    'torch.softmax(x, 1)',
    'x.softmax(-1)',
    'nn.Softmax(dim=1)(x)',
    'F.softmax(x, dim=1).to(device)',
    'torch.clamp(F.softmax(x, dim=1), min=1e-7)',
    '(F.softmax(x, dim=1) if a else F.softmax(y, dim=1))',
  ]) {
    reports(`F.cross_entropy(${written}, y)`, `softmax-before-cross-entropy: ${written}`);
  }
  reports('F.cross_entropy(torch.sigmoid(x), y)', 'softmax-before-cross-entropy: torch.sigmoid(x)');

  it('is found through a variable, an instance of the loss and a loop', () => {
    const body =
      'c = nn.CrossEntropyLoss()\nfor x, y in data:\n  p = F.softmax(m(x), dim=1)\n  loss = c(p, y)\n  p = p + 1\n';
    assertFound(torch(body), 'softmax-before-cross-entropy: p');
  });

  it("is found through a model's forward", () => {
    for (const returned of [
      'return F.softmax(x, dim=1)',
      'return self.softmax(x)',
      'x = self.softmax(x)\n    return x',
    ]) {
      assertFound(
        torch(`${model(returned)}F.cross_entropy(net(a), y)`),
        'softmax-before-cross-entropy: net(a)',
      );
    }
  });

  it('is found at the end of a Sequential, of a list that is unpacked into one, and of one that is wrapped', () => {
    for (const made of [
      'nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=1))',
      'nn.Sequential(*[nn.Linear(3, 2), nn.Softmax(dim=1)])',
      'nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.Softmax(dim=1)))',
      "nn.Sequential(OrderedDict([('fc', nn.Linear(3, 2)), ('p', nn.Softmax(dim=1))]))",
      'nn.DataParallel(nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=1)).cuda())',
    ]) {
      assertFound(torch(`net = ${made}\nF.cross_entropy(net(a), y)`), 'softmax-before-cross-entropy: net(a)');
    }
  });

  it('is found in a method that calls its own forward, and in what a function builds', () => {
    const lightning = model(
      'return F.softmax(x, dim=1)',
      '  def training_step(self, batch):\n    x, y = batch\n    return F.cross_entropy(self(x), y)\n',
    );
    assertFound(torch(lightning), 'softmax-before-cross-entropy: self(x)');
    const built =
      'def build():\n  m = nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=1))\n  return m\nnet = build()\nF.cross_entropy(net(a), y)';
    assertFound(torch(built), 'softmax-before-cross-entropy: net(a)');
  });

  it('is found in an item of a tuple that a model or a function returns', () => {
    const gan = `${model('return self.fc(x), self.softmax(x)')}validity, label = net(a)\n`;
    assertFound(torch(`${gan}F.cross_entropy(label, y)`), 'softmax-before-cross-entropy: label');
    assertFound(torch(`${gan}F.cross_entropy(validity, y)`));
    assertFound(torch(`${gan.replace('validity, label', 'validity, *label')}F.cross_entropy(label, y)`));
    assertFound(torch(`${gan.replace('validity, label', 'validity, label, more')}F.cross_entropy(label, y)`));
    const f = 'def f(x):\n  return (x, F.softmax(x, dim=1))\na, p = f(x)\n';
    assertFound(torch(`${f}F.cross_entropy(p, y)`), 'softmax-before-cross-entropy: p');
  });

  it('is found at the end of a list that grows before it is unpacked', () => {
    const grown = (last: string) =>
      `layers = []\nfor n in sizes:\n  layers.append(nn.Linear(n, n))\n${last}net = nn.Sequential(*layers)\nF.cross_entropy(net(a), y)`;
    assertFound(torch(grown('layers.append(nn.Softmax(dim=1))\n')), 'softmax-before-cross-entropy: net(a)');
    assertFound(torch(grown('if p:\n  layers.append(nn.Softmax(dim=1))\n')));
    assertFound(torch(grown('layers.append(nn.Softmax(dim=1))\nlayers.extend(more)\n')));
  });

  silent('logits', `${model('return x')}F.cross_entropy(net(a), y)`);
  silent(
    'the softmax is for the accuracy',
    'logits = m(x)\np = F.softmax(logits, dim=1)\nF.cross_entropy(logits, y)',
  );
  silent('the target is the one of a teacher', 'F.cross_entropy(m(x), F.softmax(teacher(x), dim=1))');
  silent(
    'the loss is negative log-likelihood of its logarithm',
    'F.nll_loss(torch.log(F.softmax(x, dim=1) + 1e-8), y)',
  );
  silent('only one branch has one', 'if a:\n  x = F.softmax(x, dim=1)\nF.cross_entropy(x, y)');
  silent(
    'returns disagree',
    `${model('if self.training:\n      return x\n    return F.softmax(x, dim=1)')}F.cross_entropy(net(a), y)`,
  );
  silent('the name holds something else by then', 'p = F.softmax(x, dim=1)\np = m(x)\nF.cross_entropy(p, y)');
  silent(
    'a loop may have changed it',
    'p = F.softmax(x, dim=1)\nfor x in data:\n  F.cross_entropy(p, y)\n  p = m(x)\n',
  );
  silent('something unknown lies between', 'F.cross_entropy(mix(F.softmax(x, dim=1)), y)');
  silent('arithmetic lies between', 'F.cross_entropy(F.softmax(x, dim=1) * scale, y)');
  silent(
    'a layer follows it',
    'net = nn.Sequential(nn.Softmax(dim=1), nn.Linear(2, 2))\nF.cross_entropy(net(a), y)',
  );
  silent('a part of it is picked', 'F.cross_entropy(F.softmax(x, dim=1)[:, 1:], y)');
  silent(
    'the loss is one of several',
    'c = nn.CrossEntropyLoss() if a else nn.NLLLoss()\nc(F.softmax(x, dim=1), y)',
  );
  silent(
    'the layer is set from outside',
    `${model('return self.softmax(x)')}net.softmax = nn.Identity()\nF.cross_entropy(net(a), y)`,
  );
  silent(
    'the Sequential is changed',
    'net = nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=1))\nnet.append(nn.Linear(2, 2))\nF.cross_entropy(net(a), y)',
  );
  silent(
    'an argument of a function is unknown',
    'def loss(p, y):\n  return F.cross_entropy(p, y)\nloss(F.softmax(x, dim=1), y)',
  );
  silent(
    'the function is another one of that name',
    'def softmax(x, dim):\n  return x\nF.cross_entropy(softmax(x, 1), y)',
  );
  silent(
    'a generator returns nothing of it',
    'def f(x):\n  yield x\n  return F.softmax(x, dim=1)\nF.cross_entropy(f(x), y)',
  );

  it('is mended by passing the logits, or by taking the softmax away', () => {
    const body = 'z = m(x)\np = F.softmax(z, dim=1)\nF.cross_entropy(p, y)\n';
    assertFixed(
      body,
      'Pass z, as it was before the softmax',
      'z = m(x)\np = F.softmax(z, dim=1)\nF.cross_entropy(z, y)\n',
    );
    assertFixed(body, 'Remove the softmax', 'z = m(x)\np = z\nF.cross_entropy(p, y)\n');
    assertFixed(
      'F.cross_entropy(F.softmax(a + b, dim=1), y)',
      'Remove the softmax',
      'F.cross_entropy(a + b, y)',
    );
    assertFixed(
      'F.cross_entropy((a + b).softmax(1), y)',
      'Remove the softmax',
      'F.cross_entropy((a + b), y)',
    );
    assertFixed(
      'F.cross_entropy(F.softmax(a + b, 1).float(), y)',
      'Remove the softmax',
      'F.cross_entropy((a + b).float(), y)',
    );
    assertFixed(
      'net = nn.Sequential(\n  nn.Linear(3, 2),\n  nn.Softmax(dim=1),\n)\nF.cross_entropy(net(a), y)',
      'Remove the softmax layer',
      'net = nn.Sequential(\n  nn.Linear(3, 2),\n)\nF.cross_entropy(net(a), y)',
    );
  });
});

describe('log-softmax before cross-entropy', () => {
  reports('F.cross_entropy(F.log_softmax(x, 1), y)', 'log-softmax-before-cross-entropy: F.log_softmax(x, 1)');
  silent('the loss takes log-probabilities', 'F.nll_loss(F.log_softmax(x, 1), y)');
});

describe('a sigmoid before a loss with logits', () => {
  reports(
    'F.binary_cross_entropy_with_logits(torch.sigmoid(x), y)',
    'sigmoid-before-bce-with-logits: torch.sigmoid(x)',
  );
  reports(
    'nn.BCEWithLogitsLoss()(x.sigmoid().squeeze(1), y)',
    'sigmoid-before-bce-with-logits: x.sigmoid().squeeze(1)',
  );
  reports(
    'import torchvision\ntorchvision.ops.sigmoid_focal_loss(x.sigmoid(), y)',
    'sigmoid-before-bce-with-logits: x.sigmoid()',
  );
  silent('the loss takes probabilities', 'F.binary_cross_entropy(torch.sigmoid(x), y)');
  silent('logits', 'F.binary_cross_entropy_with_logits(nn.Linear(3, 1)(x), y)');
  silent('the sigmoid is of the target', 'F.binary_cross_entropy_with_logits(x, torch.sigmoid(t))');
});

describe('binary cross-entropy of logits', () => {
  reports('F.binary_cross_entropy(nn.Linear(3, 1)(x), y)', 'bce-of-logits: nn.Linear(3, 1)(x)');
  reports(
    'net = nn.Sequential(nn.Linear(3, 1), nn.Tanh())\nnn.BCELoss()(net(x), y)',
    'bce-of-logits: net(x)',
  );
  silent('a sigmoid is there', 'F.binary_cross_entropy(torch.sigmoid(nn.Linear(3, 1)(x)), y)');
  silent(
    'one of softmax, of which a class is picked',
    'F.binary_cross_entropy(F.softmax(x, dim=1)[:, 1], y)',
  );
  silent('nothing is known', 'nn.BCELoss()(model(x), y)');
  silent('something squashes it', 'F.binary_cross_entropy((torch.tanh(x) + 1) / 2, y)');

  it('is mended by the loss that takes logits', () => {
    assertFixed(
      'c = nn.BCELoss()\nc(nn.Linear(3, 1)(x), y)',
      'Use BCEWithLogitsLoss',
      'c = nn.BCEWithLogitsLoss()\nc(nn.Linear(3, 1)(x), y)',
    );
  });
});

describe('binary cross-entropy under autocast', () => {
  const inside = (context: string) => `${context}:\n  loss = F.binary_cross_entropy(p, y)\n`;
  for (const context of [
    "with torch.autocast('cuda')",
    'with torch.cuda.amp.autocast()',
    "with torch.amp.autocast(device_type='cuda', dtype=torch.float16)",
    'with torch.cuda.amp.autocast(enabled=amp)',
  ]) {
    reports(inside(context), 'bce-under-autocast: F.binary_cross_entropy');
  }
  silent('on the CPU torch computes it in float32', inside("with torch.autocast('cpu')"));
  silent('the device is not known', inside('with torch.autocast(device)'));
  silent('it is turned off', inside('with torch.cuda.amp.autocast(enabled=False)'));
  silent(
    'an inner one turns it off',
    "with torch.autocast('cuda'):\n  p = m(x)\n  with torch.autocast('cuda', enabled=False):\n    F.binary_cross_entropy(p.float(), y)\n",
  );
  silent(
    'the loss takes logits',
    "with torch.autocast('cuda'):\n  F.binary_cross_entropy_with_logits(x, y)\n",
  );
  silent(
    'a function is only defined there',
    "with torch.autocast('cuda'):\n  def f(p):\n    return F.binary_cross_entropy(p, y)\n",
  );

  it('is mended together with its sigmoid', () => {
    const title = 'Use binary_cross_entropy_with_logits, and no sigmoid before it';
    const context = "with torch.autocast('cuda'):\n  ";
    assertFixed(
      `${context}F.binary_cross_entropy(torch.sigmoid(x), y)\n`,
      title,
      `${context}F.binary_cross_entropy_with_logits(x, y)\n`,
    );
  });
});

describe('negative log-likelihood of what is no log-probability', () => {
  reports('F.nll_loss(F.softmax(x, dim=1), y)', 'nll-of-probabilities: F.softmax(x, dim=1)');
  reports('nn.NLLLoss()(nn.Linear(3, 2)(x), y)', 'nll-of-probabilities: nn.Linear(3, 2)(x)');
  silent('log_softmax', 'F.nll_loss(F.log_softmax(x, dim=1), y)');
  silent('the logarithm of a softmax', 'F.nll_loss(F.softmax(x, dim=1).clamp(min=1e-9).log(), y)');
  silent('the logarithm through variables', 'p = F.softmax(x, dim=1)\nl = p.log()\nF.nll_loss(l, y)');

  it('is mended by log_softmax, or by cross-entropy', () => {
    assertFixed(
      'F.nll_loss(F.softmax(x, dim=1), y)',
      'Use log_softmax',
      'F.nll_loss(F.log_softmax(x, dim=1), y)',
    );
    assertFixed(
      'nn.NLLLoss()(nn.Linear(3, 2)(x), y)',
      'Use CrossEntropyLoss',
      'nn.CrossEntropyLoss()(nn.Linear(3, 2)(x), y)',
    );
  });
});

describe('a divergence', () => {
  const sum = "reduction='sum'";
  reports(`F.kl_div(F.softmax(a, 1), F.softmax(b, 1), ${sum})`, 'kl-div-input: F.softmax(a, 1)');
  reports(`F.kl_div(F.log_softmax(a, 1), F.log_softmax(b, 1), ${sum})`, 'kl-div-input: F.log_softmax(b, 1)');
  reports(
    `F.kl_div(F.log_softmax(a, 1), F.softmax(b, 1), ${sum}, log_target=True)`,
    'kl-div-input: F.softmax(b, 1)',
  );
  reports('F.kl_div(p, q)', 'kl-div-reduction: kl_div');
  reports('c = nn.KLDivLoss()\nc(p, q)\nc(p, q)', 'kl-div-reduction: KLDivLoss');
  silent('both are as they should be', `F.kl_div(F.log_softmax(a / T, 1), F.softmax(b / T, 1), ${sum})`);
  silent(
    'logarithms, and log_target',
    `F.kl_div(F.log_softmax(a, 1), F.log_softmax(b, 1), ${sum}, log_target=True)`,
  );
  silent('log_target is not known', `F.kl_div(p, F.log_softmax(b, 1), ${sum}, log_target=flag)`);
  silent('a reduction is chosen', "nn.KLDivLoss(reduction='mean')(p, q)");
  silent('a reduction is passed on', 'F.kl_div(p, q, **options)');

  it('is mended', () => {
    assertFixed(
      'c = nn.KLDivLoss()',
      "Pass reduction='batchmean'",
      "c = nn.KLDivLoss(reduction='batchmean')",
    );
    assertFixed(
      `F.kl_div(F.softmax(a, 1), q, ${sum})`,
      'Use log_softmax',
      `F.kl_div(F.log_softmax(a, 1), q, ${sum})`,
    );
    assertFixed(
      `F.kl_div(p, F.log_softmax(b, 1), ${sum},)`,
      'Pass log_target=True',
      `F.kl_div(p, F.log_softmax(b, 1), ${sum}, log_target=True)`,
    );
  });
});
