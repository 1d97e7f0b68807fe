/** From a function in a notebook to the page that says whether its gradient is right. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import { LossLensError } from '../../engine/errors.ts';
import { kernelOf } from '../arrays/kernel/jupyter.ts';
import { kernelArrays } from '../arrays/kernel/source.ts';
import { loadAll } from '../arrays/load.ts';
import { cellOf } from '../arrays/notebook/source.ts';
import type { ArrayOffer } from '../arrays/offer.ts';
import { waiting } from '../arrays/waiting.ts';
import { askArray, askLoss } from '../evaluate/ask.ts';
import { completeInputs } from '../evaluate/inputs.ts';
import { report } from '../evaluate/report.ts';
import { matchRoles } from '../evaluate/roles.ts';
import { subjectNamed } from '../evaluate/subject.ts';
import { pick, pickSome } from '../pick.ts';
import { compared } from './catalogue.ts';
import { showResult } from './page.ts';
import { measure, type Parameter, type Point, signatureOf } from './run.ts';
import { type UserLoss, userLossIn } from './subject.ts';

/** Shows the result, or says why there is none. */
export async function checkGradient(
  context: vscode.ExtensionContext,
  given?: vscode.TextDocument,
): Promise<void> {
  try {
    await check(context, given ?? vscode.window.activeTextEditor?.document);
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) report(error);
  }
}

async function check(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument | undefined,
): Promise<void> {
  const notebook = document && cellOf(document)?.notebook;
  if (!document || !notebook) {
    throw new LossLensError(
      'no-kernel',
      t('The gradient of a loss is checked in a notebook, by its kernel.'),
      {
        expected: t('the cursor in a cell that defines the loss'),
      },
    );
  }
  const editor = vscode.window.activeTextEditor;
  const cursor = editor?.document === document ? editor.selection.active.line : undefined;
  const loss = await userLossIn(document, cursor);
  if (!loss) return;
  const kernel = await kernelOf(notebook);
  const title = t`Check Gradient of ${loss.name}`;
  const parameters = await waiting(title, ({ signal }) => signatureOf(kernel, loss.name, signal));
  const points = await askPoints(title, parameters, notebook);
  const claim = points && (await askClaim(title, loss));
  if (!claim) return;
  const subject = claim.id === undefined ? undefined : subjectNamed(claim.id);
  const isNumber = ({ offer }: Chosen): boolean => offer.shape?.length === 0;
  const tensors = [...points.values()].filter((point) => !isNumber(point)).map(({ offer }) => offer);
  const roles = subject && (await completeInputs(subject, { given: new Map(), selected: tensors }, []));
  if (subject && !roles) return;
  const by = await askBy(title, points);
  if (!by) return;
  const arrays = await loadAll(title, new Map([...points].map(([name, { offer }]) => [name, offer])));
  if (!arrays) return;
  const argumentOf = new Map([...points].map(([name, { offer }]) => [offer, name]));
  const named = new Map([...(roles ?? [])].map(([input, offer]) => [input, argumentOf.get(offer)!]));
  const integers = new Set(
    subject?.inputs.filter(({ kind }) => kind === 'integer').map(({ name }) => named.get(name)),
  );
  const asked = [...points].map(([name, { path }]) => pointOf(name, path, arrays[name]!, integers.has(name)));
  const checked = await waiting(title, (loading) => measure(kernel, loss.name, asked, by, loading));
  // A number that is called as one of the loss's own parameters is that parameter.
  const numbers = [...points].filter(
    ([name, point]) => isNumber(point) && subject?.parameters.some((parameter) => parameter.name === name),
  );
  const options = Object.fromEntries(numbers.map(([name]) => [name, Number(arrays[name]!.data[0])]));
  const against = subject && (await compared({ ...subject, options }, named, arrays, checked));
  showResult(context, { loss, document, checked, ...(against && { against }) });
}

interface Chosen {
  readonly offer: ArrayOffer;
  /** In the kernel; absent for what was typed. */
  readonly path?: readonly (string | number)[];
}

/** A point for each parameter without a default. */
async function askPoints(
  title: string,
  parameters: readonly Parameter[],
  notebook: vscode.NotebookDocument,
): Promise<Map<string, Chosen> | undefined> {
  const known = await kernelArrays(notebook);
  const offers = [...known.keys()];
  const source = { title: t('Kernel variables'), offers: async () => offers };
  const chosen = new Map<string, Chosen>();
  for (const { name, required } of parameters) {
    if (!required) continue;
    const role = { name, kind: 'any', optional: false, description: '' } as const;
    const guess = matchRoles([role], offers).roles.get(name);
    const answer = await askArray({
      title,
      prompt: t`${name}: the point at which it is checked`,
      selected: [],
      listed: [{ source, offers }],
      guess,
      optional: false,
    });
    if (answer === undefined || answer === 'none') return undefined;
    const path = known.get(answer);
    chosen.set(name, { offer: { ...answer, name }, ...(path && { path }) });
  }
  return chosen;
}

/** The loss that the function is compared with: declared, chosen, or none. */
async function askClaim(
  title: string,
  { declared }: UserLoss,
): Promise<{ readonly id?: string } | undefined> {
  if (declared !== undefined) return { id: declared };
  const answer = await pick<'none' | 'loss'>(title, t('Which loss of the catalogue does it claim to be?'), [
    { label: t('None'), description: t('its own gradient against finite differences'), value: 'none' },
    { label: t('A loss of the catalogue…'), value: 'loss' },
  ]);
  if (answer !== 'loss') return answer && {};
  const id = await askLoss([]);
  return id === undefined ? undefined : { id };
}

/** The arguments that are differentiated by: the only one of floating-point numbers, or those that the user picks. */
async function askBy(title: string, points: ReadonlyMap<string, Chosen>): Promise<string[] | undefined> {
  const names = [...points].filter(([, { offer }]) => isFloating(offer.dtype)).map(([name]) => name);
  if (names.length === 0) {
    throw new LossLensError('dtype', t('There is nothing to differentiate by.'), {
      found: t('no argument of floating-point numbers'),
      expected: t('a prediction of float32 or float64, say'),
    });
  }
  if (names.length === 1) return names;
  const chosen = await pickSome(
    title,
    t('The gradient by which arguments?'),
    names.map((label, index) => ({ label, picked: index === 0, value: label })),
  );
  return chosen && chosen.length > 0 ? chosen : undefined;
}

const isFloating = (dtype: string | undefined): boolean =>
  dtype === undefined || /float|list|double/.test(dtype);

/** @param integer  whether the compared loss takes integers there: numbers without a dtype are what their role asks for */
function pointOf(name: string, path: Chosen['path'], array: NdArray, integer: boolean): Point {
  if (path) return { name, path };
  const { dtype, shape, data, weak } = array;
  const numbers = Array.from(data as ArrayLike<number | bigint>, String);
  return { name, numbers, shape, dtype: weak && integer ? 'int64' : dtype };
}
