/** A kernel as its user and as Loss Lens have it, without VS Code. */
import path from 'node:path';
import type { Kernel } from '../../extension/arrays/kernel/jupyter.ts';
import { IPythonKernel, python } from './ipykernel.ts';
import { Executor } from './jupyter/api.ts';

export interface Started {
  readonly process: IPythonKernel;
  readonly kernel: Kernel;
  /** Runs a cell. @returns what it printed */
  run(code: string): Promise<string>;
}

export async function started(): Promise<Started> {
  const process = await IPythonKernel.start(python(path.resolve(import.meta.dirname, '..', '..')));
  const executor = new Executor(process);
  const kernel = {
    get status() {
      return executor.status;
    },
    language: 'python',
    onDidChangeStatus: (listener: (status: string) => void) => executor.onDidChangeStatus(listener),
    executeCode: (code: string, token: Parameters<Kernel['executeCode']>[1]) =>
      executor.run(code, { storeHistory: false, stopOnError: false }, token),
  } as Kernel;
  const run = async (code: string): Promise<string> => {
    let printed = '';
    for await (const { items } of executor.run(code, { storeHistory: true, stopOnError: true })) {
      for (const { mime, data } of items) {
        if (mime.startsWith('application/vnd.code.notebook.std')) printed += new TextDecoder().decode(data);
      }
    }
    return printed;
  };
  return { process, kernel, run };
}
