/**
 * From the editor to a request: which loss, which arrays, which options. What the selections and the source say is
 * taken, what they leave open is asked, and nothing is guessed silently.
 */
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import type { InputInfo, ParameterInfo } from '../../engine/catalogue.ts';
import { LossLensError } from '../../engine/errors.ts';
import type { Parameters, ParameterValue } from '../../engine/evaluation.ts';
import type { LossCall } from '../../engine/index.ts';
import { parseArray, refusalOf } from '../../engine/index.ts';
import { compiled, infoOf, titleOf } from '../catalogue.ts';
import { type PanelRequest, showEvaluation } from '../panel/panel.ts';
import { lossCallAt, lossesIn, nameAround } from '../recognition.ts';
import { arraysIn } from './arrays.ts';
import { askArray, askLoss, askParameter, type Offer } from './ask.ts';
import type { EvaluateArguments } from './command.ts';
import { askNetwork } from './network.ts';
import { PlacedError, report } from './report.ts';
import { matchRoles } from './roles.ts';

/** Lines between the selections and a loss that are still taken to belong together. */
const near = 25;

/** Opens the panel with what is found, or says why it cannot. */
export async function evaluateLoss(
  context: vscode.ExtensionContext,
  from?: EvaluateArguments,
): Promise<void> {
  try {
    const request = await requestAt(from);
    if (request) await showEvaluation(context, request);
  } catch (error) {
    report(error);
  }
}

async function requestAt(from: EvaluateArguments | undefined): Promise<PanelRequest | undefined> {
  const editor = from ? await editorOf(from) : vscode.window.activeTextEditor;
  if (!editor) return complete(await chosen([]), { given: {}, selected: [] }, undefined);
  const { document } = editor;
  const position = from ? new vscode.Position(from.line, from.character) : editor.selection.active;
  const call = lossCallAt(document, position);
  const selected = selectedArrays(editor, call);
  const subject =
    call && (from || selected.length === 0) ? await subjectOf(call) : await nearest(editor, selected);
  if (!subject) return undefined;
  const given =
    call && selected.length === 0 ? argumentsOf(document, call, subject) : { given: {}, selected };
  const line = (selected[0]?.range ?? new vscode.Range(position, position)).start.line;
  return complete(subject, given, { document, line });
}

/** The editor that shows the place; it may have lost the focus to the hover. */
async function editorOf({ uri }: EvaluateArguments): Promise<vscode.TextEditor> {
  // An untitled document that was closed leaves its name to the next one, and its editor about for a moment.
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => !document.isClosed && document.uri.toString() === uri,
  );
  return shown ?? vscode.window.showTextDocument(vscode.Uri.parse(uri));
}

/** A loss with what the source sets on it. */
interface Subject {
  /** Framework symbol or catalogue id. */
  readonly loss: string;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
  readonly options: Parameters;
  readonly unread: LossCall['unread'];
}

/** Where the name may hold several losses, the user says which. */
async function subjectOf({ loss, options, unread }: LossCall): Promise<Subject | undefined> {
  if (loss.alternatives) {
    const name = await askLoss([loss.symbol, ...loss.alternatives]);
    if (name === undefined) return undefined;
    if (name !== loss.symbol) return subjectNamed(name);
  }
  return {
    ...subjectNamed(loss.context === 'compile' ? compiled(loss.symbol) : loss.symbol),
    options,
    unread,
  };
}

function subjectNamed(loss: string): Subject {
  const info = infoOf(loss);
  if (!info) {
    throw refusalOf(loss) ?? new LossLensError('unknown-loss', `Loss Lens knows no loss called ${loss}.`);
  }
  return { loss, inputs: info.inputs, parameters: info.parameters, options: {}, unread: [] };
}

async function chosen(nearby: readonly string[]): Promise<Subject | undefined> {
  const loss = await askLoss(nearby);
  return loss === undefined ? undefined : subjectNamed(loss);
}

/** The loss that the nearest lines name, when they name one only; else the user chooses. */
async function nearest(
  { document }: vscode.TextEditor,
  selected: readonly Selected[],
): Promise<Subject | undefined> {
  const distances = lossesIn(document).map((loss) => {
    const { line } = document.positionAt(loss.start);
    const away = selected.map(({ range }) => Math.max(range.start.line - line, line - range.end.line, 0));
    return { loss, distance: Math.min(...away) };
  });
  distances.sort((left, right) => left.distance - right.distance);
  const closest = distances.filter(({ distance }) => distance === distances[0]?.distance);
  const names = new Set(distances.map(({ loss }) => loss.symbol));
  const [only] = closest;
  if (!only || only.distance > near || closest.some(({ loss }) => loss.symbol !== only.loss.symbol)) {
    return chosen([...names]);
  }
  const call = lossCallAt(document, document.positionAt(only.loss.start));
  return call?.loss.symbol === only.loss.symbol ? subjectOf(call) : subjectNamed(only.loss.symbol);
}

interface Selected extends Offer {
  readonly range: vscode.Range;
}

/** What is known of the arrays: those whose input is certain, and others that wait for one. */
interface Arrays {
  readonly given: Readonly<Record<string, NdArray>>;
  readonly selected: readonly Offer[];
  /** How the source writes an input whose elements it does not hold. */
  readonly written?: ReadonlyMap<string, string>;
}

/** One selection that is no array is no more than the cursor, when a loss is there. */
function selectedArrays(editor: vscode.TextEditor, call: LossCall | undefined): Selected[] {
  const { document } = editor;
  const ranges = editor.selections.filter((selection) => !selection.isEmpty);
  if (ranges.length !== 1 || !call) return ranges.map((range) => selectedArray(document, range));
  const [start, end] = [document.offsetAt(ranges[0]!.start), document.offsetAt(ranges[0]!.end)];
  if (start >= call.start && end <= call.end) return [];
  try {
    return [selectedArray(document, ranges[0]!)];
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
}

/** With the call around it, which may set the dtype: `torch.tensor([1, 0], dtype=torch.float32)`. */
function selectedArray(document: vscode.TextDocument, range: vscode.Range): Selected {
  const { name, range: whole } = nameAround(document, range);
  const from = `line ${range.start.line + 1}`;
  const found = (array: NdArray) => ({ array, from, range, ...(name === undefined ? {} : { name }) });
  if (!whole.isEqual(range)) {
    try {
      return found(parseArray(document.getText(whole)));
    } catch {
      // What is around it cannot be read, so the selection is all there is.
    }
  }
  const start = document.offsetAt(range.start);
  return found(read(document, document.getText(range), (mistake) => start + mistake));
}

/**
 * @param placeOf  from an offset in the text to one in the document
 * @throws PlacedError
 */
function read(document: vscode.TextDocument, text: string, placeOf: (mistake: number) => number): NdArray {
  try {
    return parseArray(text);
  } catch (error) {
    if (!(error instanceof LossLensError)) throw error;
    throw new PlacedError(error, document, placeOf(error.details.offset ?? 0));
  }
}

function argumentsOf(document: vscode.TextDocument, call: LossCall, subject: Subject): Arrays {
  const { inputs } = subject;
  const given: Record<string, NdArray> = {};
  const selected: Offer[] = [];
  const written = new Map<string, string>();
  for (const { name, text, literal, start } of call.arguments) {
    const own = inputs.some((input) => input.name === name);
    if (literal === undefined) {
      written.set(name, text);
      continue;
    }
    // A literal that a variable holds stands elsewhere; its mistakes are shown where it is used.
    const array = read(document, literal, (mistake) => (literal === text ? start + mistake : start));
    if (own) given[name] = array;
    else selected.push({ name: name || text, array, from: `argument ${text}` });
  }
  return { given, selected, written };
}

/** Fills what is open by asking. */
async function complete(
  subject: Subject | undefined,
  arrays: Arrays,
  place: { readonly document: vscode.TextDocument; readonly line: number } | undefined,
): Promise<PanelRequest | undefined> {
  if (!subject) return undefined;
  const inputs = await completeInputs(subject, arrays, place?.document);
  const parameters = inputs && (await completeOptions(subject));
  const network = parameters && (await askNetwork(`Evaluate ${titleOf(subject.loss)}`, subject.parameters));
  if (!network) return undefined;
  return {
    loss: subject.loss,
    inputs,
    parameters: { ...parameters, ...network },
    ...(place && { source: { uri: place.document.uri, line: place.line } }),
  };
}

async function completeInputs(
  { loss, inputs }: Subject,
  { given, selected, written }: Arrays,
  document: vscode.TextDocument | undefined,
): Promise<Record<string, NdArray> | undefined> {
  const complete: Record<string, NdArray> = { ...given };
  const open = inputs.filter(({ name }) => !(name in given));
  const { roles, sure } = matchRoles(open, selected);
  // An optional array that the call passes changes the number, so it is not left out silently.
  if (sure && !open.some(({ name }) => written?.has(name))) {
    for (const [name, { array }] of roles) complete[name] = array;
    return complete;
  }
  if (selected.length > open.length) {
    throw new LossLensError('unknown-input', `${loss} takes fewer arrays than are selected.`, {
      found: `${selected.length} arrays`,
      expected: open.map(({ name }) => name).join(', ') || 'none besides those of the call',
    });
  }
  const known = new Set(selected.map(({ name, from }) => `${name} ${from}`));
  const inFile = (document ? offersOf(document) : []).filter(
    ({ name, from }) => !known.has(`${name} ${from}`),
  );
  let left = selected;
  for (const input of open) {
    // Optional inputs matter only while an array waits for its place.
    if (input.optional && left.length === 0 && !written?.has(input.name)) continue;
    const text = written?.get(input.name);
    const answer = await askArray({
      title: `Evaluate ${titleOf(loss)}`,
      prompt: `${input.name}: ${input.description}${text === undefined ? '' : ` (here ${text}, known only at run time)`}`,
      selected: left,
      inFile,
      guess: roles.get(input.name) ?? matchRoles([input], inFile).roles.get(input.name),
      optional: input.optional,
    });
    if (answer === undefined) return undefined;
    if (answer === 'none') continue;
    complete[input.name] = answer.array;
    left = left.filter((offer) => offer !== answer);
  }
  return complete;
}

function offersOf(document: vscode.TextDocument): Offer[] {
  return arraysIn(document.getText()).map(({ name, start, array }) => ({
    name,
    array,
    from: `line ${document.positionAt(start).line + 1}`,
  }));
}

async function completeOptions({
  loss,
  parameters,
  options,
  unread,
}: Subject): Promise<Parameters | undefined> {
  const complete: Record<string, ParameterValue> = { ...options };
  for (const { name, text } of unread) {
    const info = parameters.find((parameter) => parameter.name === name);
    if (!info) {
      throw new LossLensError(
        'parameter',
        `What ${text} passes to ${loss} is known only when the program runs.`,
        {
          found: `${name.startsWith('*') ? name : ''}${text}`,
          expected: 'options written out, such as reduction="sum"',
        },
      );
    }
    if (info.choices?.every((choice) => choice === null)) {
      throw new LossLensError(
        'not-evaluable',
        `${titleOf(loss)} cannot be evaluated with a function of yours.`,
        {
          found: `${name}=${text}`,
          expected: `${name} left out: ${info.description}`,
        },
      );
    }
    const answer = await askParameter(`Evaluate ${titleOf(loss)}`, info, text);
    if (!answer) return undefined;
    complete[name] = answer.value;
  }
  return complete;
}
