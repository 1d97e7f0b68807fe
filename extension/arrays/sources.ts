/** Every place that arrays are offered from, the nearest first. */
import type * as vscode from 'vscode';
import { documentSource } from './document.ts';
import type { ArraySource } from './offer.ts';

/** @param document  where the evaluation is asked for, if it is asked for in one */
export function sourcesFor(document: vscode.TextDocument | undefined): ArraySource[] {
  return document ? [documentSource(document)] : [];
}
