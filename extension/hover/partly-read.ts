/** Says of a file that is too large, or too deeply nested, that only its beginning is read: in the language status. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';

const filters = new Map<string, vscode.DocumentFilter>();
let item: vscode.LanguageStatusItem | undefined;

export function sayWhetherRead({ uri }: vscode.TextDocument, complete: boolean): void {
  const key = uri.toString();
  if (filters.has(key) !== complete) return;
  if (complete) filters.delete(key);
  else filters.set(key, { scheme: uri.scheme, pattern: uri.fsPath });
  item ??= createItem();
  item.selector = [...filters.values()];
}

function createItem(): vscode.LanguageStatusItem {
  const created = vscode.languages.createLanguageStatusItem('lossLens.partlyRead', []);
  created.name = 'Loss Lens';
  created.text = t('Only the beginning is searched for losses');
  created.detail = t('The file is too large or nested too deeply.');
  created.severity = vscode.LanguageStatusSeverity.Information;
  return created;
}
