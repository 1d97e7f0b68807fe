import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest, Parameters } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import { latexTable, latexValue } from '../../../engine/presentation/latex.ts';
import { columnsOf, csvOf } from '../../../engine/presentation/plots/columns.ts';
import type { Bins, Grid, Lines } from '../../../engine/presentation/plots/figure.ts';
import { Session } from '../../../engine/presentation/session.ts';

const bins: Bins = {
  mark: 'bins',
  caption: '∂loss/∂input',
  x: { label: '∂loss/∂input' },
  y: { label: 'entries' },
  edges: Float64Array.of(-1, 0, 1.5),
  series: [{ label: '', counts: Float64Array.of(3, 4), rows: Float64Array.of(0, 1) }],
  rules: [],
  marked: new Float64Array(),
};

const grid: Grid = {
  mark: 'grid',
  caption: 'A map',
  x: { label: 'column' },
  y: { label: 'row' },
  height: 2,
  width: 1,
  extents: [3, 1],
  values: Float32Array.of(0.5, Number.NaN),
  value: { label: 'value' },
  scale: 'sequential',
  range: Float64Array.of(0, 1),
  isImage: false,
  marked: new Float64Array(),
};

const lines: Lines = {
  mark: 'lines',
  caption: 'Lines',
  x: { label: 'x' },
  y: { label: 'y, "so called"' },
  series: [{ label: 'one', x: Float64Array.of(0, 1), y: Float64Array.of(2, Number.POSITIVE_INFINITY) }],
  points: [
    {
      label: 'two, three',
      x: Float64Array.of(0.1),
      y: Float64Array.of(-1e-7),
      rows: Float64Array.of(0),
      marked: new Float64Array(),
    },
  ],
  rules: [],
};

describe('numbers of a figure', () => {
  it('are a row a bin, a cell, a point of a series', () => {
    assert.equal(csvOf(columnsOf(bins)), '"∂loss/∂input, from",to,entries\r\n-1,0,3\r\n0,1.5,4\r\n');
    assert.equal(csvOf(columnsOf(grid)), '"row, from","row, to",column,value\r\n0,0,0,0.5\r\n1,2,0,nan\r\n');
    assert.equal(
      csvOf(columnsOf(lines)),
      'series,x,"y, ""so called"""\r\none,0,2\r\none,1,inf\r\n"two, three",0.1,-1e-7\r\n',
    );
  });
});

describe('LaTeX', () => {
  it('is a table whose characters all mean themselves', () => {
    const text = latexTable(lines.caption, columnsOf(lines));
    assert.match(text, /\\begin\{tabular\}\{lrr\}/);
    assert.match(text, /two, three & \$0\.1\$ & \$-1 \\times 10\^\{-7\}\$ \\\\/);
    assert.match(text, /one & \$1\$ & \$\\infty\$/);
    assert.match(latexTable('50 % of a_b & c', columnsOf(bins)), /\\caption\{50 \\% of a\\_b \\& c\}/);
    assert.match(
      latexTable('', columnsOf(bins)),
      /\$\\partial\$loss\/\$\\partial\$input, from & to & entries/,
    );
  });

  it('is refused of what no page holds', () => {
    const values = Array.from({ length: 201 }, (_, i) => i);
    assert.throws(() => latexTable('long', [{ label: 'i', values }]), { code: 'out-of-memory' });
  });

  it('is the value with its formula, parameters and reduction', () => {
    const text = latexValue({
      title: 'Huber loss',
      symbol: 'torch.nn.HuberLoss',
      formula: '\\delta',
      parameters: [['size_average', 'None']],
      value: '1.5e-7',
      reduction: 'mean over 4 elements',
    });
    assert.equal(
      text,
      '% Huber loss, evaluated with Loss Lens\n\\[\n  \\delta\n\\]\nHuber loss (\\texttt{torch.nn.HuberLoss}): $1.5 \\times 10^{-7}$ --- mean over 4 elements, \\texttt{size\\_average} = \\texttt{None}.\n',
    );
  });
});

describe('pytest case', () => {
  after(() => engine.dispose());

  const caseOf = async (request: EvaluateRequest, parameters: Parameters = {}): Promise<string> => {
    const session = new Session(engine, request, { title: '', keep: '', backend: 'auto' });
    try {
      return await session.pytest(parameters);
    } finally {
      session.dispose();
    }
  };
  const inputs = {
    input: array([2.5, 0], { dtype: 'float32' }),
    target: array([3, -0.5], { dtype: 'float32' }),
  };

  it("is the framework's own call with what differs from its defaults, its value and its gradient", async () => {
    assert.equal(
      await caseOf({ loss: 'torch.nn.HuberLoss', inputs }, { delta: 0.25, reduction: 'sum' }),
      `import numpy as np
import torch
import torch.nn


def test_huber_loss():
    input = torch.tensor([2.5, 0.0], dtype=torch.float32, requires_grad=True)
    target = torch.tensor([3.0, -0.5], dtype=torch.float32)
    loss = torch.nn.HuberLoss(reduction="sum", delta=0.25)(input, target)
    np.testing.assert_allclose(loss.detach().numpy(), 0.1875, rtol=1e-5, atol=2e-7)
    loss.backward()
    gradient = input.grad.numpy()
    np.testing.assert_allclose(gradient, [-0.25, 0.25], rtol=1e-5, atol=2e-7)
`,
    );
  });

  it('sets the backend that Keras runs on before Keras is imported', async () => {
    const keras = { y_true: inputs.target, y_pred: inputs.input };
    const text = await caseOf(
      { loss: 'keras.losses.MeanSquaredError', inputs: keras },
      { kerasBackend: 'jax' },
    );
    assert.match(
      text,
      /^import os\n\nos\.environ\["KERAS_BACKEND"\] = "jax"\n\nimport numpy as np\nimport keras\.losses\n/,
    );
  });

  it('is refused, with the reason, where there is no such call or too much data', async () => {
    const { input: prediction, target } = inputs;
    await assert.rejects(
      caseOf({ loss: 'huber', inputs: { prediction, target } }),
      /a loss of the catalogue/,
    );
    const tfjs = { labels: target, predictions: prediction };
    await assert.rejects(
      caseOf({ loss: 'tf.losses.meanSquaredError', inputs: tfjs }),
      /calls a Python library/,
    );
    const many = { input: array(new Float32Array(201)), target: array(new Float32Array(201)) };
    await assert.rejects(caseOf({ loss: 'torch.nn.MSELoss', inputs: many }), /too much data/);
    const lost = { input: array([Number.NaN, 1]), target: array([1, 1]) };
    await assert.rejects(caseOf({ loss: 'torch.nn.MSELoss', inputs: lost }), /not finite/);
  });
});
