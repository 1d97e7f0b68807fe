/** A loss's own page, in the editor's Markdown preview. */
import * as vscode from 'vscode';
import { symbolNamed } from '../catalogue.ts';
import { pages } from '../pages.ts';
import { isExplained, lastName } from './content.ts';
import { explainedPage } from './explained.ts';

/** @param id  a catalogue id, or a symbol that is explained; without one the user chooses */
export async function openReference(extensionPath: string, scheme: string, id?: string): Promise<void> {
  const { losses } = await pages(extensionPath);
  const known = id === undefined ? undefined : (losses[id] ?? explained(id));
  const loss = known ?? (await pickPage(Object.values(losses)));
  if (!loss) return;
  // The last part is the title of the preview's tab.
  const uri = vscode.Uri.from({ scheme, path: `/${loss.id}/${loss.title}.md` });
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

/** The text of the document that `openReference` previews. */
export async function referenceText(extensionPath: string, uri: vscode.Uri): Promise<string> {
  const { losses } = await pages(extensionPath);
  const id = uri.path.split('/')[1]!;
  return losses[id]?.markdown ?? explained(id)?.markdown ?? '';
}

function explained(name: string) {
  const symbol = symbolNamed(name);
  if (!symbol || !isExplained(symbol)) return undefined;
  return { id: name, title: lastName(name), markdown: explainedPage(symbol) };
}

async function pickPage(all: readonly { readonly id: string; readonly title: string }[]) {
  const picked = await vscode.window.showQuickPick(
    all.map(({ id, title }) => ({ label: title, description: id, id, title })),
    { title: 'Open Loss Reference', placeHolder: 'Loss', matchOnDescription: true },
  );
  return picked;
}
