import * as vscode from 'vscode';

export const viewType = 'lossLens.evaluation';

/** Brings panels back after the window was reloaded. */
export function panelRestoring(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel, state) {
      // Activation waits for none of what a panel needs.
      const { restoreEvaluation } = await import('../features.ts');
      restoreEvaluation(context, panel, state);
    },
  });
}
