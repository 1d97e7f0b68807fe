/**
 * Every gradient against central finite differences of the engine's own float64 values, away from kinks. Where a
 * library's gradient is not the derivative of its value, golden.test.ts compares it with the library's instead.
 */
import assert from 'node:assert/strict';
import { isFloat } from '../../engine/array.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { evaluate, losses, symbols } from '../../engine/node.ts';
import './gradients/all.ts';
import { type SetUp, setUps } from './gradients/set-ups.ts';
import { RandomInputs } from './random-inputs.ts';

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
  return loss.startsWith('ot.') ? 1e-6 : 1e-5;
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
    const random = new RandomInputs(20240229);
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
