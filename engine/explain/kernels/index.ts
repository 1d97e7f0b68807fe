/** One element of a loss that a kernel computes: what its number is made of. */
import { t } from '@vscode/l10n';
import { runKernel } from '../../kernels/index.ts';
import type { KernelAnswer, KernelName, KernelRequest } from '../../kernels/kernel.ts';
import { type KernelPlan, kernelRequest } from '../../kernels/plan.ts';
import { short } from '../../presentation/numbers.ts';
import type { Line } from '../worked.ts';
import { ctcLines } from './ctc.ts';
import { perceptualLines } from './perceptual.ts';
import { transportLines } from './transport.ts';

/** An element as the kernel computes it, and what an explanation reads. */
export interface Asked {
  readonly request: KernelRequest;
  /** Of the kernel's values. */
  readonly element: number;
  /** What the user calls an array of the kernel; nothing for one that the program has made. */
  nameOf(array: string): string | undefined;
}

export interface KernelExplained {
  /** As the kernel gives it. */
  readonly loss: number;
  /** What of it the value's sum holds, where that is another number. */
  readonly counted?: number;
  /** The last is the loss; none where it cannot be taken apart. */
  readonly lines: readonly Line[];
}

type Explanation = (asked: Asked, answer: KernelAnswer) => readonly Line[];

const explanations: Readonly<Record<KernelName, Explanation>> = {
  ctc: ctcLines,
  'ctc-tensorflow': ctcLines,
  'ctc-optax': ctcLines,
  perceptual: perceptualLines,
  transport: transportLines,
};

/** @param element  counts through the unreduced loss, row-major */
export function explainKernel(
  plan: KernelPlan,
  parameters: Record<string, number>,
  element: number,
): KernelExplained {
  const { body, weights } = plan;
  const { request, reduce } = kernelRequest({ ...plan, gradients: [] }, parameters);
  const answer = runKernel(request);
  const exact = reduce(answer).elements[element]!;
  const loss = body.dtype === 'float32' ? Math.fround(exact) : exact;
  const names = new Map(Object.entries(body.differentiable).map(([name, array]) => [array, name]));
  const weighting = body.weighting;
  const asked: Asked = {
    request,
    element: weighting ? weighting.value[element]! : element,
    nameOf: (array) => names.get(array),
  };
  const lines = explanations[body.kernel](asked, answer);
  if (lines.length === 0) return { loss, lines };
  if (weighting) {
    const unweighted = t('unweighted');
    const place = weighting.weight[element]!;
    const [value, weight] = [lines.at(-1)!.result, short(Number(weights![place]), 'float64')];
    const last: Line = {
      name: t('loss'),
      symbols: `${unweighted} · ${weighting.input}[${place}]`,
      numbers: `${value} · ${weight}`,
      result: short(loss, 'float64'),
    };
    return { loss, lines: [...lines.slice(0, -1), { ...lines.at(-1)!, name: unweighted }, last] };
  }
  const scale =
    plan.reduction === 'mean' || plan.reduction === 'batchmean' ? body.scale?.[element] : undefined;
  return { loss, lines, ...(scale !== undefined && { counted: loss * scale }) };
}
