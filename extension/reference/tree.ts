/** The reference's pages as a tree: the guides, then each family with its losses. */
import * as vscode from 'vscode';
import { type Book, guides } from './book.ts';

/** Pages under this one; without one, the topmost. */
export function pagesUnder({ families }: Book, id?: string): readonly string[] {
  if (id === undefined) return [...guides, ...families.map((family) => family.id)];
  return families.find((family) => family.id === id)?.losses ?? [];
}

export function treeItem({ pages }: Book, id: string): vscode.TreeItem {
  const { kind, title } = pages[id]!;
  const item = new vscode.TreeItem(
    title,
    kind === 'family' ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = id;
  if (kind === 'guide') item.iconPath = new vscode.ThemeIcon('book');
  item.command = { command: 'lossLens.openReference', title: 'Open', arguments: [id] };
  return item;
}
