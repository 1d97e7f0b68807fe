/** Between the engine's values and what may cross to another process. */
import { t } from '@vscode/l10n';
import type { LossLensError } from '../errors.ts';
import type { Parameters, ParameterValue } from '../evaluation.ts';
import type { Failure, WireParameters, WireValue } from './shown.ts';

export function toWire(value: ParameterValue): WireValue {
  return typeof value === 'number' ? Float64Array.of(value) : value;
}

export function fromWire(parameters: WireParameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Float64Array ? value[0]! : value,
    ]),
  );
}

export function toFailure(error: unknown): Failure {
  if (isLossLensError(error)) {
    const { found, expected } = error.details;
    let message = error.message;
    // As they end the message, which the panel shows with its facts below it.
    for (const part of [t`Expected: ${expected ?? ''}.`, t`Found: ${found ?? ''}.`]) {
      if (message.endsWith(part)) message = message.slice(0, -part.length).trimEnd();
    }
    return { code: error.code, message, details: error.details };
  }
  if (error instanceof StaleError) return { code: 'stale', message: error.message, details: {} };
  if (error instanceof RefusedError) return { code: 'refused', message: error.message, details: {} };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: t`Loss Lens failed unexpectedly: ${reason}`, details: {} };
}

/** By name, not by class: the engine is a bundle of its own and may be loaded more than once. */
function isLossLensError(error: unknown): error is LossLensError {
  return error instanceof Error && error.name === 'LossLensError' && 'code' in error;
}

/** What was asked belongs to an evaluation that another has replaced. */
export class StaleError extends Error {
  override readonly name = 'StaleError';
}

/** What was asked cannot be done; the sentence says why, and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
