/**
 * What an array of the paused program is, with the way to a loss. VS Code has its own hover while debugging, which no
 * extension reaches: this one comes with Alt held, or by Show or Focus Hover.
 */
import * as vscode from 'vscode';
import { languagesOf } from '../../languages.ts';

export function pausedHover(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(languagesOf(context), {
    async provideHover(document, position) {
      if (!(vscode.debug.activeStackItem instanceof vscode.DebugStackFrame)) return undefined;
      const { pausedHoverAt } = await import('../../features.ts');
      return pausedHoverAt(document, position);
    },
  });
}
