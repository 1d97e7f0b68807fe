/** The hover of a variable of the paused program. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';
import type { ArrayOffer } from '../offer.ts';
import { debuggerOffer } from './source.ts';

/** `undefined` for what is no array. */
export async function pausedHoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const range = expressionAt(document, position);
  if (!range) return undefined;
  const value = document.getText(range);
  let offer: ArrayOffer;
  try {
    offer = await debuggerOffer(value);
  } catch (error) {
    if (error instanceof LossLensError) return undefined;
    throw error;
  }
  const { dtype, shape, from } = offer;
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: ['lossLens.evaluateVariable'] };
  text.appendCodeblock(`${value}: ${dtype} [${shape?.join(', ')}]`, 'plaintext');
  const given = encodeURIComponent(JSON.stringify([{ variable: { evaluateName: value } }]));
  text.appendText(`${t`${from}, as it is now.`} `);
  text.appendMarkdown(`[${t('Evaluate loss…')}](command:lossLens.evaluateVariable?${given})`);
  return new vscode.Hover(text, range);
}

/** A name with what stands before it: on `logits` of `self.logits.shape`, `self.logits`. */
function expressionAt(document: vscode.TextDocument, position: vscode.Position): vscode.Range | undefined {
  const word = document.getWordRangeAtPosition(position, /[\p{L}_$][\p{L}\p{N}_$]*/u);
  const whole =
    word &&
    document.getWordRangeAtPosition(position, /[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*/u);
  return whole && new vscode.Range(whole.start, word.end);
}
