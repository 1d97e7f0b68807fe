/** Get Started: the walkthrough that package.json describes, and what its buttons show. Loaded on first use. */
import * as vscode from 'vscode';

/** @see package.json, `contributes.walkthroughs` */
const walkthrough = 'loss-lens.loss-lens#start';

export function gettingStarted(context: vscode.ExtensionContext): vscode.Disposable {
  const features = () => import('../features.ts');
  return vscode.Disposable.from(
    vscode.commands.registerCommand('lossLens.getStarted', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false),
    ),
    vscode.commands.registerCommand('lossLens.tryHover', async () => (await features()).tryHover(context)),
    vscode.commands.registerCommand('lossLens.tryEvaluate', async () =>
      (await features()).tryEvaluate(context),
    ),
    vscode.commands.registerCommand('lossLens.tryNotebook', async () =>
      (await features()).tryNotebook(context),
    ),
    vscode.commands.registerCommand('lossLens.tryChecks', async () => (await features()).tryChecks(context)),
  );
}
