/** The reference's pages as a tree: the guides, each family with its losses, the checks, the error messages. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Book } from './book.ts';
import { titleOf } from './view.ts';

/** Pages under this one; without one, the topmost. */
export function pagesUnder({ families, messages, checks }: Book, id?: string): readonly string[] {
  if (id === undefined) {
    return ['opening', 'choosing', ...families.map((family) => family.id), 'checks', 'messages'];
  }
  if (id === 'checks') return checks;
  if (id === 'messages') return messages;
  return families.find((family) => family.id === id)?.losses ?? [];
}

export function treeItem(book: Book, id: string): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const isLeaf = pagesUnder(book, id).length === 0;
  const item = new vscode.TreeItem(titleOf(book, id), isLeaf ? None : Collapsed);
  item.id = id;
  if (isLeaf && book.pages[id]!.kind === 'guide') item.iconPath = new vscode.ThemeIcon('book');
  item.command = { command: 'lossLens.openReference', title: t('Open'), arguments: [id] };
  return item;
}
