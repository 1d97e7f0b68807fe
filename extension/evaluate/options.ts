/** What the loss is set to. */

import { t } from '@vscode/l10n';
import { LossLensError } from '../../engine/errors.ts';
import type { Parameters, ParameterValue } from '../../engine/evaluation.ts';
import { translated } from '../../engine/words.ts';
import { titleOf } from '../catalogue.ts';
import { askParameter } from './ask.ts';
import type { Subject } from './subject.ts';

/** The options of the call; what it leaves to run time is asked. `undefined` when the user backs out. */
export async function completeOptions({
  loss,
  parameters,
  options,
  unread,
}: Subject): Promise<Parameters | undefined> {
  const complete: Record<string, ParameterValue> = { ...options };
  for (const { name, text } of unread) {
    const info = parameters.find((parameter) => parameter.name === name);
    if (!info) {
      throw new LossLensError(
        'parameter',
        t`What ${text} passes to ${loss} is known only when the program runs.`,
        {
          found: `${name.startsWith('*') ? name : ''}${text}`,
          expected: t('options written out, such as reduction="sum"'),
        },
      );
    }
    if (info.choices?.every((choice) => choice === null)) {
      throw new LossLensError(
        'not-evaluable',
        t`${titleOf(loss)} cannot be evaluated with a function of yours.`,
        {
          found: `${name}=${text}`,
          expected: t`${name} left out: ${translated(info.description)}`,
        },
      );
    }
    const answer = await askParameter(t`Evaluate ${titleOf(loss)}`, info, text);
    if (!answer) return undefined;
    complete[name] = answer.value;
  }
  return complete;
}
