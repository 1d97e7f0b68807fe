/** Which array is given to which input: what is certain is taken, the rest is asked. */

import { t } from '@vscode/l10n';
import type { InputInfo } from '../../engine/catalogue.ts';
import { LossLensError } from '../../engine/errors.ts';
import { translated } from '../../engine/words.ts';
import type { ArrayOffer, ArraySource } from '../arrays/offer.ts';
import { titleOf } from '../catalogue.ts';
import { askArray } from './ask.ts';
import { confirmRoles } from './confirm.ts';
import type { Given } from './given.ts';
import type { Memory } from './memory.ts';
import { propose } from './proposal.ts';
import { matchRoles } from './roles.ts';
import type { Subject } from './subject.ts';

/**
 * @param memory  of the notebook that is evaluated in: what is likely is then proposed, and confirmed unless it is sure
 * @returns the array of each input; `undefined` when the user backs out
 */
export async function completeInputs(
  { loss, inputs }: Subject,
  { given, selected, written }: Given,
  sources: readonly ArraySource[],
  memory?: Memory,
): Promise<ReadonlyMap<string, ArrayOffer> | undefined> {
  const complete = new Map(given);
  const open = inputs.filter(({ name }) => !given.has(name));
  const { roles, sure } = matchRoles(open, selected);
  // An optional array that the call passes changes the number, so it is not left out silently.
  if (sure && !open.some(({ name }) => written?.has(name))) return new Map([...complete, ...roles]);
  if (selected.length > open.length) {
    throw new LossLensError('unknown-input', t`${loss} takes fewer arrays than are selected.`, {
      found: t`${selected.length} arrays`,
      expected: open.map(({ name }) => name).join(', ') || t('none besides those of the call'),
    });
  }
  const known = new Set(selected.map(({ name, from }) => `${name} ${from}`));
  const listed = await Promise.all(
    sources.map(async (source) => {
      const offers = source.behind ? [] : await source.offers().catch(() => undefined);
      return {
        // One that fails keeps nobody from the others: it tells why once it is chosen.
        source: offers ? source : { ...source, behind: { label: `${source.title}…` } },
        offers: offers?.filter(({ name, from }) => !known.has(`${name} ${from}`)) ?? [],
      };
    }),
  );
  const title = t`Evaluate ${titleOf(loss)}`;
  const offered = listed.flatMap(({ offers }) => offers);
  let left = selected;
  const ask = (input: InputInfo, guess: ArrayOffer | undefined) => {
    const text = written?.get(input.name);
    return askArray({
      title,
      prompt:
        text === undefined
          ? `${input.name}: ${translated(input.description)}`
          : t`${input.name}: ${translated(input.description)} (here ${shortened(text)}, known only at run time)`,
      selected: left,
      listed,
      guess,
      optional: input.optional,
    });
  };
  if (memory) {
    const hints = { written: written ?? new Map(), remembered: memory.recall(loss) };
    const proposed = propose(open, [...selected, ...offered], hints);
    if (open.every(({ name, optional }) => optional || proposed.roles.has(name))) {
      const confirmed = proposed.sure ? proposed.roles : await confirmRoles(title, open, proposed.roles, ask);
      if (!confirmed) return undefined;
      memory.remember(loss, confirmed);
      return new Map([...complete, ...confirmed]);
    }
  }
  for (const input of open) {
    // Optional inputs matter only while an array waits for its place.
    if (input.optional && left.length === 0 && !written?.has(input.name)) continue;
    const text = written?.get(input.name);
    const answer = await ask(
      input,
      roles.get(input.name) ??
        // A variable of a running program, by the name that the call passes.
        offered.findLast(({ name }) => name !== undefined && name === text) ??
        matchRoles([input], offered).roles.get(input.name),
    );
    if (answer === undefined) return undefined;
    if (answer === 'none') continue;
    complete.set(input.name, answer);
    left = left.filter((offer) => offer !== answer);
  }
  memory?.remember(loss, complete);
  return complete;
}

/** What stands in the source may be as long as it likes. */
const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
