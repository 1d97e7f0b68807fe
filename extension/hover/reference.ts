/** `Open Loss Reference…`: a loss's own page, in the editor's Markdown preview. */
import * as vscode from 'vscode';
import { pages } from '../pages.ts';

const scheme = 'loss-lens';

/** @returns the command `lossLens.openReference`, which takes a catalogue id or asks for one */
export function openReferenceCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      async provideTextDocumentContent(uri) {
        const { losses } = await pages(context.extensionPath);
        return losses[uri.path.split('/')[1]!]?.markdown ?? '';
      },
    }),
    vscode.commands.registerCommand('lossLens.openReference', async (id?: string) => {
      const { losses } = await pages(context.extensionPath);
      const loss = (id === undefined ? undefined : losses[id]) ?? (await pickPage(Object.values(losses)));
      if (!loss) return;
      // The last part is the title of the preview's tab.
      const uri = vscode.Uri.from({ scheme, path: `/${loss.id}/${loss.title}.md` });
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    }),
  );
}

async function pickPage(all: readonly { readonly id: string; readonly title: string }[]) {
  const picked = await vscode.window.showQuickPick(
    all.map((page) => ({ label: page.title, description: page.id, page })),
    { title: 'Open Loss Reference', placeHolder: 'Loss', matchOnDescription: true },
  );
  return picked?.page;
}
