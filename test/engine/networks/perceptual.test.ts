/** The perceptual loss on images, through networks that these tests make and that torch exported. */
import assert from 'node:assert/strict';
import type { NdArray } from '../../../engine/array.ts';
import type { EvaluateRequest, Evaluation } from '../../../engine/evaluation.ts';
import { array, dispose, evaluate, prepare } from '../../../engine/node.ts';
import { readFrom } from './files.ts';
import { bytesOf, exports } from './goldens.ts';
import { onnx, type WrittenNode } from './onnx-writer.ts';

const files = new Map<string, Uint8Array>();

/** A network under a name that `network` then takes. */
function file(name: string, bytes: Uint8Array): string {
  files.set(name, bytes);
  return name;
}

const wave = (count: number, phase = 0): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + phase) + 0.3 * Math.cos(0.7 * i * i));

const image = (shape: readonly number[], phase: number): NdArray =>
  array(
    Float64Array.from(
      wave(
        shape.reduce((product, extent) => product * extent, 1),
        phase,
      ),
    ),
    { shape },
  );

const small: readonly WrittenNode[] = [
  {
    operator: 'Conv',
    name: 'first',
    inputs: ['image', 'w1', 'b1'],
    outputs: ['conv1'],
    attributes: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] },
  },
  { operator: 'Relu', name: 'second', inputs: ['conv1'], outputs: ['relu1'] },
  {
    operator: 'MaxPool',
    name: 'third',
    inputs: ['relu1'],
    outputs: ['pool1'],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  { operator: 'Conv', name: 'fourth', inputs: ['pool1', 'w2'], outputs: ['conv2'] },
];

const weights = {
  w1: { shape: [4, 2, 3, 3], data: wave(72, 0.4) },
  b1: { shape: [4], data: [0.1, -0.2, 0.3, 0] },
  w2: { shape: [3, 4, 1, 1], data: wave(12, 2) },
};

const network = file('small.onnx', onnx({ nodes: small, tensors: weights }));
const open = file(
  'open.onnx',
  onnx({ nodes: small, tensors: weights, inputs: { image: { shape: ['N', 2, 'H', 'W'] } } }),
);

function through(
  parameters: { network: string; layers?: string },
  shape: readonly number[],
  rest: Partial<EvaluateRequest> = {},
): EvaluateRequest {
  const inputs = { prediction: image(shape, 0), target: image(shape, 1) };
  return { loss: 'perceptual', inputs, parameters, gradients: true, ...rest };
}

const numberOf = ({ value }: Evaluation): number => Number(value.data[0]);

describe('the perceptual loss through a network', () => {
  readFrom(files);
  after(dispose);

  for (const golden of exports) {
    it(`is that of torch: ${golden.note}`, async () => {
      const of = ({ shape, data }: typeof golden.prediction) => array(Float64Array.from(data), { shape });
      const inputs = { prediction: of(golden.prediction), target: of(golden.target) };
      const parameters = { network: file(golden.note, bytesOf(golden.network)) };
      for (const backend of ['reference', 'wasm'] as const) {
        const evaluation = await evaluate({
          loss: 'perceptual',
          inputs,
          parameters,
          gradients: true,
          backend,
        });
        // The file holds ε and slopes in float32, torch computes with them in float64.
        assert.ok(Math.abs(numberOf(evaluation) / golden.value - 1) < 1e-6, `${numberOf(evaluation)}`);
        for (const name of ['prediction', 'target'] as const) {
          const expected = golden.gradients[name];
          const largest = Math.max(...expected.map(Math.abs));
          expected.forEach((slope, i) => {
            const own = Number(evaluation.gradients[name]!.data[i]);
            assert.ok(Math.abs(own - slope) < 1e-6 * largest, `${name} ${i}: ${own} instead of ${slope}`);
          });
        }
      }
    });
  }

  it('has the gradients of its value by both images, over several layers', async () => {
    const request = through({ network, layers: 'relu1, conv2, first' }, [2, 2, 4, 4], { reduction: 'mean' });
    const { gradients } = await evaluate(request);
    for (const name of ['prediction', 'target']) {
      const { data, shape } = request.inputs[name]!;
      const at = async (i: number, step: number): Promise<number> => {
        const moved = Float64Array.from(data as Float64Array);
        moved[i]! += step;
        const inputs = { ...request.inputs, [name]: array(moved, { shape }) };
        return numberOf(await evaluate({ ...request, inputs, gradients: false }));
      };
      for (let i = 0; i < data.length; i += 3) {
        const h = 1e-5;
        const expected = ((await at(i, h)) - (await at(i, -h))) / (2 * h);
        assert.ok(Math.abs(Number(gradients[name]!.data[i]) - expected) < 1e-8, `${name} ${i}`);
      }
    }
  });

  it('has an element for each image and layer, and they add up', async () => {
    const request = through({ network, layers: 'relu1, conv2' }, [3, 2, 4, 4], { elements: true });
    const { elements, numerator, denominator, value } = await evaluate(request);
    assert.deepEqual(elements!.shape, [3, 2]);
    const sum = (elements!.data as Float64Array).reduce((total, own) => total + own, 0);
    assert.ok(Math.abs(sum / numerator - 1) < 1e-14);
    assert.equal(denominator, 1);
    assert.equal(value.data[0], numerator);
    const alone = await evaluate(through({ network, layers: 'conv2' }, [3, 2, 4, 4], { elements: true }));
    assert.deepEqual(
      [...alone.elements!.data],
      [1, 3, 5].map((i) => elements!.data[i]),
    );
  });

  it('divides a mean by the feature values, a batchmean by the images', async () => {
    const request = through({ network, layers: 'relu1, conv2' }, [3, 2, 4, 4]);
    const [sum, mean, batchmean] = await Promise.all(
      (['sum', 'mean', 'batchmean'] as const).map((reduction) => evaluate({ ...request, reduction })),
    );
    // relu1 [4, 4, 4] and conv2 [3, 2, 2], of three images.
    const features = 3 * (64 + 12);
    assert.equal(mean!.denominator, features);
    assert.ok(Math.abs((numberOf(mean!) * features) / numberOf(sum!) - 1) < 1e-14);
    assert.ok(Math.abs((numberOf(batchmean!) * 3) / numberOf(sum!) - 1) < 1e-14);
    const ratio = Number(sum!.gradients['target']!.data[5]) / Number(mean!.gradients['target']!.data[5]);
    assert.ok(Math.abs(ratio / features - 1) < 1e-12);
  });

  it('is the squared error where the network passes the image on', async () => {
    const passing = file(
      'identity.onnx',
      onnx({ nodes: [{ operator: 'Identity', inputs: ['image'], outputs: ['same'] }] }),
    );
    for (const reduction of ['sum', 'mean'] as const) {
      const request = through({ network: passing }, [2, 1, 3, 3], { reduction });
      const [here, given] = await Promise.all([evaluate(request), evaluate({ ...request, parameters: {} })]);
      assert.ok(Math.abs(numberOf(here) - numberOf(given)) < 1e-13);
      given.gradients['target']!.data.forEach((expected, i) => {
        const own = Number(here.gradients['target']!.data[i]);
        assert.ok(Math.abs(own - Number(expected)) < 1e-14, `${own} instead of ${expected}`);
      });
    }
  });

  it('takes one pair of images without a batch', async () => {
    const one = await evaluate(through({ network }, [2, 4, 4], { elements: true }));
    const batch = await evaluate(through({ network }, [1, 2, 4, 4]));
    assert.deepEqual(one.elements!.shape, [1]);
    assert.deepEqual(one.gradients['prediction']!.shape, [2, 4, 4]);
    assert.equal(numberOf(one), numberOf(batch));
    assert.deepEqual(one.gradients['prediction']!.data, batch.gradients['prediction']!.data);
  });

  it('passes as many images together as the file fixes', async () => {
    const two = file(
      'two.onnx',
      onnx({ nodes: small, tensors: weights, inputs: { image: { shape: [2, 2, 4, 4] } } }),
    );
    const [fixed, free] = await Promise.all([
      evaluate(through({ network: two, layers: 'conv2' }, [4, 2, 4, 4], { elements: true })),
      evaluate(through({ network: open, layers: 'conv2' }, [4, 2, 4, 4], { elements: true })),
    ]);
    assert.deepEqual(fixed.elements, free.elements);
    assert.deepEqual(fixed.gradients, free.gradients);
    await refused(
      through({ network: two }, [3, 2, 4, 4]),
      'shape-mismatch',
      /batches of 2.*\[3, 2, 4, 4\].*\[2, 2, 4, 4\]/,
    );
    const mixing = file(
      'mixing.onnx',
      onnx({
        nodes: [{ operator: 'ReduceSum', inputs: ['image'], outputs: ['all'], attributes: { keepdims: 0 } }],
        inputs: { image: { shape: [2, 2, 4, 4] } },
      }),
    );
    await refused(
      through({ network: mixing }, [2, 2, 4, 4]),
      'network-unsupported',
      /images of a batch apart/,
    );
  });

  it('keeps NaN where it is: in its image, and in what sees it', async () => {
    const request = through({ network, layers: 'relu1' }, [2, 2, 4, 4]);
    const prediction = image([2, 2, 4, 4], 0);
    prediction.data[32] = Number.NaN;
    const evaluation = await evaluate({
      ...request,
      inputs: { ...request.inputs, prediction },
      reduction: 'none',
    });
    assert.ok(Number.isFinite(evaluation.value.data[0]));
    assert.ok(Number.isNaN(evaluation.value.data[1]));
    assert.deepEqual(evaluation.nonFinite, { count: 1, first: [1, 0] });
    assert.ok(
      (evaluation.gradients['prediction']!.data as Float64Array).subarray(0, 32).every(Number.isFinite),
    );
  });

  it('is 0 for no images, their mean NaN', async () => {
    const none = through({ network: open }, [0, 2, 4, 4], { elements: true });
    const sum = await evaluate(none);
    assert.equal(numberOf(sum), 0);
    assert.deepEqual(sum.elements!.shape, [0, 1]);
    assert.deepEqual(sum.gradients['prediction']!.shape, [0, 2, 4, 4]);
    assert.ok(Number.isNaN(numberOf(await evaluate({ ...none, reduction: 'mean' }))));
  });

  it('takes images of one pixel where every window fits', async () => {
    const { value } = await evaluate(through({ network, layers: 'relu1' }, [1, 2, 1, 1]));
    assert.ok(Number.isFinite(value.data[0]));
    await refused(
      through({ network }, [1, 2, 1, 1]),
      'network-unsupported',
      /third.*too small.*\[1, 1\].*\[2, 2\]/,
    );
  });

  it('computes other layers and another network after a change of parameters', async () => {
    const request = through({ network, layers: 'relu1' }, [1, 2, 4, 4]);
    const prepared = prepare(request);
    const first = numberOf(await prepared.run());
    const second = numberOf(await prepared.run({ layers: 'conv2' }));
    assert.notEqual(first, second);
    assert.equal(numberOf(await prepared.run({ layers: 'relu1' })), first);
    prepared.dispose();
    assert.equal(numberOf(await evaluate(through({ network, layers: 'conv2' }, [1, 2, 4, 4]))), second);
  });

  it('reads operators as the opset of the file means them', async () => {
    const inputs = {
      prediction: array([
        [
          [0, 0],
          [0, 0],
        ],
      ]),
      target: array([
        [
          [1e3, 0],
          [0, 0],
        ],
      ]),
    };
    const distance = async (opset: number): Promise<number> => {
      const nodes = [{ operator: 'Softmax', inputs: ['image'], outputs: ['y'] }];
      const shape = ['N', 1, 2, 2];
      const name = file(`softmax-${opset}.onnx`, onnx({ nodes, opset, inputs: { image: { shape } } }));
      return numberOf(await evaluate({ loss: 'perceptual', inputs, parameters: { network: name } }));
    };
    // Until 13 everything from axis 1 on was one distribution, of four here; since then the last axis is one, of two.
    assert.ok(Math.abs((await distance(12)) - (0.75 ** 2 + 3 * 0.25 ** 2)) < 1e-12);
    assert.ok(Math.abs((await distance(13)) - 2 * 0.5 ** 2) < 1e-12);
  });

  it('needs only what its layers need', async () => {
    const strange = onnx({
      nodes: [
        ...small,
        { operator: 'Mystery', name: 'head', domain: 'com.example', inputs: ['conv2'], outputs: ['out'] },
      ],
      tensors: { ...weights, elsewhere: { shape: [2], data: [], file: 'big.bin' } },
    });
    const name = file('strange.onnx', strange);
    const shape = [1, 2, 4, 4];
    assert.equal(
      numberOf(await evaluate(through({ network: name, layers: 'conv2' }, shape))),
      numberOf(await evaluate(through({ network, layers: 'conv2' }, shape))),
    );
    await refused(
      through({ network: name }, shape),
      'network-unsupported',
      /up to 'conv2'.*com\.example\.Mystery, first in node 'head'.*AveragePool.*Conv/,
    );
  });

  describe('refuses', () => {
    const shape = [1, 2, 4, 4];
    const conv = small[0]!;

    it('a file that is not there', () =>
      refused(through({ network: 'none.onnx' }, shape), 'no-file', /none\.onnx.*there is none/));

    it('what is no ONNX file', async () => {
      for (const text of [
        '',
        'hello, this is a text and no network at all',
        '{"layers": []}',
        '\x89PNG\r\n\x1a\n',
      ]) {
        const name = file('text.onnx', new TextEncoder().encode(text));
        await refused(
          through({ network: name }, shape),
          'not-a-network',
          /text\.onnx (is no|is empty|holds no)/,
        );
      }
    });

    it('a file that was cut off anywhere', async () => {
      const whole = files.get(network)!;
      for (let length = 20; length < whole.length; length += 37) {
        const name = file('cut.onnx', whole.subarray(0, length));
        await refused(
          through({ network: name }, shape),
          ['not-a-network', 'network-unsupported'],
          /damaged|opset 0/,
        );
      }
    });

    it('weights in a second file', () => {
      const tensors = { ...weights, w1: { ...weights.w1, file: 'small.onnx.data' } };
      const name = file('external.onnx', onnx({ nodes: small, tensors }));
      return refused(
        through({ network: name }, shape),
        'network-unsupported',
        /another file.*small\.onnx\.data.*external_data=False/,
      );
    });

    it('a tensor that is not as long as it says', () => {
      const tensors = { ...weights, w1: { ...weights.w1, data: [1, 2, 3] } };
      const name = file('short.onnx', onnx({ nodes: small, tensors }));
      return refused(through({ network: name }, shape), 'not-a-network', /3 numbers in 'w1'.*72/);
    });

    it('numbers of an unknown dtype, and images of integers', async () => {
      const tensors = { ...weights, w1: { ...weights.w1, dtype: 17 } };
      const odd = file('float8.onnx', onnx({ nodes: small, tensors }));
      await refused(through({ network: odd }, shape), 'network-unsupported', /'w1', ONNX dtype 17/);
      const inputs = { image: { shape: ['N', 2, 'H', 'W'], dtype: 2 } };
      const bytes = file('uint8.onnx', onnx({ nodes: small, tensors: weights, inputs }));
      await refused(through({ network: bytes }, shape), 'network-unsupported', /'image', uint8/);
    });

    it('opsets that are too old or unknown', async () => {
      for (const opset of [6, 99]) {
        const name = file('opset.onnx', onnx({ nodes: small, tensors: weights, opset }));
        await refused(through({ network: name }, shape), 'network-unsupported', new RegExp(`opset ${opset}`));
      }
    });

    it('a layer of another name, and says which are near', () =>
      refused(through({ network, layers: 'relu1, pol1' }, shape), 'unknown-layer', /'pol1'.*'pool1'/));

    it('a layer that is the same for every image', () => {
      const nodes = [...small, { operator: 'Shape', inputs: ['image'], outputs: ['extents'] }];
      const name = file('shape.onnx', onnx({ nodes, tensors: weights }));
      return refused(through({ network: name }, shape), 'unknown-layer', /'extents'/);
    });

    it('images that the network does not take, naming both', async () => {
      await refused(
        through({ network: open }, [1, 3, 4, 4]),
        'shape-mismatch',
        /\[1, 3, 4, 4\].*\[N, 2, H, W\].*'image'/,
      );
      await refused(through({ network: open }, [4, 4]), 'shape-mismatch', /\[4, 4\].*\[N, 2, H, W\]/);
      const fixed = file(
        'fixed.onnx',
        onnx({ nodes: small, tensors: weights, inputs: { image: { shape: [1, 2, 8, 8] } } }),
      );
      await refused(
        through({ network: fixed }, [1, 2, 4, 4]),
        'shape-mismatch',
        /\[1, 2, 4, 4\].*\[1, 2, 8, 8\]/,
      );
      await refused(
        through({ network }, [1, 3, 4, 4]),
        'network-unsupported',
        /Conv \(node 'first'\).*\[1, 3, 4, 4\]/,
      );
    });

    it('images of different shapes', () => {
      const inputs = { prediction: image([1, 2, 4, 4], 0), target: image([1, 2, 4, 6], 1) };
      return refused(
        { ...through({ network }, shape), inputs },
        'shape-mismatch',
        /\[1, 2, 4, 4\].*\[1, 2, 4, 6\]/,
      );
    });

    it('layers without a network', () =>
      refused({ ...through({ network }, shape), parameters: { layers: 'relu1' } }, 'parameter', /relu1/));

    it('two inputs that the layers need', () => {
      const nodes = [{ operator: 'Add', inputs: ['image', 'noise'], outputs: ['sum'] }];
      const name = file('two-inputs.onnx', onnx({ nodes, inputs: { image: {}, noise: {} } }));
      return refused(through({ network: name }, shape), 'network-unsupported', /image, noise/);
    });

    it('weights that are computed from the image', () => {
      const nodes = [{ ...conv, inputs: ['image', 'image'] }];
      const name = file('self.onnx', onnx({ nodes }));
      return refused(through({ network: name }, [3, 3, 3, 3]), 'network-unsupported', /has to be fixed/);
    });

    it('training mode', () => {
      const nodes: WrittenNode[] = [
        {
          operator: 'BatchNormalization',
          inputs: ['image', 'b1', 'b1', 'b1', 'b1'],
          outputs: ['y'],
          attributes: { training_mode: 1 },
        },
      ];
      const name = file('training.onnx', onnx({ nodes, tensors: weights }));
      return refused(through({ network: name }, shape), 'network-unsupported', /training mode.*eval mode/);
    });
  });
});

async function refused(
  request: EvaluateRequest,
  codes: string | readonly string[],
  message: RegExp,
): Promise<void> {
  await assert.rejects(evaluate(request), (error: Error & { code?: string }) => {
    assert.equal(error.name, 'LossLensError', `${error.stack}`);
    assert.ok([codes].flat().includes(error.code!), `${error.code}: ${error.message}`);
    assert.match(error.message, message);
    return true;
  });
}
