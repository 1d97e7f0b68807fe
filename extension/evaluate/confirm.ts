/** Which array plays which role, shown before it is evaluated, to be changed. */
import { t } from '@vscode/l10n';
import type { InputInfo } from '../../engine/catalogue.ts';
import type { ArrayOffer } from '../arrays/offer.ts';
import { type Choice, group, pick } from '../pick.ts';
import { describe, labelOf } from './ask.ts';

type Roles = ReadonlyMap<string, ArrayOffer>;

/**
 * @param ask  for another array for an input; `'none'` leaves it out
 * @returns what was confirmed; `undefined` when the user backs out
 */
export async function confirmRoles(
  title: string,
  inputs: readonly InputInfo[],
  proposed: Roles,
  ask: (input: InputInfo, guess: ArrayOffer | undefined) => Promise<ArrayOffer | 'none' | undefined>,
): Promise<Roles | undefined> {
  const roles = new Map(proposed);
  for (;;) {
    const evaluate: Choice<InputInfo | 'evaluate'> = {
      icon: 'check',
      label: t('Evaluate with these'),
      description: [...roles].map(([input, offer]) => `${input} ← ${labelOf(offer)}`).join(', '),
      value: 'evaluate',
    };
    const items = inputs.map((input): Choice<InputInfo | 'evaluate'> => {
      const offer = roles.get(input.name);
      return {
        label: `${input.name} ← ${offer ? labelOf(offer) : t('left out')}`,
        description: offer ? describe(offer) : t('optional'),
        value: input,
      };
    });
    const chosen = await pick(
      title,
      t('Enter evaluates; choose an input to give it another array'),
      [evaluate, ...group(t('Inputs'), items)],
      evaluate,
    );
    if (chosen === undefined) return undefined;
    if (chosen === 'evaluate') return roles;
    const answer = await ask(chosen, roles.get(chosen.name));
    if (answer === 'none') roles.delete(chosen.name);
    else if (answer) roles.set(chosen.name, answer);
  }
}
