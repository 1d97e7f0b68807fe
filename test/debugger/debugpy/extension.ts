/** Starts the real debugpy, as the extension `ms-python.debugpy` does: its adapter over standard input and output. */
import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const python = process.env.TEST_PYTHON;
  if (!python) throw new Error('TEST_PYTHON names no interpreter.');
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable(python, ['-m', 'debugpy.adapter']),
    }),
    vscode.debug.registerDebugConfigurationProvider('debugpy', {
      resolveDebugConfiguration: (_, configuration) => ({ python: [python], ...configuration }),
    }),
  );
}
