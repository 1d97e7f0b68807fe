/** The variables of a paused program, as arrays to choose from. */
import { t } from '@vscode/l10n';
import type { ArrayOffer, ArraySource } from '../offer.ts';
import { type Described, sameShape } from '../python/described.ts';
import { waiting } from '../waiting.ts';
import { describe, read } from './read.ts';
import { type Paused, pausedOrRefused, pausedProgram } from './session.ts';

/** `undefined` while no program is paused. */
export function debuggerSource(): ArraySource | undefined {
  const paused = pausedProgram();
  if (!paused) return undefined;
  return {
    title: t('Paused program'),
    offers: async () => {
      const arrays = await waiting(t('Listing the variables of the paused program'), () => paused.list());
      return arrays.map((array) => offerOf(paused, paused.language.written(array.path), array));
    },
  };
}

/**
 * One variable of the paused program.
 * @param value  as the program writes it: `self.logits`
 * @throws LossLensError `no-session`, `unreadable`, `process-error`; CancellationError
 */
export async function debuggerOffer(value: string): Promise<ArrayOffer> {
  const paused = pausedOrRefused();
  const described = await waiting(t`Looking at ${value}`, () =>
    describe(paused.evaluate, paused.language, value),
  );
  return offerOf(paused, value, described);
}

function offerOf(
  { session, evaluate, language }: Paused,
  value: string,
  { library, dtype, shape, bytes, device }: Described,
): ArrayOffer {
  const from = library === 'list' || library === 'Array' ? session.name : `${session.name}, ${library}`;
  return {
    name: value,
    from: device === undefined ? from : t`${from} on ${device}`,
    dtype,
    shape,
    ...(bytes !== undefined && { bytes }),
    load: async (loading) => sameShape(await read(evaluate, language, value, loading), shape, value),
  };
}
