/** `Evaluate Loss…`, from the palette, the editor's context menu and the hover. */
import * as vscode from 'vscode';

/** What the hover's link passes: where the loss is named. */
export interface EvaluateArguments {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export function evaluateCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('lossLens.evaluate', async (from?: unknown) => {
    const { evaluateLoss } = await import('../features.ts');
    await evaluateLoss(context, isEvaluateArguments(from) ? from : undefined);
  });
}

/** The context menu passes a URI and other things of its own. */
function isEvaluateArguments(given: unknown): given is EvaluateArguments {
  return (
    typeof given === 'object' && given !== null && 'line' in given && 'character' in given && 'uri' in given
  );
}
