import * as vscode from 'vscode';
import { engine } from '../engine.ts';

export function evaluateCommand(_context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('lossLens.evaluate', async () => {
    await engine();
  });
}
