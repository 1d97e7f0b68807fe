/** The losses in open documents. Each is analysed once a version. */
import * as vscode from 'vscode';
import {
  assignedName,
  callAt,
  dependsOnModules,
  findLosses,
  type LossCall,
  type LossSignature,
  lossAt,
  type RecognisedLoss,
  reading,
  signatureAt,
} from '../engine/index.ts';
import { inBackground } from './background.ts';
import { sayWhetherRead } from './hover/partly-read.ts';
import { knowModules } from './modules.ts';
import { placeOf, pythonPlaceOf } from './sources.ts';

/** Reads a document in the background, so that the first hover in a long one finds it read. Ends when it is edited. */
export async function prepare(document: vscode.TextDocument): Promise<void> {
  const { version } = document;
  await knowModules(document);
  const source = placeOf(document)?.source;
  const isCurrent = (): boolean => document.version === version && !document.isClosed;
  if (!source || !isCurrent()) return;
  await inBackground(reading(source), isCurrent);
  if (isCurrent()) sayWhetherRead(document, source.complete);
}

/** What `read` finds in a document, after its own modules are read if they have a say in it. */
export async function withModules<R>(document: vscode.TextDocument, read: () => R): Promise<R> {
  const found = read();
  const source = pythonPlaceOf(document)?.source;
  if (!source || !dependsOnModules(source)) return found;
  await knowModules(document);
  return read();
}

/** The loss whose name the position touches, where it is imported or assigned too. */
export function lossNamedAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): RecognisedLoss | undefined {
  const place = placeOf(document);
  const loss = place && lossAt(place.source, place.start + document.offsetAt(position));
  return loss && within(loss, place.start);
}

/** The call around the position, or that of the nearest loss on its line. */
export function lossCallAt(document: vscode.TextDocument, position: vscode.Position): LossCall | undefined {
  const place = placeOf(document);
  const call = place && callAt(place.source, place.start + document.offsetAt(position));
  if (!call || place.start === 0) return call;
  return {
    ...moved(call, place.start),
    loss: within(call.loss, place.start),
    arguments: call.arguments.map((argument) => moved(argument, place.start)),
  };
}

/** What the call that is being written at the position takes, if it calls a loss. */
export function lossSignatureAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): LossSignature | undefined {
  const place = pythonPlaceOf(document);
  return place && signatureAt(place.source, place.start + document.offsetAt(position));
}

/** Every loss that the document names, in source order. */
export function lossesIn(document: vscode.TextDocument): readonly RecognisedLoss[] {
  const place = placeOf(document);
  if (!place) return [];
  const { source, start } = place;
  const all = findLosses(source, document.languageId);
  if (source.text.length === document.getText().length) return all;
  const end = start + document.getText().length;
  return all.filter((loss) => loss.start >= start && loss.end <= end).map((loss) => within(loss, start));
}

/** What a selected array is called, and the whole expression around it that makes it an array. */
export function nameAround(
  document: vscode.TextDocument,
  range: vscode.Range,
): { readonly name?: string; readonly range: vscode.Range } {
  const place = placeOf(document);
  if (!place) {
    const before = document.getText(
      new vscode.Range(range.start.line, 0, range.start.line, range.start.character),
    );
    const name =
      /([\w$]+)["']?\s*[:=]\s*$/.exec(before) ??
      /^\W*(?:(?:const|let|var)\s+)?([\w$]+)["']?\s*[:=]/.exec(document.getText(range));
    return { range, ...(name && { name: name[1]! }) };
  }
  const { name, start, end } = assignedName(
    place.source,
    place.start + document.offsetAt(range.start),
    place.start + document.offsetAt(range.end),
  );
  const whole = new vscode.Range(
    document.positionAt(start - place.start),
    document.positionAt(end - place.start),
  );
  return { range: whole, ...(name !== undefined && { name }) };
}

function within(loss: RecognisedLoss, start: number): RecognisedLoss {
  return { ...moved(loss, start), ...(loss.call && { call: moved(loss.call, start) }) };
}

function moved<R extends { readonly start: number; readonly end: number }>(range: R, by: number): R {
  return { ...range, start: range.start - by, end: range.end - by };
}
