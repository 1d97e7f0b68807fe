/** Images through a network: the squared distance of their feature maps, channel by channel. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import type { KernelAnswer } from '../../kernels/kernel.ts';
import { Matrices } from '../../networks/matrix.ts';
import { Plan } from '../../networks/plan.ts';
import type { Line } from '../worked.ts';
import type { Asked } from './index.ts';
import { numberText, sumLines, type Term } from './terms.ts';

export function perceptualLines({ request, element }: Asked, { elements }: KernelAnswer): readonly Line[] {
  const loss = elements[element]!;
  if (!Number.isFinite(loss)) return [];
  const terms = channels({ request, element });
  const count = terms.reduce((sum, { features }) => sum + features, 0);
  const { lines, names, values } = sumLines(
    terms.map(({ features: _, ...term }) => term),
    (others) => (others === 1 ? t('1 other channel') : t`${others} other channels`),
  );
  const result = numberText(loss);
  return [
    ...lines,
    {
      name: t('mean of squares'),
      symbols: t`loss ÷ ${count} features`,
      numbers: `${result} ÷ ${count}`,
      result: numberText(loss / count),
    },
    { name: t('loss'), symbols: names, numbers: values, result },
  ];
}

/** Of that image in that layer: the squared differences of each channel, added up. */
export function channels({
  request: { inputs, network },
  element,
}: Pick<Asked, 'request' | 'element'>): readonly (Term & { readonly features: number })[] {
  const { imageShape, network: trained, module } = network!;
  const plan = new Plan(trained, imageShape, new Matrices(module));
  const layers = plan.shapes.length;
  const [image, layer] = [Math.floor(element / layers), element % layers];
  const [batch, size] = [imageShape[0]!, sizeOf(imageShape)];
  const pass = Math.floor(image / batch) * size;
  const [predicted, wanted] = ['prediction', 'target'].map((name) => {
    const images = inputs[name]!.data.subarray(pass, pass + size);
    return plan.run(Float64Array.from(images as Float64Array, Number), false).layers[layer]!;
  }) as [Float64Array, Float64Array];
  const [, count = 1, ...inner] = plan.shapes[layer]!;
  const features = sizeOf(inner);
  const start = (image % batch) * count * features;
  const what = trained.layers[layer]!;
  return Array.from({ length: count }, (_, channel) => {
    let value = 0;
    const from = start + channel * features;
    for (let i = from; i < from + features; i++) value += (predicted[i]! - wanted[i]!) ** 2;
    const [x, y] = [numberText(predicted[from]!), numberText(wanted[from]!)];
    return {
      name: t`channel ${channel}`,
      symbols:
        features === 1
          ? t`(${what} of prediction − ${what} of target)²`
          : t`Σ (${what} of prediction − ${what} of target)² over ${inner.join(' × ')}`,
      numbers: features === 1 ? `(${x} − ${y.startsWith('-') ? `(${y})` : y})²` : numberText(value),
      value,
      features,
    };
  });
}
