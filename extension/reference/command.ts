/** The reference: its command, its tree, and its panel after a reload. What they do is loaded on first use. */
import * as vscode from 'vscode';

export const viewType = 'lossLens.reference';

export function reference(context: vscode.ExtensionContext): vscode.Disposable {
  const features = () => import('../features.ts');
  return vscode.Disposable.from(
    vscode.commands.registerCommand('lossLens.openReference', async (id?: unknown) => {
      await (await features()).openReference(context, typeof id === 'string' ? id : undefined);
    }),
    vscode.window.registerTreeDataProvider('lossLens.pages', {
      async getChildren(id?: string) {
        const { book, pagesUnder } = await features();
        return [...pagesUnder(await book(), id)];
      },
      async getTreeItem(id: string) {
        const { book, treeItem } = await features();
        return treeItem(await book(), id);
      },
    }),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel) {
        (await features()).restoreReference(context, panel);
      },
    }),
  );
}
