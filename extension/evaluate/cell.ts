/** What is evaluated in a notebook's cell: the call of a loss in its code, or its arrays. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { showsArrays } from '../arrays/notebook/outputs.ts';
import { pick } from '../pick.ts';
import { lossCallAt, lossesIn } from '../recognition.ts';

type Call = NonNullable<ReturnType<typeof lossCallAt>>;

/** The call that the cell makes, or the loss that it names; asked where there are several. `'none'`: it names none. */
export async function callOfCell({ document }: vscode.NotebookCell): Promise<Call | 'none' | undefined> {
  const calls = new Map<number, Call>();
  for (const { start } of lossesIn(document)) {
    const call = lossCallAt(document, document.positionAt(start));
    if (call?.loss.start === start) calls.set(call.start, call);
  }
  const all = [...calls.values()];
  const evaluated = all.filter((call) => call.arguments.length > 0);
  const candidates = evaluated.length > 0 ? evaluated : all;
  if (candidates.length < 2) return candidates[0] ?? 'none';
  return pick(
    t('Evaluate Loss'),
    t('Which of the losses in this cell'),
    candidates.map((call) => {
      const { line } = document.positionAt(call.loss.start);
      return {
        label: call.loss.symbol,
        description: t`line ${line + 1}: ${document.lineAt(line).text.trim()}`,
        value: call,
      };
    }),
  );
}

/** Why a cell has something to evaluate, in a sentence; `undefined` when it has not. */
export function evaluable(cell: vscode.NotebookCell): string | undefined {
  const [loss] = lossesIn(cell.document);
  if (loss) return t`Evaluate ${loss.symbol} with the arrays in this notebook’s outputs`;
  return showsArrays(cell) ? t('Evaluate a loss with the arrays in this cell’s output') : undefined;
}
