/** Evaluating a loss on files: what they hold is offered for its inputs. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { evaluateOffers } from '../../evaluate/evaluate.ts';
import { report } from '../../evaluate/report.ts';
import { chooseFiles } from './choose.ts';
import { offersIn } from './open.ts';
import { sourceOfFiles } from './source.ts';

/** @param given  none to be asked for them */
export async function evaluateFiles(
  context: vscode.ExtensionContext,
  given: readonly vscode.Uri[],
): Promise<void> {
  try {
    const files = given.length > 0 ? given : await chooseFiles(t('Evaluate on Files'));
    if (!files) return;
    const offers = await offersIn(files);
    // An array a file was meant by choosing the file; of several it is asked which.
    if (offers.length === files.length) await evaluateOffers(context, offers);
    else await evaluateOffers(context, [], [], undefined, [sourceOfFiles(files, offers)]);
  } catch (error) {
    report(error);
  }
}
