/** The part of the Jupyter extension's public API that is used here; its own words for it are in its `api.d.ts`. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';

export interface Output {
  readonly items: readonly { readonly mime: string; readonly data: Uint8Array }[];
}

export interface Kernel {
  readonly status: string;
  readonly language: string;
  readonly onDidChangeStatus: vscode.Event<string>;
  /** Runs code without changing the execution count or the history; asks the user for leave the first time. */
  executeCode(code: string, token: vscode.CancellationToken): AsyncIterable<Output>;
}

interface Jupyter {
  readonly kernels: { getKernel(uri: vscode.Uri): Thenable<Kernel | undefined> };
}

/** @throws LossLensError `no-kernel` when none was started for this notebook by its user */
export async function kernelOf(notebook: vscode.NotebookDocument): Promise<Kernel> {
  const extension = vscode.extensions.getExtension<Jupyter>('ms-toolsai.jupyter');
  if (!extension) {
    throw new LossLensError('no-kernel', t('Variables of a kernel are read through the Jupyter extension.'), {
      found: t('no extension ms-toolsai.jupyter'),
      expected: t('it installed and enabled'),
    });
  }
  const { kernels } = await extension.activate();
  const kernel = await kernels.getKernel(notebook.uri);
  if (!kernel) {
    throw new LossLensError('no-kernel', t('This notebook has no running kernel.'), {
      found: t('no cell that was run since the notebook was opened'),
      expected: t('a cell run first'),
    });
  }
  if (kernel.language !== 'python') {
    throw new LossLensError('no-kernel', t('Only kernels of Python can be read.'), {
      found: t`a kernel of ${kernel.language}`,
      expected: t('a kernel of python'),
    });
  }
  return kernel;
}
