/** Which of the arrays at hand are likely meant: by the call's own arguments, by memory, then by name, shape and dtype. */
import type { InputInfo } from '../../engine/catalogue.ts';
import type { ArrayOffer } from '../arrays/offer.ts';
import { matchRoles } from './roles.ts';

export interface Proposal {
  readonly roles: ReadonlyMap<string, ArrayOffer>;
  /** Each array is what the call itself names, exact, and nothing speaks against it. */
  readonly sure: boolean;
}

export interface Hints {
  /** How the call writes an input. */
  readonly written: ReadonlyMap<string, string>;
  /** The name of the array that an input was given last. */
  readonly remembered: Readonly<Record<string, string>>;
}

/** @param offers  the nearest first */
export function propose(
  inputs: readonly InputInfo[],
  offers: readonly ArrayOffer[],
  { written, remembered }: Hints,
): Proposal {
  const roles = new Map<string, ArrayOffer>();
  let sure = true;
  const named = (name: string | undefined) => {
    const all = name === undefined ? [] : offers.filter((offer) => offer.name === name);
    // A variable of a running program is exact, its printed numbers may not be.
    return all.find(({ note, doubt }) => note === undefined && doubt === undefined) ?? all[0];
  };
  for (const { name, optional } of inputs) {
    const own = named(written.get(name));
    const offer = own ?? named(remembered[name]);
    if (offer) roles.set(name, offer);
    const exact = own && own.doubt === undefined && own.note === undefined;
    if (!exact) sure &&= optional && !offer && !written.has(name);
  }
  const open = inputs.filter(({ name }) => !roles.has(name));
  const left = offers.filter((offer) => ![...roles.values()].includes(offer));
  for (const [name, offer] of matchRoles(open, candidatesOf(left)).roles) roles.set(name, offer);
  return { roles, sure };
}

/** Whole arrays, of one name only the nearest; those with a name first. */
function candidatesOf(offers: readonly ArrayOffer[]): ArrayOffer[] {
  const nearest = new Map<string, ArrayOffer>();
  const nameless: ArrayOffer[] = [];
  for (const offer of offers) {
    if (offer.doubt !== undefined) continue;
    if (offer.name === undefined) nameless.push(offer);
    else if (!nearest.has(offer.name)) nearest.set(offer.name, offer);
  }
  return [...nearest.values(), ...nameless];
}
