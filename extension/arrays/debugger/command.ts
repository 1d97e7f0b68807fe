/** `Evaluate Loss with This…`, from the context menu of the Variables view. */
import * as vscode from 'vscode';

export function evaluateVariableCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('lossLens.evaluateVariable', async (from?: unknown) => {
    const { evaluateVariable } = await import('../../features.ts');
    await evaluateVariable(context, expressionOf(from));
  });
}

/** What VS Code passes of a variable, by the Debug Adapter Protocol. */
function expressionOf(from: unknown): string | undefined {
  if (typeof from !== 'object' || from === null || !('variable' in from)) return undefined;
  const { variable } = from as {
    readonly variable: { readonly evaluateName?: unknown; readonly name?: unknown };
  };
  const name = variable.evaluateName ?? variable.name;
  return typeof name === 'string' ? name : undefined;
}
