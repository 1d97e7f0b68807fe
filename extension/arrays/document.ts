/** The arrays that a document holds by name. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { type ArraySource, offerOf } from './offer.ts';
import { arraysIn } from './text.ts';

export function documentSource(document: vscode.TextDocument): ArraySource {
  return {
    title: t('In this file'),
    offers: async () =>
      arraysIn(document.getText()).map(({ name, start, array }) =>
        offerOf(array, t`line ${document.positionAt(start).line + 1}`, name),
      ),
  };
}
