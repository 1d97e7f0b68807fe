/** What the adversarial losses share: scores of real and of generated samples, each over an axis of its own. */
import { t } from '@vscode/l10n';
import { type Call, floatInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Input } from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { requireValues } from '../../layout.ts';

export const realInput = floatInput('real', "the discriminator's scores of real samples, D(x), any shape");
export const fakeInput = floatInput(
  'fake',
  "the discriminator's scores of generated samples, D(G(z)), any shape",
);

export const fromParameter = {
  name: 'from',
  kind: 'choice',
  choices: ['probability', 'logit'],
  default: 'probability',
  description: 'what the scores are',
} as const;

/** Places the scores, which need not be equally many; with one of them only, the loss has one element a score. */
export function scores(call: Call, names: readonly string[]): Input[] {
  call.space = new Space(names.flatMap((name) => call.shape(name).map((size) => ({ axis: name, size }))));
  let first = 0;
  return names.map((name) => {
    const at = [...call.shape(name).keys()].map((d) => d + first);
    first += at.length;
    return call.place(name, at);
  });
}

/** @throws LossLensError `parameter`: two expectations over different samples have no elements. */
export function requireMeans(call: Call): void {
  if (call.reduction === 'mean') return;
  throw new LossLensError(
    'parameter',
    t('This loss is two means over different samples and has no other reduction.'),
    {
      found: `reduction: '${call.reduction}'`,
      expected: "'mean'",
    },
  );
}

export function requireProbabilities(call: Call, names: readonly string[]): void {
  for (const name of names) {
    requireValues(
      call,
      name,
      (p) => !(p < 0 || p > 1),
      'domain',
      t("A probability lies between 0 and 1; for logits set from: 'logit'."),
      t('numbers from 0 to 1'),
    );
  }
}
