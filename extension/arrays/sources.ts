/** Every place that arrays are offered from, the nearest first. */
import type * as vscode from 'vscode';
import { debuggerSource } from './debugger/source.ts';
import { documentSource } from './document.ts';
import { fileSource } from './files/source.ts';
import { kernelSource } from './kernel/source.ts';
import { cellOf, notebookSource } from './notebook/source.ts';
import type { ArraySource } from './offer.ts';

/** @param document  where the evaluation is asked for, if it is asked for in one */
export function sourcesFor(document: vscode.TextDocument | undefined): ArraySource[] {
  const cell = document && cellOf(document);
  const paused = debuggerSource();
  return [
    ...(paused ? [paused] : []),
    ...(cell ? [notebookSource(cell)] : []),
    ...(document ? [documentSource(document)] : []),
    ...(cell ? [kernelSource(cell.notebook)] : []),
    fileSource(),
  ];
}
