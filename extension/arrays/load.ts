/** Loading what was chosen. */
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import type { ArrayOffer } from './offer.ts';
import { waiting } from './waiting.ts';

/** @returns the array of each input; `undefined` once the user cancels */
export async function loadAll(
  title: string,
  offers: ReadonlyMap<string, ArrayOffer>,
): Promise<Record<string, NdArray> | undefined> {
  const fractions = new Map<string, number>();
  try {
    return await waiting(title, async ({ signal, report }) => {
      const load = async ([input, offer]: [string, ArrayOffer]): Promise<[string, NdArray]> => {
        const follow = (fraction: number): void => {
          fractions.set(input, fraction);
          report([...fractions.values()].reduce((sum, each) => sum + each, 0) / offers.size);
        };
        return [input, await offer.load({ signal, report: follow })];
      };
      return Object.fromEntries(await Promise.all([...offers].map(load)));
    });
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    throw error;
  }
}
