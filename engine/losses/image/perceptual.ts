import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { type Body, type Call, describe, floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { KernelBody } from '../../kernels/kernel.ts';
import type { Input } from '../../language/expression.ts';
import { elementwise, sameShape } from '../../layout.ts';
import { batchesOf, requireSeparate } from '../../networks/images.ts';
import { subnetwork } from '../../networks/layers.ts';
import { Matrices } from '../../networks/matrix.ts';
import { matrixModule } from '../../networks/matrix-module.ts';
import { readOnnx } from '../../networks/onnx.ts';
import { Plan } from '../../networks/plan.ts';
import { residualCurve } from '../curves.ts';
import { squaredError } from '../regression/mean-squared-error.ts';

const featureCurve = residualCurve('prediction', 'target');

/** The squared distance of feature maps: given ones, or those that a network makes of two images. */
export const perceptual: Loss = {
  id: 'perceptual',
  title: 'Perceptual loss',
  family: 'image',
  inputs: [
    floatInput(
      'prediction',
      'feature maps of the generated image, any shape; with a network the images, [N, C, H, W]',
    ),
    floatInput('target', 'those of the true image, same shape'),
  ],
  parameters: [
    {
      name: 'network',
      kind: 'text',
      file: '.onnx',
      default: null,
      nullable: true,
      description: 'an ONNX file (.onnx) that makes the feature maps; none where they are given',
    },
    {
      name: 'layers',
      kind: 'text',
      default: null,
      nullable: true,
      description:
        "which of its values or nodes to compare, separated by commas; none for the network's outputs",
    },
  ],
  reduction: 'sum',
  program(call): Body | KernelBody {
    const file = call.option<string | null>('network');
    const layers = namesIn(call.option<string | null>('layers'));
    if (file !== null) return throughNetwork(call, file, layers);
    if (layers.length > 0) {
      throw new LossLensError('parameter', t('Layers are those of a network.'), {
        found: t`layers: '${layers.join(', ')}' without a network`,
        expected: t('network: a file, or no layers'),
      });
    }
    const [prediction, target] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    return { elements: squaredError(prediction, target) };
  },
  curve(parameters) {
    const spec = featureCurve(parameters);
    if (parameters['network'] === null) return spec;
    // The curve is that of one feature; where the user's features stand on it, the network alone knows.
    const { points: _, ...rest } = spec;
    return { ...rest, xLabel: 'φ(prediction) − φ(target)', parameters: { network: null, layers: null } };
  },
};

const namesIn = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function throughNetwork(call: Call, file: string, layers: readonly string[]): KernelBody {
  const [prediction, target] = [call.array('prediction'), call.array('target')];
  if (!sameShape(prediction.shape, target.shape)) {
    throw new LossLensError('shape-mismatch', t('Both images need one shape.'), {
      found: `prediction ${describe(prediction)}, target ${describe(target)}`,
      expected: t('equal shapes'),
    });
  }
  const network = subnetwork(readOnnx(readFile(file), file), layers);
  const { images, passShape } = batchesOf(network, prediction.shape);
  const module = matrixModule();
  const { shapes } = new Plan(network, passShape, new Matrices(module));
  requireSeparate(network, shapes, passShape[0]!);
  const single = prediction.shape.length < passShape.length;
  const features = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0) / passShape[0]!;
  return {
    kernel: 'perceptual',
    network: { network, imageShape: passShape, module },
    arrays: { prediction, target },
    facts: {},
    differentiable: { prediction: 'prediction', target: 'target' },
    elementShape: [...(single ? [] : [images]), shapes.length],
    denominator: call.reduction === 'batchmean' ? images : images * features,
  };
}
