/**
 * Every gradient against central finite differences of the engine's own float64 values, away from kinks. Where a
 * library's gradient is not the derivative of its value, golden.test.ts compares it with the library's instead.
 */
import assert from 'node:assert/strict';
import { isFloat } from '../../engine/array.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { array, evaluate, losses, symbols } from '../../engine/node.ts';
import './gradients/catalogue.ts';
import './gradients/keras.ts';
import './gradients/kernels.ts';
import './gradients/metric-learning.ts';
import './gradients/optax.ts';
import './gradients/segmentation.ts';
import './gradients/sklearn.ts';
import { describeLosses, type SetUp, setUps } from './gradients/set-ups.ts';
import './gradients/tensorflow.ts';
import './gradients/tfjs.ts';
import './gradients/torch-margins.ts';
import { RandomInputs } from './random-inputs.ts';

const random = new RandomInputs(20240229);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;

// --- The catalogue

describeLosses(
  ['mean-squared-error', 'mean-absolute-error', 'huber', 'mean-absolute-percentage-error', 'log-cosh'],
  (id) =>
    shapes.flatMap((shape) => {
      const inputs = { prediction: random.prediction(...shape), target: random.target(...shape) };
      return id === 'huber' ? [{ inputs }, { inputs, parameters: { delta: 0.4 } }] : [{ inputs }];
    }),
);

describeLosses(['nt-xent', 'optax.ntxent'], (name) => {
  const [embedding, label] = name === 'nt-xent' ? ['embedding', 'label'] : ['embeddings', 'labels'];
  const inputs = {
    [embedding]: random.prediction(6, 3),
    [label]: array(BigInt64Array.of(0n, 1n, 0n, 1n, 0n, 2n)),
  };
  return [{ inputs }, { inputs, parameters: { temperature: 0.6 } }];
});

describeLosses(['circle'], () => [
  {
    inputs: { embedding: random.prediction(5, 2), label: array(BigInt64Array.of(0n, 1n, 0n, 1n, 0n)) },
    parameters: { gamma: 1.3, margin: 0.2 },
  },
]);

describeLosses(['mean-pairwise-squared-error'], () =>
  [
    [2, 3],
    [2, 2, 3],
  ].map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.target(...shape) },
  })),
);

describeLosses(['mean-squared-logarithmic-error', 'categorical-hinge', 'tversky'], (id) =>
  shapes.flatMap((shape) => {
    const inputs = { prediction: random.probability(...shape), target: random.probability(...shape) };
    return id === 'tversky'
      ? [
          { inputs, parameters: { alpha: 0.3, beta: 0.8 } },
          { inputs, parameters: { smooth: 0.5, over: 'sample' } },
        ]
      : [{ inputs }];
  }),
);

describeLosses(['generalized-cross-entropy'], () =>
  [
    [3, 4],
    [2, 2, 3],
  ].map((shape) => ({
    inputs: {
      prediction: random.distribution(shape),
      target: random.labels(shape.at(-1)!, ...shape.slice(0, -1)),
    },
    parameters: { q: 0.4 },
  })),
);

describeLosses(['hinge', 'squared-hinge'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.sign(...shape) },
  })),
);

describeLosses(['binary-cross-entropy'], () =>
  shapes.flatMap((shape) => {
    const target = random.probability(...shape);
    return [
      { inputs: { prediction: random.probability(...shape), target } },
      { inputs: { prediction: random.prediction(...shape), target }, parameters: { from: 'logit' } },
    ];
  }),
);

describeLosses(['categorical-cross-entropy', 'sparse-categorical-cross-entropy'], (id) =>
  [
    { shape: [3, 4], axis: -1 },
    { shape: [2, 3, 2], axis: 1 },
    { shape: [4], axis: 0 },
  ].flatMap(({ shape, axis }) => {
    const at = axis < 0 ? shape.length + axis : axis;
    const classes = shape[at]!;
    const rest = shape.filter((_, d) => d !== at);
    const target = id.startsWith('sparse') ? random.labels(classes, ...rest) : random.distribution(shape, at);
    const classWeight = random.weight(classes);
    return [
      { inputs: { prediction: random.distribution(shape, at), target }, parameters: { axis } },
      {
        inputs: { prediction: random.prediction(...shape), target, classWeight },
        parameters: { axis, from: 'logit', labelSmoothing: 0.13 },
      },
      {
        inputs: { prediction: random.logDistribution(shape, at), target, classWeight },
        parameters: { axis, from: 'log-probability', ...(id.startsWith('sparse') && { ignoreIndex: 1 }) },
      },
    ];
  }),
);

describeLosses(['kl-divergence'], () =>
  (['probability', 'log-probability'] as const).flatMap((predictionFrom) =>
    (['probability', 'log-probability'] as const).map((targetFrom) => ({
      inputs: {
        prediction:
          predictionFrom === 'probability' ? random.distribution([3, 4]) : random.logDistribution([3, 4]),
        target: targetFrom === 'probability' ? random.distribution([3, 4]) : random.logDistribution([3, 4]),
      },
      parameters: { predictionFrom, targetFrom },
    })),
  ),
);

// --- torch

const torch = (className: string, functionName: string) => [
  `torch.nn.${className}`,
  `torch.nn.functional.${functionName}`,
];
const reductions = ['mean', 'sum', 'none'] as const;

for (const [className, functionName, option] of [
  ['MSELoss', 'mse_loss', {}],
  ['L1Loss', 'l1_loss', {}],
  ['SmoothL1Loss', 'smooth_l1_loss', { beta: 0.6 }],
  ['HuberLoss', 'huber_loss', { delta: 0.6 }],
] as const) {
  describeLosses(torch(className, functionName), (name) => [
    ...shapes.flatMap((shape) =>
      reductions.map((reduction) => ({
        inputs: { input: random.prediction(...shape), target: random.target(...shape) },
        parameters: { reduction, ...option },
      })),
    ),
    { inputs: { input: random.prediction(3), target: random.target(2, 1) }, parameters: option },
    ...(name.startsWith('torch.nn.functional') && className !== 'SmoothL1Loss'
      ? reductions.map((reduction) => ({
          inputs: {
            input: random.prediction(2, 3),
            target: random.target(2, 3),
            weight: random.weight(2, 3),
          },
          parameters: { reduction, ...option },
        }))
      : []),
  ]);
}

describeLosses(torch('BCELoss', 'binary_cross_entropy'), () =>
  reductions.flatMap((reduction) => [
    {
      inputs: { input: random.probability(5), target: random.probability(5) },
      parameters: { reduction },
    },
    {
      inputs: {
        input: random.probability(2, 3),
        target: random.probability(2, 3),
        weight: random.weight(2, 1),
      },
      parameters: { reduction },
    },
  ]),
);

describeLosses(torch('BCEWithLogitsLoss', 'binary_cross_entropy_with_logits'), () =>
  reductions.flatMap((reduction) => [
    { inputs: { input: random.prediction(5), target: random.probability(5) }, parameters: { reduction } },
    {
      inputs: {
        input: random.prediction(2, 3),
        target: random.probability(2, 3),
        weight: random.weight(3),
        pos_weight: random.weight(3),
      },
      parameters: { reduction },
    },
    {
      inputs: {
        input: random.prediction(2, 2, 1, 2),
        target: random.probability(2, 2, 1, 2),
        pos_weight: random.weight(2, 1, 1),
      },
      parameters: { reduction },
    },
  ]),
);

describeLosses([...torch('CrossEntropyLoss', 'cross_entropy'), ...torch('NLLLoss', 'nll_loss')], (name) => {
  const smoothing = name.includes('ross') ? { label_smoothing: 0.17 } : {};
  return [
    ...reductions.flatMap((reduction) => [
      { inputs: { input: random.prediction(3, 4), target: random.labels(4, 3) }, parameters: { reduction } },
      {
        inputs: {
          input: random.prediction(2, 3, 4),
          target: random.labels(3, 2, 4),
          weight: random.weight(3),
        },
        parameters: { reduction, ignore_index: 1, ...smoothing },
      },
    ]),
    { inputs: { input: random.prediction(4), target: random.labels(4) }, parameters: smoothing },
    ...(name.includes('ross')
      ? reductions.map((reduction) => ({
          inputs: {
            input: random.prediction(2, 3, 2),
            target: random.distribution([2, 3, 2], 1),
            weight: random.weight(3),
          },
          parameters: { reduction, ...smoothing },
        }))
      : []),
  ];
});

describeLosses(torch('KLDivLoss', 'kl_div'), () =>
  [...reductions, 'batchmean'].flatMap((reduction) => [
    {
      inputs: { input: random.logDistribution([3, 4]), target: random.distribution([3, 4]) },
      parameters: { reduction },
    },
    {
      inputs: { input: random.logDistribution([2, 3, 2], 1), target: random.logDistribution([2, 3, 2], 1) },
      parameters: { reduction, log_target: true },
    },
    { inputs: { input: random.prediction(2, 1), target: random.probability(3) }, parameters: { reduction } },
  ]),
);

// --- The comparison

/** Labels that only choose a branch, and those of torch's soft margin. */
const constantLabels =
  /^(soft-margin|margin-ranking|(hinge|cosine)-embedding)$|(Hinge|Cosine)Embedding|(hinge|cosine)_embedding|torch\.nn\.(SoftMargin|functional\.soft_margin)/;

/**
 * Element and class weights of torch's cross-entropies and multi-class margin are constants to it, but for those of
 * probability targets.
 */
function isDifferentiated(loss: string, input: string, inputs: SetUp['inputs']): boolean {
  if (!isFloat(inputs[input]!.dtype)) return false;
  if ((input === 'target' || input === 'label') && constantLabels.test(loss)) return false;
  if (input === 'pos_weight') return !/^(torch|segmentation_models)/.test(loss);
  if (input === 'class_weights') return loss.startsWith('optax');
  if (input === 'onehot_labels') return false;
  if (input !== 'weight') return true;
  const probabilityTargets = /cross_?entropy/i.test(loss) && isFloat(inputs.target!.dtype);
  return (
    /(mse|l1|huber)_loss$|multi_?label_?soft_?margin|^kornia/i.test(loss) ||
    (probabilityTargets && !loss.includes('binary'))
  );
}

/** TensorFlow 1, TensorFlow.js and MONAI's focal loss round everything to float32: the quotient before the rounding of the value, and larger steps. */
const inSinglePrecision = (loss: string): boolean =>
  /^(tf\.((compat\.v1\.)?losses|layers)\.|monai\.losses\.Focal)/.test(loss);

/** POT takes masses as equal when they differ by less than 1.5e-6. */
function stepOf(loss: string): number {
  if (inSinglePrecision(loss)) return 2 ** -9;
  return loss === 'ot.emd2' ? 1e-6 : 1e-5;
}

async function sumOfValue(loss: string, inputs: SetUp['inputs'], parameters: Parameters): Promise<number> {
  const evaluation = await evaluate({ loss, inputs, parameters, backend: 'reference' });
  if (inSinglePrecision(loss)) return evaluation.numerator / evaluation.denominator;
  return Array.from(evaluation.value.data, Number).reduce((total, x) => total + x, 0);
}

/** Central differences of the sum of the value by every entry of one input. */
async function differences(
  loss: string,
  name: string,
  { inputs, parameters = {}, before, instead }: SetUp,
): Promise<number[]> {
  const step = stepOf(loss);
  const { data, ...rest } = inputs[name]!;
  const results: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const at = (shift: number): Promise<number> => {
      const moved = Float64Array.from(data, Number);
      moved[i]! += shift;
      const made = before?.[name]?.(moved) ?? moved;
      const given = { ...inputs, [name]: { ...rest, data: made } };
      const other = instead?.(given) ?? { loss, inputs: given, parameters };
      return sumOfValue(other.loss, other.inputs, other.parameters ?? {});
    };
    const quotient = async (h: number): Promise<number> => ((await at(h)) - (await at(-h))) / (2 * h);
    const plain = await quotient(step);
    // Richardson's extrapolation takes out what the larger step adds.
    results.push(inSinglePrecision(loss) ? (4 * (await quotient(step / 2)) - plain) / 3 : plain);
  }
  return results;
}

describe('gradients against finite differences', () => {
  for (const [name, list] of setUps) {
    it(`${name}, ${list.length} set-ups`, async () => {
      for (const setUp of list) {
        const { inputs, parameters = {} } = setUp;
        const { gradients } = await evaluate({
          loss: name,
          inputs,
          parameters,
          gradients: true,
          backend: 'reference',
        });
        const what = `${JSON.stringify(parameters)} with ${Object.entries(inputs)
          .map(([input, { shape }]) => `${input} [${shape}]`)
          .join(', ')}`;
        for (const input of Object.keys(inputs)) {
          if (!isDifferentiated(name, input, inputs)) {
            assert.equal(gradients[input], undefined, `${what}: a gradient by ${input}`);
            continue;
          }
          assert.ok(gradients[input], `${what}: no gradient by ${input}`);
          const expected = await differences(name, input, setUp);
          const scale = Math.max(1e-3, ...expected.map(Math.abs));
          expected.forEach((slope, i) => {
            const actual = Number(gradients[input]!.data[i]);
            const allowed = setUp.instead ? 4e-6 : 1e-6;
            assert.ok(
              Math.abs(actual - slope) <= allowed * scale,
              `${what}: gradient by ${input} is ${actual} at ${i}, the difference quotient ${slope}`,
            );
          });
        }
      }
    });
  }

  it('covers every loss and every symbol', () => {
    const names = [...losses.map(({ id }) => id), ...symbols.map((symbol) => symbol.name)];
    assert.deepEqual([...setUps.keys()].sort(), names.sort());
  });

  it('keeps TensorFlow’s softmax − target where targets do not sum to 1, which no difference quotient gives', async () => {
    const inputs = { y_true: random.probability(1, 3), y_pred: random.prediction(1, 3) };
    const loss = 'keras.losses.categorical_crossentropy';
    const setUp = { inputs, parameters: { from_logits: true } };
    const { gradients } = await evaluate({ loss, ...setUp, gradients: ['y_pred'], backend: 'reference' });
    const exponentials = Array.from(inputs.y_pred.data, Number).map(Math.exp);
    const total = exponentials.reduce((sum, x) => sum + x, 0);
    const slopes = await differences(loss, 'y_pred', setUp);
    exponentials.forEach((x, i) => {
      const actual = Number(gradients.y_pred!.data[i]);
      assert.ok(Math.abs(actual - (x / total - Number(inputs.y_true.data[i]))) < 1e-12);
      assert.ok(Math.abs(actual - slopes[i]!) > 1e-3);
    });
  });
});
