/** A loss's own page, in the editor's Markdown preview. */
import * as vscode from 'vscode';
import { pages } from '../pages.ts';

/** @param id  a catalogue id; without one the user chooses */
export async function openReference(extensionPath: string, scheme: string, id?: string): Promise<void> {
  const { losses } = await pages(extensionPath);
  const loss = (id === undefined ? undefined : losses[id]) ?? (await pickPage(Object.values(losses)));
  if (!loss) return;
  // The last part is the title of the preview's tab.
  const uri = vscode.Uri.from({ scheme, path: `/${loss.id}/${loss.title}.md` });
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

/** The text of the document that `openReference` previews. */
export async function referenceText(extensionPath: string, uri: vscode.Uri): Promise<string> {
  const { losses } = await pages(extensionPath);
  return losses[uri.path.split('/')[1]!]?.markdown ?? '';
}

async function pickPage(all: readonly { readonly id: string; readonly title: string }[]) {
  const picked = await vscode.window.showQuickPick(
    all.map(({ id, title }) => ({ label: title, description: id, id, title })),
    { title: 'Open Loss Reference', placeHolder: 'Loss', matchOnDescription: true },
  );
  return picked;
}
