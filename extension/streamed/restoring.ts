import * as vscode from 'vscode';

export const viewType = 'lossLens.streamed';

/** Brings results back after the window was reloaded; the page has kept what it shows. */
export function streamedRestoring(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel) {
      const { restoreStreamed } = await import('../features.ts');
      restoreStreamed(context, panel);
    },
  });
}
