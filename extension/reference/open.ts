/** *Open Loss Reference…* */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { explainedSymbols, symbols, titleOf } from '../catalogue.ts';
import { type Book, book } from './book.ts';
import { showReference } from './panel.ts';
import { pageView, titleOf as titleIn } from './view.ts';

/** @param id  of a page; without one, or with one that is not there, the user chooses */
export async function openReference(context: vscode.ExtensionContext, id?: string): Promise<void> {
  const loaded = await book();
  const page = id !== undefined && pageView(loaded, id) ? id : await pickPage(loaded);
  if (page !== undefined) showReference(context, page);
}

interface Item extends vscode.QuickPickItem {
  readonly page?: string;
}

async function pickPage(from: Book): Promise<string | undefined> {
  const { pages, guides, families, messages, checks } = from;
  const item = (id: string): Item => ({ label: titleIn(from, id), page: id });
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: Item[] = [
    ...guides.map(item),
    ...families.flatMap(({ id, losses }) => [
      heading(titleIn(from, id)),
      item(id),
      ...losses.map((loss): Item => ({ ...item(loss), description: loss })),
    ]),
    heading(titleIn(from, 'checks')),
    ...checks.map(item),
    heading(titleIn(from, 'messages')),
    ...messages.map((id): Item => ({ ...item(id), detail: wordsOf(pages[id]!.html) })),
    heading(t('By framework symbol')),
    ...symbols.map(({ name, loss }): Item => ({ label: name, description: titleOf(loss), page: loss })),
    ...explainedSymbols.map(({ name, loss }): Item => ({ label: name, page: loss ?? name })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Open Loss Reference'),
    placeHolder: t('Loss, family, framework symbol, or words of an error message'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.page;
}

/** What a page about messages quotes, on one line, so that people find it by what they see. */
function wordsOf(html: string): string {
  const quoted = /<code>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? '';
  const text = quoted.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'");
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim().replaceAll(/\s+/g, ' ');
}
