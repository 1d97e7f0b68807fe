import type { InputInfo } from '../catalogue.ts';
import type { EvaluateRequest } from '../evaluation.ts';

/** The input whose gradient is shown: the first that is differentiable and neither target nor weight. */
export function predictionOf(inputs: readonly InputInfo[], given: EvaluateRequest['inputs']): string {
  const candidates = inputs.filter(({ name, kind }) => given[name] && kind !== 'integer');
  const prediction = candidates.find(({ name }) => !aTarget.test(name)) ?? candidates[0];
  return prediction!.name;
}

/** What it is compared with. */
export function targetOf(inputs: readonly InputInfo[], given: EvaluateRequest['inputs']): string | undefined {
  return inputs.find(({ name, optional }) => !optional && given[name] && aTarget.test(name))?.name;
}

/** `target`, `y_true`, `labels`, `onehot_labels` … */
export const aTarget = /target|true|label/i;
