/** Programs stopped at a breakpoint by VS Code's debugger. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import { debuggerOffer } from '../../extension/arrays/debugger/source.ts';
import { until } from './browser.ts';

/** The file of the workspace in which `line` holds that text, and the program stopped there. */
export async function stoppedAt(
  file: string,
  source: string,
  text: string,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders!;
  const uri = vscode.Uri.joinPath(folder!.uri, file);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(source));
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
  const line = source.slice(0, source.indexOf(text)).split('\n').length - 1;
  vscode.debug.addBreakpoints([
    new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0))),
  ]);
  assert(await vscode.debug.startDebugging(folder, { ...configuration, program: uri.fsPath }));
  await until(
    () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame,
    'the program does not stop',
    60_000,
  );
  return editor;
}

export async function ended(): Promise<void> {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  void vscode.debug.stopDebugging();
  // The session itself may linger; what matters is that nothing is paused.
  const isPaused = (): boolean => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame;
  await until(() => !isPaused(), 'the program stays paused', 60_000);
}

/** What a variable of the paused program holds. */
export async function numbersOf(
  expression: string,
  report: (fraction: number) => void = () => {},
): Promise<NdArray> {
  const offer = await debuggerOffer(expression);
  return offer.load({ report, signal: new AbortController().signal });
}
