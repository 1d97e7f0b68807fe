/** Shapes, dtypes, orders and arguments of calls, and what Keras and others make of them. */

import assert from 'node:assert/strict';
import { assertFixed, assertFound, fixed, torch } from './checking.ts';

const reports = (body: string, ...expected: string[]) =>
  it(`is found: ${JSON.stringify(body)}`, () => assertFound(torch(body), ...expected));
const silent = (why: string, body: string) => it(`is not found: ${why}`, () => assertFound(torch(body)));

describe('[N, 1] against [N]', () => {
  reports('F.mse_loss(nn.Linear(3, 1)(x), y.view(-1))', 'broadcast-shapes: nn.Linear(3, 1)(x)');
  reports('F.l1_loss(p.flatten(), t.reshape(-1, 1))', 'broadcast-shapes: t.reshape(-1, 1)');
  reports('F.huber_loss(torch.randn(4, 1), torch.randn(4))', 'broadcast-shapes: torch.randn(4, 1)');
  reports(
    'F.mse_loss(torch.randn(4), torch.randn(4).unsqueeze(1))',
    'broadcast-shapes: torch.randn(4).unsqueeze(1)',
  );
  reports(
    'nn.BCEWithLogitsLoss()(nn.Linear(3, 1)(x), y.view(-1).float())',
    'broadcast-shapes: nn.Linear(3, 1)(x)',
  );
  silent('the last dimension is squeezed', 'F.mse_loss(nn.Linear(3, 1)(x).squeeze(-1), y.view(-1))');
  silent('both are columns', 'F.mse_loss(nn.Linear(3, 1)(x), y.view(-1, 1))');
  silent('both are flat', 'F.mse_loss(p.view(-1), y.view(-1))');
  silent('the shape of the target is not known', 'F.mse_loss(nn.Linear(3, 1)(x), y)');
  silent('the layer has as many outputs as are not known', 'F.mse_loss(nn.Linear(3, n)(x), y.view(-1))');
  silent('one element against one', 'F.mse_loss(torch.zeros(1, 1), torch.zeros(1))');
  silent('the prediction is a batch of sequences', 'F.mse_loss(torch.zeros(4, 5, 1), torch.zeros(4))');
  silent('the target may be of one dimension or two', 'F.mse_loss(nn.Linear(3, 1)(x), y.squeeze())');

  it('is mended by a squeeze', () => {
    const title = 'Squeeze the last dimension';
    assertFixed(
      'F.mse_loss(nn.Linear(3, 1)(x), y.view(-1))',
      title,
      'F.mse_loss(nn.Linear(3, 1)(x).squeeze(-1), y.view(-1))',
    );
  });
});

describe('the class axis', () => {
  const tagger = (returned: string) => `class Tagger(nn.Module):
  def __init__(self):
    super().__init__()
    self.lstm = nn.LSTM(3, 4, batch_first=True)
    self.fc = nn.Linear(4, 7)
  def forward(self, x):
    out, hidden = self.lstm(x)
    return ${returned}
tagger = Tagger()
`;
  reports(`${tagger('self.fc(out)')}F.cross_entropy(tagger(x), y)`, 'class-axis: tagger(x)');
  silent('the last step is picked', `${tagger('self.fc(out[:, -1])')}F.cross_entropy(tagger(x), y)`);
  silent('it is moved', `${tagger('self.fc(out)')}F.cross_entropy(tagger(x).transpose(1, 2), y)`);
  silent('it is flattened', `${tagger('self.fc(out)')}F.cross_entropy(tagger(x).view(-1, 7), y.view(-1))`);
  silent('the hidden state is used', `${tagger('self.fc(hidden)')}F.cross_entropy(tagger(x), y)`);

  it('is mended by a transposition', () => {
    const body = `${tagger('self.fc(out)')}F.cross_entropy(tagger(x), y)`;
    assertFixed(body, 'Move the classes to axis 1', body.replace('tagger(x)', 'tagger(x).transpose(1, 2)'));
  });
});

describe("the target's dtype", () => {
  reports('F.cross_entropy(x, y.int())', 'target-dtype: y.int()');
  reports('F.cross_entropy(x, y.to(torch.int32))', 'target-dtype: y.to(torch.int32)');
  reports('F.cross_entropy(x, y.view(-1).float())', 'target-dtype: y.view(-1).float()');
  reports('F.cross_entropy(x, F.one_hot(y, 3))', 'target-dtype: F.one_hot(y, 3)');
  reports('F.nll_loss(x, y > 0.5)', 'target-dtype: y > 0.5');
  reports('F.binary_cross_entropy_with_logits(x, y.long())', 'target-dtype: y.long()');
  reports('F.binary_cross_entropy_with_logits(x, y == 1)', 'target-dtype: y == 1');
  silent('indices', 'F.cross_entropy(x, y.long())');
  silent('indices, moved', 'F.cross_entropy(x, y.long().to(device))');
  silent('probabilities of classes', 'F.cross_entropy(x, F.one_hot(y, 3).float())');
  silent('floats of a shape that is not known', 'F.cross_entropy(x, y.float())');
  silent('indices out of one_hot', 'F.cross_entropy(x, F.one_hot(y, 3).argmax(1))');
  silent('floats', 'F.binary_cross_entropy_with_logits(x, y.long().float())');
  silent('a cast to what is not known', 'F.binary_cross_entropy_with_logits(x, y.long().to(x))');
  silent('torch promotes it', 'F.mse_loss(x, y.long())');

  it('is mended by a cast', () => {
    assertFixed('F.cross_entropy(x, y.int())', 'Cast to long', 'F.cross_entropy(x, y.long())');
    assertFixed(
      'F.binary_cross_entropy_with_logits(x, y == 1)',
      'Cast to float',
      'F.binary_cross_entropy_with_logits(x, (y == 1).float())',
    );
  });
});

describe('an ignore_index that is a class', () => {
  const c = (options: string, rest: string) => `c = nn.CrossEntropyLoss(${options})\n${rest}`;
  reports(c('ignore_index=0', 'c(nn.Linear(3, 21)(x), y)'), 'ignore-index-is-class: ignore_index=0');
  reports(
    'F.cross_entropy(nn.Linear(3, 21)(x), y, ignore_index=20)',
    'ignore-index-is-class: ignore_index=20',
  );
  it('is found once, however often the loss is evaluated', () => {
    const twice = 'c(nn.Linear(3, 21)(x), y)\nc(nn.Linear(3, 21)(x), y)';
    assertFound(torch(c('ignore_index=0', twice)), 'ignore-index-is-class: ignore_index=0');
  });
  silent('no class has it', c('ignore_index=255', 'c(nn.Linear(3, 21)(x), y)'));
  silent('the default', c('', 'c(nn.Linear(3, 21)(x), y)'));
  silent('the classes are not known', c('ignore_index=0', 'c(model(x), y)'));
  silent('it stands for padding', `PAD = 0\n${c('ignore_index=0', 'c(nn.Linear(3, 21)(x), y) # pad')}`);
});

describe('an operation without gradient', () => {
  const loop = (body: string) => `for x, y in loader:\n  ${body.replaceAll('\n', '\n  ')}\n`;
  reports(
    loop('p = m(x).argmax(1).float()\nloss = F.mse_loss(p, y)\nloss.backward()'),
    'non-differentiable: p',
  );
  reports(
    loop('loss = F.l1_loss((m(x) > 0.5).float(), y)\nloss.backward()'),
    'non-differentiable: (m(x) > 0.5).float()',
  );
  reports(
    loop('p = m(x)\nF.mse_loss(p.detach(), y.to(device)).backward()'),
    'non-differentiable: p.detach()',
  );
  silent('only a metric', loop('p = m(x).argmax(1).float()\nerror = F.mse_loss(p, y)'));
  silent(
    'another loss is trained',
    loop('error = F.mse_loss(m(x).round(), y)\nloss = F.mse_loss(m(x), y)\nloss.backward()'),
  );
  silent(
    'it is one of several',
    loop('loss = F.mse_loss(p.detach(), y) + F.mse_loss(p, y)\nloss.backward()'),
  );
  silent(
    'the gradient goes to the other argument',
    loop('z = encode(x)\nloss = F.mse_loss(q.detach(), z)\nloss.backward()'),
  );
  silent('the target is detached', loop('loss = F.mse_loss(m(x), t(x).detach())\nloss.backward()'));
  silent('a discriminator follows', loop('loss = F.mse_loss(D(G(x).detach()), y)\nloss.backward()'));
});

describe('swapped arguments', () => {
  reports('F.cross_entropy(labels, logits)', 'swapped-arguments: labels, logits');
  reports(
    'nn.CrossEntropyLoss()(a.long(), nn.Linear(8, 3)(x))',
    'swapped-arguments: a.long(), nn.Linear(8, 3)(x)',
  );
  reports(
    'F.nll_loss(a.argmax(dim=1), F.log_softmax(x, dim=1))',
    'swapped-arguments: a.argmax(dim=1), F.log_softmax(x, dim=1)',
  );
  reports(
    'F.binary_cross_entropy(a.int(), torch.sigmoid(x))',
    'swapped-arguments: a.int(), torch.sigmoid(x)',
  );
  reports('nn.BCELoss()(target.float(), output)', 'swapped-arguments: target.float(), output');
  reports(
    'import keras\nkeras.losses.BinaryCrossentropy()(y_pred, y_true)',
    'swapped-arguments: y_pred, y_true',
  );
  reports(
    'from sklearn.metrics import log_loss\nlog_loss(y_pred, y_test)',
    'swapped-arguments: y_pred, y_test',
  );
  silent('in order', 'F.cross_entropy(logits, labels)');
  silent('by keyword', 'F.cross_entropy(target=labels, input=logits)');
  silent('a symmetric loss', 'F.mse_loss(target, output)');
  silent('integers, and nothing known of the other', 'F.cross_entropy(a.long(), b)');
  silent('integers that are labels', 'F.cross_entropy(F.relu(x), a.long())');
  silent('soft labels', 'F.cross_entropy(nn.Linear(8, 3)(x), F.softmax(t, dim=1))');
  silent(
    'integers in Keras, which takes them',
    'import keras\nkeras.losses.BinaryCrossentropy()(F.sigmoid(x), a.long())',
  );
  silent('one name alone says so', 'F.binary_cross_entropy(labels, x)');
  silent('Keras takes the target first', 'import keras\nkeras.losses.BinaryCrossentropy()(y_true, y_pred)');

  it('are mended by swapping', () => {
    assertFixed('F.cross_entropy(labels, logits)', 'Swap the arguments', 'F.cross_entropy(logits, labels)');
  });
});

describe('a softmax without dim', () => {
  reports('F.softmax(x)', 'softmax-without-dim: softmax');
  reports('nn.LogSoftmax()', 'softmax-without-dim: LogSoftmax');
  silent('it is given', 'F.softmax(x, 1), F.softmax(x, dim=-1), nn.Softmax(1), nn.Softmax(dim=0)');
  silent('it may be given', 'F.softmax(x, **options)');
  silent('the last axis is the default there', 'import jax\njax.nn.softmax(x)');
  silent('a function of that name', 'def softmax(x):\n  return x\nsoftmax(x)');
});

describe('deprecated arguments', () => {
  reports('nn.MSELoss(size_average=False)', 'deprecated-arguments: size_average=False');
  reports(
    'F.mse_loss(a, b, reduce=False, size_average=True)',
    'deprecated-arguments: reduce=False, size_average=True',
  );
  silent('the new one', "nn.MSELoss(reduction='sum')");

  it('are mended by the reduction that they mean', () => {
    for (const [given, reduction] of [
      ['size_average=False', 'sum'],
      ['size_average=True', 'mean'],
      ['reduce=False', 'none'],
      ['size_average=False, reduce=True', 'sum'],
      ['reduce=False, size_average=False', 'none'],
    ]) {
      assertFixed(
        `nn.MSELoss(${given})`,
        `Pass reduction='${reduction}'`,
        `nn.MSELoss(reduction='${reduction}')`,
      );
    }
    assertFixed(
      "nn.MSELoss(size_average=False, reduction='mean')",
      "Pass reduction='sum'",
      "nn.MSELoss(reduction='sum')",
    );
  });
});

describe('Dice without an activation', () => {
  const monai =
    'from monai.losses import DiceLoss\nfrom monai.networks.nets import UNet\nnet = UNet(spatial_dims=2).to(device)\n';
  reports(`${monai}DiceLoss(to_onehot_y=True)(net(x), y)`, 'dice-without-activation: net(x)');
  silent('the loss applies one', `${monai}DiceLoss(softmax=True)(net(x), y)`);
  silent('another activation is given', `${monai}DiceLoss(other_act=torch.tanh)(net(x), y)`);
  silent('one is applied before', `${monai}DiceLoss()(torch.sigmoid(net(x)), y)`);
  silent('an option is not known', `${monai}DiceLoss(sigmoid=flag)(net(x), y)`);
  reports(
    `${monai}DiceLoss(sigmoid=True)(torch.sigmoid(net(x)), y)`,
    'sigmoid-before-bce-with-logits: torch.sigmoid(net(x))',
  );
  reports(
    "import segmentation_models_pytorch as smp\nnet = smp.Unet('resnet34', activation='sigmoid')\nsmp.losses.DiceLoss('binary')(net(x), y)",
    'sigmoid-before-bce-with-logits: net(x)',
  );
});

describe('from_logits', () => {
  const keras = (last: string, loss: string) =>
    `import keras\nfrom keras import layers\nmodel = keras.Sequential([layers.Dense(4, activation='relu'), ${last}])\nmodel.compile(optimizer='adam', loss=${loss})`;
  const sparse = (options: string) => `keras.losses.SparseCategoricalCrossentropy(${options})`;
  reports(
    keras("layers.Dense(3, activation='softmax')", sparse('from_logits=True')),
    `from-logits: ${sparse('from_logits=True')}`,
  );
  reports(keras('layers.Dense(3)', sparse('')), `from-logits: ${sparse('')}`);
  reports(keras('layers.Dense(1)', "'binary_crossentropy'"), "from-logits: 'binary_crossentropy'");
  silent('both say softmax', keras("layers.Dense(3, activation='softmax')", "'categorical_crossentropy'"));
  silent('both say logits', keras('layers.Dense(3)', sparse('from_logits=True')));
  silent('the activation is a variable', keras('layers.Dense(3, activation=last)', sparse('')));
  silent('an activation follows', keras("layers.Dense(3), layers.Activation('softmax')", sparse('')));
  silent('the option is a variable', keras('layers.Dense(3)', sparse('from_logits=flag')));
  silent('another loss', keras('layers.Dense(3)', "'mse'"));
  silent('several losses', keras('layers.Dense(3)', "{'a': 'binary_crossentropy'}"));

  it('is found in models that grow, that are functional, and that are classes', () => {
    const compile = "model.compile('adam', 'binary_crossentropy')";
    for (const made of [
      'model = keras.Sequential()\nmodel.add(keras.layers.Dense(4))\nmodel.add(keras.layers.Dense(1))',
      'x = keras.Input((3,))\nz = keras.layers.Dense(1)(x)\nmodel = keras.Model(x, z)',
      'class M(keras.Model):\n  def __init__(self):\n    self.d = keras.layers.Dense(1)\n  def call(self, x):\n    return self.d(x)\nmodel = M()',
      'def build():\n  return keras.Sequential([keras.layers.Dense(1)])\nmodel = build()',
    ]) {
      assertFound(`import keras\n${made}\n${compile}`, "from-logits: 'binary_crossentropy'");
    }
    const later =
      'model = keras.Sequential()\nmodel.add(keras.layers.Dense(1))\nif a:\n  model.add(keras.layers.Softmax())';
    assertFound(`import keras\n${later}\n${compile}`);
  });

  it('is found where a loss is called', () => {
    const source =
      'import tensorflow as tf\nc = tf.keras.losses.BinaryCrossentropy(from_logits=True)\nc(y, tf.nn.sigmoid(x))';
    assertFound(source, 'from-logits: tf.nn.sigmoid(x)');
    assertFound(
      'import tensorflow as tf\ntf.nn.softmax_cross_entropy_with_logits(labels=y, logits=tf.nn.softmax(x))',
      'softmax-before-cross-entropy: tf.nn.softmax(x)',
    );
    assertFound(
      'import optax, jax\noptax.softmax_cross_entropy(jax.nn.softmax(x), y)',
      'softmax-before-cross-entropy: jax.nn.softmax(x)',
    );
  });

  it('is mended at the loss, or at the layer', () => {
    const mends = (source: string, title: string, piece: string) =>
      assert.ok(fixed(source, title).includes(piece), fixed(source, title));
    const twice = keras("layers.Dense(3, activation='softmax')", sparse('from_logits=True'));
    mends(twice, 'Remove from_logits=True', 'SparseCategoricalCrossentropy()');
    mends(twice, "Remove activation='softmax'", 'layers.Dense(3)]');
    mends(keras('layers.Dense(3)', sparse('')), 'Pass from_logits=True', sparse('from_logits=True'));
    const id = keras('layers.Dense(1)', "'binary_crossentropy'");
    mends(id, 'Pass from_logits=True', 'loss=keras.losses.BinaryCrossentropy(from_logits=True)');
  });
});

describe('LPIPS of images in [0, 1]', () => {
  const lpips = (given: string) => `import lpips\nd = lpips.LPIPS(net='vgg').cuda()\nd(${given})`;
  reports(lpips('torch.sigmoid(a), b'), 'lpips-range: torch.sigmoid(a)');
  silent('it is told', lpips('torch.sigmoid(a), b, normalize=True'));
  silent('they are rescaled', lpips('torch.sigmoid(a) * 2 - 1, b'));
  silent('nothing is known', lpips('a, b'));

  it('is mended in the call', () => {
    assertFixed(
      lpips('torch.sigmoid(a), b'),
      'Pass normalize=True',
      lpips('torch.sigmoid(a), b, normalize=True'),
    );
  });
});

describe('a discriminator of two ranges', () => {
  const gan = (
    transform: string,
    { real = 'D(images)', last = 'nn.Tanh()' } = {},
  ) => `from torch.utils.data import DataLoader
from torchvision import datasets, transforms
data = datasets.MNIST('data', transform=${transform})
loader = DataLoader(data, batch_size=64)
G = nn.Sequential(nn.Linear(8, 784), ${last}).to(device)
D = nn.Sequential(nn.Linear(784, 1), nn.Sigmoid()).to(device)
for epoch in range(9):
  for i, (images, _) in enumerate(loader):
    images = images.reshape(64, -1).to(device)
    real = ${real}
    fake = D(G(z))
`;
  reports(gan('transforms.ToTensor()'), 'gan-range: images');
  reports(gan('transforms.Compose([transforms.Resize(32), transforms.ToTensor()])'), 'gan-range: images');
  silent(
    'the images are normalised',
    gan('transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])'),
  );
  silent('a step of the transform is not known', gan('transforms.Compose([transforms.ToTensor(), scale])'));
  silent('the transform is not known', gan('make_transform()'));
  silent('the images are rescaled', gan('transforms.ToTensor()', { real: 'D(images * 2 - 1)' }));
  silent('the generator ends in a sigmoid', gan('transforms.ToTensor()', { last: 'nn.Sigmoid()' }));
  silent('another network sees them', gan('transforms.ToTensor()', { real: 'E(images)' }));
});
