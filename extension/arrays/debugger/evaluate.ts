/** From a variable of a paused program to the panel. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { evaluateOffers } from '../../evaluate/evaluate.ts';
import { report } from '../../evaluate/report.ts';
import { lossesIn } from '../../recognition.ts';
import type { ArrayOffer } from '../offer.ts';
import { debuggerOffer } from './source.ts';

/** @param value  as the program writes it; asked when left out */
export async function evaluateVariable(context: vscode.ExtensionContext, value?: string): Promise<void> {
  const asked = value ?? (await ask());
  if (!asked) return;
  let offer: ArrayOffer;
  try {
    offer = await debuggerOffer(asked);
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) report(error);
    return;
  }
  const editor = vscode.window.activeTextEditor;
  await evaluateOffers(
    context,
    [offer],
    editor ? [...new Set(lossesIn(editor.document).map(({ symbol }) => symbol))] : [],
    editor && { document: editor.document, line: editor.selection.active.line },
  );
}

function ask(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: t('Evaluate Loss with a Variable of the Paused Program'),
    prompt: t('A variable, or an expression of one, as the program writes it.'),
    placeHolder: 'batch["labels"]',
    ignoreFocusOut: true,
  });
}
