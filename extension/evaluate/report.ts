/** Says what went wrong, and shows where. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { LossLensError, placeInText, withoutPlace } from '../../engine/errors.ts';
import { plain } from '../plain.ts';

/** An error about a text in a document. */
export class PlacedError extends Error {
  readonly location: vscode.Location;

  constructor(error: LossLensError, document: vscode.TextDocument, offset: number) {
    // The error counts lines from the start of the text that was read.
    super(withoutPlace(error));
    const place = document.positionAt(offset);
    this.location = new vscode.Location(document.uri, place);
  }
}

/** What the user reads of an error. */
export function textOf(error: unknown): string {
  if (error instanceof LossLensError || error instanceof PlacedError) return plain(error.message);
  return plain(t`Loss Lens failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`);
}

/** A message with the place, which is scrolled into view; the selections stay as they are until the user goes there. */
export function report(error: unknown): void {
  if (!(error instanceof PlacedError)) {
    void vscode.window.showErrorMessage(textOf(error));
    return;
  }
  const { uri, range } = error.location;
  const { line, character } = range.start;
  const visible = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  visible?.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const go = t('Go There');
  vscode.window
    .showErrorMessage(`${placeInText(line + 1, character + 1)} ${textOf(error)}`, go)
    .then((chosen) => {
      if (chosen === go) void vscode.window.showTextDocument(uri, { selection: range });
    });
}
