/** Images in front of a network: do they fit, and how many go through at a time. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';
import type { Network } from './network.ts';
import { written } from './operators/operator.ts';

export interface Batches {
  readonly images: number;
  /** Of one pass, the batch first. */
  readonly passShape: readonly number[];
}

/**
 * Images pass one by one, so that each has a share of its own; where the file fixes a batch, that many together.
 * @param given  [N, C, H, W], or one image [C, H, W]
 * @throws LossLensError `shape-mismatch` with what is given and what the network takes.
 */
export function batchesOf({ image }: Network, given: readonly number[]): Batches {
  const { shape } = image;
  const refusal = (sentence: string): LossLensError =>
    new LossLensError('shape-mismatch', sentence, {
      found: t`images ${written(given)}`,
      expected: shape ? t`${written(shape)}, the network's input '${image.name}'` : '[N, C, H, W]',
    });
  const rank = shape?.length ?? 4;
  if (given.length !== rank && given.length !== rank - 1) {
    throw refusal(t('The images have another number of dimensions than the network takes.'));
  }
  const single = given.length === rank - 1;
  const [images, own] = single ? [1, given] : [given[0]!, given.slice(1)];
  const fixed = shape?.slice(1) ?? [];
  if (fixed.some((extent, d) => typeof extent === 'number' && extent > 0 && extent !== own[d])) {
    throw refusal(t('The network takes images of another size or number of channels.'));
  }
  const first = shape?.[0];
  const batch = typeof first === 'number' && first > 0 ? first : 1;
  if (images % batch !== 0) {
    throw refusal(
      t`The network was exported for batches of ${batch}: export it with a dynamic batch, or for one image.`,
    );
  }
  return { images, passShape: [batch, ...own] };
}

/** @throws LossLensError `network-unsupported` where a layer mixes the images of a batch. */
export function requireSeparate(
  network: Network,
  shapes: readonly (readonly number[])[],
  batch: number,
): void {
  const mixed = shapes.findIndex((shape) => batch > 1 && shape[0] !== batch);
  if (mixed < 0) return;
  throw new LossLensError('network-unsupported', t('A layer does not keep the images of a batch apart.'), {
    found: `'${network.layers[mixed]}' ${written(shapes[mixed]!)}`,
    expected: `[${batch}, …]`,
  });
}
