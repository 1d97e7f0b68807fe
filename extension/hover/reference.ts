/** The page of a loss or of a check, in the editor's Markdown preview. */
import * as vscode from 'vscode';
import { pages } from '../pages.ts';

/** @param id  a catalogue id or the code of a check; without one the user chooses a loss */
export async function openReference(extensionPath: string, scheme: string, id?: string): Promise<void> {
  const { losses, checks } = await pages(extensionPath);
  const known = id === undefined ? undefined : (losses[id] ?? checks[id]);
  const page = known ? { id: id!, title: known.title } : await pickPage(Object.values(losses));
  if (!page) return;
  // The last part is the title of the preview's tab.
  const uri = vscode.Uri.from({ scheme, path: `/${page.id}/${page.title}.md` });
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

/** The text of the document that `openReference` previews. */
export async function referenceText(extensionPath: string, uri: vscode.Uri): Promise<string> {
  const { losses, checks } = await pages(extensionPath);
  const id = uri.path.split('/')[1]!;
  return (losses[id] ?? checks[id])?.markdown ?? '';
}

async function pickPage(all: readonly { readonly id: string; readonly title: string }[]) {
  const picked = await vscode.window.showQuickPick(
    all.map(({ id, title }) => ({ label: title, description: id, id, title })),
    { title: 'Open Loss Reference', placeHolder: 'Loss', matchOnDescription: true },
  );
  return picked;
}
