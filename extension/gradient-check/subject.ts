/** Which function of a cell is meant, and which loss its comment says that it is. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { LossLensError } from '../../engine/errors.ts';
import { pick } from '../pick.ts';
import { lossNamedAt } from '../recognition.ts';

export interface UserLoss {
  readonly name: string;
  /** The catalogue id of a comment `# loss: id` on its line. */
  readonly declared?: string;
  /** From 0. */
  readonly line: number;
}

/** The function around the cursor, or the cell's only one; else the user says which. */
export async function userLossIn(
  document: vscode.TextDocument,
  cursor: number | undefined,
): Promise<UserLoss | undefined> {
  const all = functionsIn(document);
  const around = cursor === undefined ? undefined : all.findLast(({ line }) => line <= cursor);
  if (all.length === 0) {
    throw new LossLensError('no-array', t('This cell defines no function.'), {
      expected: t('a cell with a loss of yours, such as def my_loss(prediction, target): …'),
    });
  }
  if (around || all.length === 1) return around ?? all[0];
  return pick(
    t('Check Gradient'),
    t('Which function is the loss?'),
    all.map((value) => ({ label: value.name, value })),
  );
}

/** Those at the left edge: a kernel knows no others by name. */
function functionsIn(document: vscode.TextDocument): UserLoss[] {
  const found: UserLoss[] = [];
  for (const match of document
    .getText()
    .matchAll(/^(?:def[ \t]+([\p{L}_][\p{L}\p{N}_]*)|([\p{L}_][\p{L}\p{N}_]*)[ \t]*=[ \t]*lambda\b)/gmu)) {
    const name = (match[1] ?? match[2])!;
    const place = document.positionAt(match.index + match[0].indexOf(name));
    const declared = lossNamedAt(document, place)?.loss;
    found.push({ name, line: place.line, ...(declared !== undefined && { declared }) });
  }
  return found;
}
