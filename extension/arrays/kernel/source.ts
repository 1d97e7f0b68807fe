/** The variables of a notebook's kernel, as arrays to choose from. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { ArrayOffer, ArraySource } from '../offer.ts';
import { type Described, nameOf, sameShape } from '../python/described.ts';
import { waiting } from '../waiting.ts';
import { type Kernel, kernelOf } from './jupyter.ts';
import { listArrays, readArray } from './read.ts';

/** Notebooks whose kernel the user has let us ask. */
const answered = new WeakMap<vscode.NotebookDocument, Kernel>();

/** Listed by itself once the user has allowed it and while the kernel has nothing else to do. */
export function kernelSource(notebook: vscode.NotebookDocument): ArraySource {
  const isOpen = answered.get(notebook)?.status === 'idle';
  return {
    title: t('Kernel variables'),
    ...(!isOpen && { behind: { icon: 'server-process', label: t('From the kernel…') } }),
    offers: () => kernelOffers(notebook),
  };
}

async function kernelOffers(notebook: vscode.NotebookDocument): Promise<ArrayOffer[]> {
  return [...(await kernelArrays(notebook)).keys()];
}

/**
 * Each with the path to it.
 * @throws LossLensError `no-kernel` and as `exchange`; CancellationError
 */
export async function kernelArrays(
  notebook: vscode.NotebookDocument,
): Promise<ReadonlyMap<ArrayOffer, Described['path']>> {
  const kernel = await kernelOf(notebook);
  const arrays = await waiting(t('Listing the variables of the kernel'), ({ signal }) =>
    listArrays(kernel, signal),
  );
  answered.set(notebook, kernel);
  return new Map(arrays.map((array) => [offerOf(kernel, array), array.path]));
}

function offerOf(kernel: Kernel, { path, library, dtype, shape, bytes, device }: Described): ArrayOffer {
  const name = nameOf(path);
  const from = t`kernel, ${library === 'list' ? 'Python' : library}`;
  return {
    name,
    from: device === undefined ? from : t`${from} on ${device}`,
    dtype,
    shape,
    ...(bytes !== undefined && { bytes }),
    load: async (loading) => sameShape(await readArray(kernel, path, loading), shape, name),
  };
}
