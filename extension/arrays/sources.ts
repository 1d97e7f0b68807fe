/** Every place that arrays are offered from, the nearest first. */
import * as vscode from 'vscode';
import { debuggerSource } from './debugger/source.ts';
import { documentSource } from './document.ts';
import { kernelSource } from './kernel/source.ts';
import type { ArraySource } from './offer.ts';

/** @param document  where the evaluation is asked for, if it is asked for in one */
export function sourcesFor(document: vscode.TextDocument | undefined): ArraySource[] {
  const notebook = document && notebookOf(document);
  const paused = debuggerSource();
  return [
    ...(paused ? [paused] : []),
    ...(document ? [documentSource(document)] : []),
    ...(notebook ? [kernelSource(notebook)] : []),
  ];
}

/** The open notebook that this is a cell of. */
export function notebookOf({ uri }: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.path === uri.path);
}
