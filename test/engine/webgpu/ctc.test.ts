/** CTC on the GPU against the plain code in float64, and what is left to the CPU. */
import assert from 'node:assert/strict';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import {
  array,
  cast,
  configure,
  evaluate,
  LossLensError,
  type NdArray,
  prepare,
} from '../../../engine/node.ts';
import { RandomInputs } from '../random-inputs.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';
import { distances, tooFar } from './tolerance.ts';

type Inputs = Record<string, NdArray>;

const random = new RandomInputs(20261126);
const integers = (values: number[] | number[][]): NdArray => array(values, { dtype: 'int32' });

interface Size {
  readonly frames: number;
  readonly classes: number;
  /** How many labels each sample has. */
  readonly labels: readonly number[];
  readonly spread?: number;
  readonly classesUsed?: number;
}

function batch({ frames, classes, labels, spread = 1, classesUsed = classes - 1 }: Size): Inputs {
  const scores = cast(random.prediction(frames, labels.length, classes).data, 'float32') as Float32Array;
  const width = Math.max(1, ...labels);
  return {
    logits: array(
      scores.map((score) => spread * score),
      { shape: [frames, labels.length, classes] },
    ),
    target: integers(
      labels.map((_, n) =>
        Array.from({ length: width }, (_, s) => 1 + ((11 * s + 3 * n + (s >> 2)) % classesUsed)),
      ),
    ),
    inputLength: integers(labels.map((_, n) => frames - (n % 3))),
    targetLength: integers([...labels]),
  };
}

/** Logarithms of the softmax of the logits, as torch takes them. */
function logarithms({ logits, target, inputLength, targetLength }: Inputs): Inputs {
  const { shape, data } = logits!;
  const classes = shape.at(-1)!;
  const logs = Float32Array.from(data as Float32Array, (score, i) => {
    const row = Array.from(data.subarray(i - (i % classes), i - (i % classes) + classes), Number);
    const largest = Math.max(...row);
    return score - largest - Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  });
  return {
    log_probs: array(logs, { shape }),
    targets: target!,
    input_lengths: inputLength!,
    target_lengths: targetLength!,
  };
}

async function assertRight(
  request: Omit<EvaluateRequest, 'gradients' | 'elements' | 'backend'>,
): Promise<void> {
  const common = { ...request, gradients: true, elements: true };
  const actual = await evaluate({ ...common, backend: 'webgpu' });
  const expected = await evaluate({ ...common, backend: 'reference' });
  assert.equal(actual.backend, 'webgpu');
  const all = distances(actual, expected, 0);
  assert.deepEqual(all.filter(tooFar), []);
  const [actually, alignment] = [actual, expected].map(({ extras }) => extras['alignment']!) as [
    NdArray,
    NdArray,
  ];
  assert.deepEqual(actually.shape, alignment.shape);
  const furthest = Array.from(alignment.data as Float64Array).reduce(
    (most, p, i) => Math.max(most, Math.abs(p - Number(actually.data[i]))),
    0,
  );
  assert(furthest < 1e-5, `a posterior is ${furthest} away`);
}

const refused = (error: unknown): boolean =>
  error instanceof LossLensError && error.code === 'backend-unsupported';

describe('CTC on the GPU', function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(180_000);
    // `auto` may take it, whatever the size.
    configure({ gpu: await openWebGpu(), gpuFrom: 1 });
  });
  after(closeWebGpu);

  const sizes: Readonly<Record<string, Size>> = {
    'a few samples, one without labels': { frames: 12, classes: 5, labels: [3, 0, 4, 1] },
    'many repeated labels': { frames: 60, classes: 4, labels: [20, 25], classesUsed: 1 },
    'more classes than a workgroup has invocations': { frames: 40, classes: 700, labels: [12, 9] },
    'more states than a workgroup has invocations': { frames: 500, classes: 20, labels: [200, 150] },
    'hardly more frames than labels': { frames: 305, classes: 30, labels: [300], classesUsed: 29 },
    'a thousand frames': { frames: 1000, classes: 6, labels: [150] },
    'probabilities down to 1e-200': { frames: 120, classes: 8, labels: [30, 12], spread: 120 },
  };
  for (const [name, size] of Object.entries(sizes)) {
    const inputs = batch(size);
    it(`of logits: ${name}`, () => assertRight({ loss: 'ctc', inputs, reduction: 'mean' }));
    it(`of log-probabilities, as torch: ${name}`, () =>
      assertRight({ loss: 'torch.nn.CTCLoss', inputs: logarithms(inputs) }));
  }

  it('sends back the derivative by log-probabilities where the loss does', async () => {
    const { log_probs, targets, input_lengths, target_lengths } = logarithms(
      batch(sizes['many repeated labels']!),
    );
    const inputs = {
      logProbabilities: log_probs!,
      target: targets!,
      inputLength: input_lengths!,
      targetLength: target_lengths!,
    };
    await assertRight({ loss: 'ctc', inputs });
  });

  it('runs again with another blank', async () => {
    const { logits, inputLength, targetLength, target } = batch({
      frames: 12,
      classes: 6,
      labels: [3, 4],
      classesUsed: 4,
    });
    const inputs = {
      logits: logits!,
      inputLength: inputLength!,
      targetLength: targetLength!,
      target: target!,
    };
    const prepared = prepare({ loss: 'ctc', inputs, backend: 'webgpu' });
    try {
      for (const blank of [0, 5, 0]) {
        const { value } = await prepared.run({ blank });
        const expected = await evaluate({ loss: 'ctc', inputs, parameters: { blank }, backend: 'reference' });
        const [a, b] = [value, expected.value].map(({ data }) => Number(data[0])) as [number, number];
        assert(Math.abs(a - b) < 1e-5 * b, `${a} instead of ${b}`);
      }
    } finally {
      prepared.dispose();
    }
  });

  describe('leaves to the CPU', () => {
    const plain = batch({ frames: 12, classes: 5, labels: [3, 2] });
    const cases: Readonly<Record<string, Inputs>> = {
      'a target that fits no alignment': { ...plain, inputLength: integers([12, 1]) },
      'a sample without frames': { ...plain, inputLength: integers([12, 0]), targetLength: integers([3, 0]) },
      float64: {
        ...plain,
        logits: { ...plain['logits']!, dtype: 'float64', data: cast(plain['logits']!.data, 'float64') },
      },
      'a probability of 0': {
        ...plain,
        logits: array(
          (plain['logits']!.data as Float32Array).map((x, i) => (i === 17 ? Number.NEGATIVE_INFINITY : x)),
          { shape: plain['logits']!.shape },
        ),
      },
      NaN: {
        ...plain,
        logits: array(
          (plain['logits']!.data as Float32Array).map((x, i) => (i === 17 ? Number.NaN : x)),
          { shape: plain['logits']!.shape },
        ),
      },
      'a loss of which float32 keeps no digits': certain(),
    };
    for (const [name, inputs] of Object.entries(cases)) {
      it(name, async () => {
        const request = { loss: 'ctc', inputs, gradients: true };
        await assert.rejects(evaluate({ ...request, backend: 'webgpu' }), refused);
        const { backend, warnings } = await evaluate(request);
        assert.notEqual(backend, 'webgpu');
        assert.deepEqual(warnings, []);
      });
    }
  });
});

/** Frames that leave no doubt: the loss and its gradient are all but 0. */
function certain(): Inputs {
  const [frames, classes] = [40, 4];
  const path = Array.from({ length: frames }, (_, t) => (t < 10 ? 1 : t < 20 ? 0 : t < 30 ? 2 : 3));
  const scores = new Float32Array(frames * classes);
  path.forEach((label, t) => {
    scores[t * classes + label] = 14;
  });
  return {
    logits: array(scores, { shape: [frames, 1, classes] }),
    target: integers([[1, 2, 3]]),
    inputLength: integers([frames]),
    targetLength: integers([3]),
  };
}
