/** One program run in a kernel: what it displays, and whatever keeps it from ending well as an error. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';
import type { Kernel, Output } from './jupyter.ts';

export interface Item {
  readonly mime: string;
  readonly data: Uint8Array;
}

const stderr = 'application/vnd.code.notebook.stderr';
const error = 'application/vnd.code.notebook.error';
const over: readonly string[] = ['dead', 'terminating', 'restarting', 'autorestarting'];

/**
 * @param what  is read, for the messages: `pred`
 * @param warned  is told what the kernel writes to its standard error
 * @throws LossLensError `access-denied`, `process-died` or `process-error`; the signal's reason once it is aborted
 */
export async function* exchange(
  kernel: Kernel,
  code: string,
  what: string,
  signal: AbortSignal,
  warned: (text: string) => void = () => undefined,
): AsyncGenerator<Item> {
  signal.throwIfAborted();
  let stop: (reason: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  stopped.catch(() => undefined);
  const watching = kernel.onDidChangeStatus((status) => {
    if (over.includes(status)) stop(died(what, status));
  });
  const { token, cancel } = tokenOf();
  const abort = (): void => {
    cancel();
    stop(signal.reason as Error);
  };
  signal.addEventListener('abort', abort);
  const outputs = kernel.executeCode(code, token)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await Promise.race([outputs.next(), stopped]);
      if (done) break;
      for (const item of (value as Output).items) {
        if (item.mime === error) throw raised(item.data, what);
        if (item.mime === stderr) warned(decode(item.data));
        else yield item;
      }
    }
  } catch (failure) {
    throw signal.aborted ? signal.reason : told(failure, kernel, what);
  } finally {
    signal.removeEventListener('abort', abort);
    watching.dispose();
    // Ended early, it may still wait for the kernel: nobody waits for that.
    outputs.return?.()?.then(undefined, () => undefined);
  }
  // A program that was still waiting for its turn ends without a word when it is cancelled.
  signal.throwIfAborted();
}

function told(failure: unknown, kernel: Kernel, what: string): unknown {
  if (failure instanceof LossLensError) return failure;
  const { name, message } = failure instanceof Error ? failure : { name: 'Error', message: String(failure) };
  // The one name of an error that the Jupyter extension keeps stable.
  if (name === 'vscode.jupyter.apiAccessRevoked') {
    return new LossLensError(
      'access-denied',
      t('The Jupyter extension does not let Loss Lens use the kernel.'),
      {
        found: t('access denied, or a workspace that is not trusted'),
        expected: t('access allowed, by its command “Manage Access To Jupyter Kernels”'),
      },
    );
  }
  if (over.includes(kernel.status)) return died(what, kernel.status);
  return new LossLensError('process-error', t`The kernel failed while ${what} was read: ${message}`);
}

function died(what: string, status: string): LossLensError {
  return new LossLensError('process-died', t`The kernel ended while ${what} was read.`, {
    found: t`a kernel that is ${status}`,
    expected: t('the cells run again, then this'),
  });
}

/** An error of Python that our own program could not catch. */
function raised(data: Uint8Array, what: string): LossLensError {
  const { name = 'Error', message = '' } = JSON.parse(decode(data)) as {
    readonly name?: string;
    readonly message?: string;
  };
  return new LossLensError('process-error', t`Python raised ${name}: ${message} while ${what} was read.`);
}

export const decode = (data: Uint8Array): string => new TextDecoder().decode(data);

/** A token of VS Code's form, so that this needs no VS Code. */
function tokenOf(): { readonly token: vscode.CancellationToken; cancel(): void } {
  const listeners = new Set<() => void>();
  const token = {
    isCancellationRequested: false,
    onCancellationRequested(
      listener: (event: unknown) => unknown,
      self?: unknown,
      disposables?: vscode.Disposable[],
    ) {
      const call = (): void => void listener.call(self, undefined);
      listeners.add(call);
      const registered = { dispose: () => listeners.delete(call) };
      disposables?.push(registered);
      return registered;
    },
  };
  return {
    token,
    cancel() {
      token.isCancellationRequested = true;
      for (const call of listeners) call();
    },
  };
}
