/** Which loss is meant, and what the source sets on it. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { InputInfo, ParameterInfo } from '../../engine/catalogue.ts';
import { LossLensError } from '../../engine/errors.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { type LossCall, refusalOf } from '../../engine/index.ts';
import { compiled, infoOf } from '../catalogue.ts';
import { lossCallAt, lossesIn } from '../recognition.ts';
import { askLoss } from './ask.ts';

/** Lines between the selections and a loss that are still taken to belong together. */
const near = 25;

/** A loss with what the source sets on it. */
export interface Subject {
  /** Framework symbol or catalogue id. */
  readonly loss: string;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
  readonly options: Parameters;
  readonly unread: LossCall['unread'];
}

/** Where the name may hold several losses, the user says which. */
export async function subjectOf({ loss, options, unread }: LossCall): Promise<Subject | undefined> {
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

export function subjectNamed(loss: string): Subject {
  const info = infoOf(loss);
  if (!info) {
    throw refusalOf(loss) ?? new LossLensError('unknown-loss', t`Loss Lens knows no loss called ${loss}.`);
  }
  return { loss, inputs: info.inputs, parameters: info.parameters, options: {}, unread: [] };
}

export async function chosen(nearby: readonly string[]): Promise<Subject | undefined> {
  const loss = await askLoss(nearby);
  return loss === undefined ? undefined : subjectNamed(loss);
}

/** The loss that the nearest lines name, when they name one only; else the user chooses. */
export async function nearest(
  { document }: vscode.TextEditor,
  selected: readonly vscode.Range[],
): Promise<Subject | undefined> {
  const distances = lossesIn(document).map((loss) => {
    const { line } = document.positionAt(loss.start);
    const away = selected.map(({ start, end }) => Math.max(start.line - line, line - end.line, 0));
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
