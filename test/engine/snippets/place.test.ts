import assert from 'node:assert/strict';
import {
  frameworksOf,
  importLine,
  importsOf,
  inText,
  inTextOfScript,
  placed,
  snippetFor,
} from '../../../engine/index.ts';
import { marked } from '../recognise/symbols.ts';

const python = (text: string) => importsOf(text, 'python');
const script = (text: string) => importsOf(text, 'typescript');

describe('the frameworks that a file imports', () => {
  for (const [text, expected] of [
    ['import torch', ['torch']],
    ['from torch import nn, optim', ['torch']],
    ['import torch.nn.functional as F', ['torch']],
    ['from torch import (\n    nn,  # layers\n    optim,\n)', ['torch']],
    ['def f():\n    import keras', ['keras']],
    ['import tensorflow as tf', ['keras']],
    ['import jax\nimport numpy as np', ['optax']],
    ['import numpy as np', ['numpy']],
    ['import torch, keras', ['torch', 'keras']],
    ['import os\n# import torch', []],
    ['import torchish', []],
  ] as const) {
    it(JSON.stringify(text), () => assert.deepEqual(frameworksOf(python(text)), expected));
  }

  for (const text of [
    "import * as tf from '@tensorflow/tfjs';",
    "import { losses } from '@tensorflow/tfjs-core'",
    "const tf = require('@tensorflow/tfjs-node');",
  ]) {
    it(text, () => assert.deepEqual(frameworksOf(script(text)), ['tfjs']));
  }

  it('none of another script', () => assert.deepEqual(frameworksOf(script("import x from 'torch'")), []));
});

describe('a snippet in a file', () => {
  const huber = (text: string) => placed(snippetFor('huber', 'torch')!, python(text));

  it('is written under the names that the file imports', () => {
    for (const [text, callee] of [
      ['from torch import nn', 'nn.HuberLoss'],
      ['import torch.nn as layers', 'layers.HuberLoss'],
      ['import torch', 'torch.nn.HuberLoss'],
      ['import torch as t', 't.nn.HuberLoss'],
    ] as const) {
      const { template, lines } = huber(text);
      assert.ok(template.includes(`= ${callee}()`), template);
      assert.deepEqual(lines, []);
    }
  });

  it('brings what the file lacks', () => {
    assert.deepEqual(huber('import torch.optim as optim').lines, ['from torch import nn']);
    const { lines } = placed(snippetFor('poly-cross-entropy', 'optax')!, python('import jax'));
    assert.deepEqual(lines, ['import optax']);
  });

  it('leaves a name alone that is another thing in the file', () => {
    const gaussian = (text: string) => placed(snippetFor('gaussian-nll', 'torch')!, python(text));
    const other = 'from torchvision.transforms import functional as F\nimport torch.optim as optim';
    const { template, lines } = gaussian(other);
    assert.deepEqual(lines, ['from torch import nn', 'import torch.nn.functional']);
    assert.match(template, /variance = torch\.nn\.functional\.softplus\(/);
    const shorter = gaussian(`${other}\nfrom torch import nn`);
    assert.match(shorter.template, /variance = nn\.functional\.softplus\(/);
    assert.deepEqual(shorter.lines, []);
  });

  it('reaches Keras through TensorFlow', () => {
    const { template, lines } = placed(snippetFor('pinball', 'keras')!, python('import tensorflow as tf'));
    assert.match(template, /tf\.keras\.ops\.where/);
    assert.deepEqual(lines, []);
  });

  it('takes any package of TensorFlow.js', () => {
    const { template, lines } = placed(
      snippetFor('huber', 'tfjs')!,
      script("import * as t from '@tensorflow/tfjs-node';"),
    );
    assert.match(template, /t\.losses\.huberLoss\(.*as t\.Scalar/);
    assert.deepEqual(lines, []);
  });

  for (const [what, text, line] of [
    ['behind the last import', 'import a\nimport b\n\nx = 1', 2],
    ['behind names in brackets', 'from a import (\n    b,\n    c,\n)\nx = 1', 4],
    [
      'behind the comments and the text that a file opens with',
      '#!/bin/python\n"""What it\ndoes."""\nx = 1',
      3,
    ],
    ['behind a text of one line', '"""What it does."""\nx = 1', 1],
    ['at the top of a file without any', 'x = 1', 0],
  ] as const) {
    it(`imports ${what}`, () => assert.equal(importLine(text, 'python'), line));
  }
});

describe('what is no code', () => {
  for (const [text, expected] of [
    ['x = 1\n|', false],
    ['# comment|', true],
    ['"""\n|\n"""', true],
    ["x = 'te|xt'", true],
    ["x = 'text'|", false],
    ["x = f'{ab|c}'", false],
  ] as const) {
    it(`of Python: ${JSON.stringify(text)}`, () => {
      const { source, offset } = marked(text);
      assert.equal(inText(source, offset), expected);
    });
  }

  for (const [text, expected] of [
    ['const x = 1;\n|', false],
    ['// comment|', true],
    ['/* a\n| */', true],
    ['/* a */ |', false],
    ['const s = `a\n|`;', true],
    [`const s = \`a\${b|}\`;`, false],
    [`const s = \`a\${{ b: \`c\` }}d|\`;`, true],
    ["const s = 'it\\'s|';", true],
    ["const s = 'open\n|", false],
  ] as const) {
    it(`of a script: ${JSON.stringify(text)}`, () => {
      const { source, offset } = marked(text);
      assert.equal(inTextOfScript(source, offset), expected);
    });
  }
});
