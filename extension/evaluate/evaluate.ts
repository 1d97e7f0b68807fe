/**
 * From the editor to a request: which loss, which arrays, which options. What the selections and the source say is
 * taken, what they leave open is asked, and nothing is guessed silently.
 */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Parameters } from '../../engine/evaluation.ts';
import { loadAll } from '../arrays/load.ts';
import { cellOf, selectedCell } from '../arrays/notebook/source.ts';
import type { ArrayOffer, ArraySource } from '../arrays/offer.ts';
import { sourcesFor } from '../arrays/sources.ts';
import { titleOf } from '../catalogue.ts';
import { knowModules } from '../modules.ts';
import { showEvaluation } from '../panel/panel.ts';
import { lossCallAt, lossesIn } from '../recognition.ts';
import { evaluateRows, isForRows } from '../streamed/evaluate.ts';
import { callOfCell } from './cell.ts';
import type { EvaluateArguments } from './command.ts';
import { argumentsOf, type Given, selectedArrays } from './given.ts';
import { completeInputs } from './inputs.ts';
import { memoryOf } from './memory.ts';
import { askNetwork } from './network.ts';
import { completeOptions } from './options.ts';
import { report } from './report.ts';
import { chosen, nearest, type Subject, subjectOf } from './subject.ts';

/** Where the evaluation is asked for. */
export interface Asked {
  readonly document: vscode.TextDocument;
  /** From 0. */
  readonly line: number;
}

/** Opens the panel with what the active editor, or the place that is passed, shows; or says why it cannot. */
export async function evaluateLoss(
  context: vscode.ExtensionContext,
  from?: EvaluateArguments,
): Promise<void> {
  await show(context, () => requestAt(context, from));
}

/** Opens the panel with what a notebook's cell calls, and the arrays in the notebook's outputs. */
export async function evaluateCell(
  context: vscode.ExtensionContext,
  cell: vscode.NotebookCell,
): Promise<void> {
  await show(context, () => requestOfCell(context, cell));
}

/**
 * Opens the panel with these arrays, or says why it cannot.
 * @param nearby  losses that the arrays are likely for, the likeliest first; asked when there is not exactly one
 * @param sources  more arrays to choose from, before those of every other place
 */
export async function evaluateOffers(
  context: vscode.ExtensionContext,
  offers: readonly ArrayOffer[],
  nearby: readonly string[] = [],
  asked?: Asked,
  sources: readonly ArraySource[] = [],
): Promise<void> {
  await show(context, async () =>
    complete(context, await chosen(nearby), { given: new Map(), selected: offers }, asked, sources),
  );
}

async function show(
  context: vscode.ExtensionContext,
  answer: () => Promise<Complete | undefined>,
): Promise<void> {
  try {
    const complete = await answer();
    if (!complete) return;
    const { loss, offers, parameters, asked } = complete;
    const title = t`Evaluate ${titleOf(loss)}`;
    if (isForRows(offers) && (await evaluateRows(context, title, complete))) return;
    const inputs = await loadAll(title, offers);
    if (!inputs) return;
    const notes = [...offers].flatMap(([input, { note }]) =>
      note ? t`${input} was ${note}; the value is that of the numbers as they are printed.` : [],
    );
    await showEvaluation(context, {
      loss,
      inputs,
      parameters,
      ...(notes.length > 0 && { notes }),
      ...(asked && { source: { uri: asked.document.uri, line: asked.line } }),
    });
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) report(error);
  }
}

/** A loss of which nothing is open any more. */
interface Complete {
  readonly loss: string;
  readonly offers: ReadonlyMap<string, ArrayOffer>;
  readonly parameters: Parameters;
  readonly asked: Asked | undefined;
}

async function requestAt(
  context: vscode.ExtensionContext,
  from: EvaluateArguments | undefined,
): Promise<Complete | undefined> {
  const editor = from ? await editorOf(from) : vscode.window.activeTextEditor;
  if (!editor) {
    const cell = selectedCell();
    if (cell) return requestOfCell(context, cell);
    return complete(context, await chosen([]), { given: new Map(), selected: [] }, undefined);
  }
  const { document } = editor;
  const position = from ? new vscode.Position(from.line, from.character) : editor.selection.active;
  await knowModules(document);
  const call = lossCallAt(document, position);
  const selected = selectedArrays(editor, call);
  const cell = call || selected.length > 0 ? undefined : cellOf(document);
  if (cell) return requestOfCell(context, cell);
  const subject =
    call && (from || selected.length === 0)
      ? await subjectOf(call)
      : await nearest(
          editor,
          selected.map(({ range }) => range),
        );
  if (!subject) return undefined;
  const given =
    call && selected.length === 0
      ? argumentsOf(document, call, subject)
      : { given: new Map(), selected: selected.map(({ offer }) => offer) };
  const line = (selected[0]?.range ?? new vscode.Range(position, position)).start.line;
  return complete(context, subject, given, { document, line });
}

async function requestOfCell(
  context: vscode.ExtensionContext,
  cell: vscode.NotebookCell,
): Promise<Complete | undefined> {
  const { document, notebook } = cell;
  const call = await callOfCell(cell);
  if (!call) return undefined;
  if (call === 'none') {
    const nearby = new Set(
      notebook.getCells().flatMap((other) => lossesIn(other.document).map(({ symbol }) => symbol)),
    );
    const asked = { document, line: 0 };
    return complete(context, await chosen([...nearby]), { given: new Map(), selected: [] }, asked);
  }
  const subject = await subjectOf(call);
  if (!subject) return undefined;
  const { line } = document.positionAt(call.loss.start);
  return complete(context, subject, argumentsOf(document, call, subject), { document, line });
}

/** The editor that shows the place; it may have lost the focus to the hover. */
async function editorOf({ uri }: EvaluateArguments): Promise<vscode.TextEditor> {
  // An untitled document that was closed leaves its name to the next one, and its editor about for a moment.
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => !document.isClosed && document.uri.toString() === uri,
  );
  return shown ?? vscode.window.showTextDocument(vscode.Uri.parse(uri));
}

/** Fills what is open by asking. */
async function complete(
  context: vscode.ExtensionContext,
  subject: Subject | undefined,
  given: Given,
  asked: Asked | undefined,
  sources: readonly ArraySource[] = [],
): Promise<Complete | undefined> {
  if (!subject) return undefined;
  const title = t`Evaluate ${titleOf(subject.loss)}`;
  const notebook = asked && cellOf(asked.document)?.notebook;
  const memory = notebook && memoryOf(context, notebook.uri);
  const offered = [...sources, ...sourcesFor(asked?.document)];
  const offers = await completeInputs(subject, given, offered, memory);
  const parameters = offers && (await completeOptions(subject));
  const network = parameters && (await askNetwork(title, subject.parameters));
  return network && { loss: subject.loss, offers, parameters: { ...parameters, ...network }, asked };
}
