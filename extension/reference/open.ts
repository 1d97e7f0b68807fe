/** *Open Loss Reference…* */
import * as vscode from 'vscode';
import { symbols, titleOf } from '../catalogue.ts';
import { type Book, book, guides } from './book.ts';
import { showReference } from './panel.ts';

/** @param id  of a page; without one, or with one that is not there, the user chooses */
export async function openReference(context: vscode.ExtensionContext, id?: string): Promise<void> {
  const loaded = await book(context.extensionPath);
  const page = id !== undefined && id in loaded.pages ? id : await pickPage(loaded);
  if (page !== undefined) showReference(context, page);
}

interface Item extends vscode.QuickPickItem {
  readonly page?: string;
}

async function pickPage({ pages, families }: Book): Promise<string | undefined> {
  const item = (id: string): Item => ({ label: pages[id]!.title, page: id });
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: Item[] = [
    ...guides.map(item),
    ...families.flatMap(({ id, losses }) => [
      heading(pages[id]!.title),
      item(id),
      ...losses.map((loss): Item => ({ ...item(loss), description: loss })),
    ]),
    heading('By framework symbol'),
    ...symbols.map(({ name, loss }): Item => ({ label: name, description: titleOf(loss), page: loss })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Open Loss Reference',
    placeHolder: 'Loss, family or framework symbol',
    matchOnDescription: true,
  });
  return picked?.page;
}
