/** The losses in open documents: each document is analysed once a version, and after an edit only where it changed. */
import * as vscode from 'vscode';
import {
  assignedName,
  callAt,
  findLosses,
  type LossCall,
  type LossSignature,
  lossAt,
  PythonDocument,
  type RecognisedLoss,
  signatureAt,
} from '../engine/index.ts';

const sources = new WeakMap<vscode.TextDocument, { version: number; readonly source: PythonDocument }>();

/** The document as the recogniser reads it; `undefined` when it is not Python. */
export function sourceOf(document: vscode.TextDocument): PythonDocument | undefined {
  if (document.languageId !== 'python') return undefined;
  let known = sources.get(document);
  if (!known) {
    known = { version: document.version, source: new PythonDocument(document.getText()) };
    sources.set(document, known);
  } else if (known.version !== document.version) {
    known.source.update(document.getText());
    known.version = document.version;
  }
  return known.source;
}

/** The loss whose name the position touches, where it is imported or assigned too. */
export function lossNamedAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): RecognisedLoss | undefined {
  const source = sourceOf(document);
  return source && lossAt(source, document.offsetAt(position));
}

/** The call around the position, or that of the nearest loss on its line. */
export function lossCallAt(document: vscode.TextDocument, position: vscode.Position): LossCall | undefined {
  const source = sourceOf(document);
  return source && callAt(source, document.offsetAt(position));
}

/** What the call that is being written at the position takes, if it calls a loss. */
export function lossSignatureAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): LossSignature | undefined {
  const source = sourceOf(document);
  return source && signatureAt(source, document.offsetAt(position));
}

/** Every loss that the document names, in source order. */
export function lossesIn(document: vscode.TextDocument): readonly RecognisedLoss[] {
  const source = sourceOf(document);
  return source ? findLosses(source, document.languageId) : [];
}

/** What a selected array is called, and the whole expression around it that makes it an array. */
export function nameAround(
  document: vscode.TextDocument,
  range: vscode.Range,
): { readonly name?: string; readonly range: vscode.Range } {
  const source = sourceOf(document);
  if (!source) {
    const before = document.getText(
      new vscode.Range(range.start.line, 0, range.start.line, range.start.character),
    );
    const name =
      /([\w$]+)["']?\s*[:=]\s*$/.exec(before) ??
      /^\W*(?:(?:const|let|var)\s+)?([\w$]+)["']?\s*[:=]/.exec(document.getText(range));
    return { range, ...(name && { name: name[1]! }) };
  }
  const { name, start, end } = assignedName(
    source,
    document.offsetAt(range.start),
    document.offsetAt(range.end),
  );
  const whole = new vscode.Range(document.positionAt(start), document.positionAt(end));
  return { range: whole, ...(name !== undefined && { name }) };
}
