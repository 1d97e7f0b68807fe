/** The stand-in as an extension: a controller that runs cells on a real kernel, and the API that Loss Lens calls. */
import * as vscode from 'vscode';
import { IPythonKernel } from '../ipykernel.ts';
import { type ApiKernel, Executor } from './api.ts';

interface Running {
  readonly process: IPythonKernel;
  readonly executor: Executor;
}

/** What a test may do that no caller of the real API may. */
export interface StandIn {
  kill(notebook: vscode.Uri): void;
  /** As if Loss Lens had never asked. */
  forgetAccess(): void;
}

const caller = 'loss-lens.loss-lens';
const kernels = new Map<string, Promise<Running>>();
let access: Promise<string | undefined> | undefined;

export function activate(context: vscode.ExtensionContext): object {
  const controller = vscode.notebooks.createNotebookController(
    'loss-lens-test-kernel',
    'jupyter-notebook',
    'Python (real kernel)',
  );
  controller.supportedLanguages = ['python'];
  controller.supportsExecutionOrder = true;
  controller.executeHandler = async (cells, notebook) => {
    for (const cell of cells) await execute(controller, cell, await running(notebook.uri));
  };
  context.subscriptions.push(
    controller,
    vscode.workspace.onDidCloseNotebookDocument(({ uri }) => void stop(uri)),
    { dispose: () => [...kernels.keys()].map((uri) => stop(vscode.Uri.parse(uri))) },
  );
  const standIn: StandIn = {
    kill: (notebook) => void kernels.get(notebook.toString())?.then(({ process }) => process.kill()),
    forgetAccess: () => {
      access = undefined;
    },
  };
  return {
    kernels: {
      async getKernel(uri: vscode.Uri): Promise<ApiKernel | undefined> {
        const kernel = await kernels.get(uri.toString());
        return kernel && apiOf(kernel.executor);
      },
    },
    standIn,
  };
}

/** Only what its user has started by running a cell. */
function running(notebook: vscode.Uri): Promise<Running> {
  const known = kernels.get(notebook.toString());
  if (known) return known;
  const python = process.env.TEST_PYTHON;
  if (!python) throw new Error('TEST_PYTHON names no interpreter.');
  const started = IPythonKernel.start(python).then((process) => ({
    process,
    executor: new Executor(process),
  }));
  kernels.set(notebook.toString(), started);
  return started;
}

async function stop(notebook: vscode.Uri): Promise<void> {
  const kernel = kernels.get(notebook.toString());
  kernels.delete(notebook.toString());
  await (await kernel)?.process.stop();
}

async function execute(
  controller: vscode.NotebookController,
  cell: vscode.NotebookCell,
  { executor }: Running,
): Promise<void> {
  const execution = controller.createNotebookCellExecution(cell);
  execution.start(Date.now());
  await execution.clearOutput();
  let succeeded = true;
  try {
    const options = { storeHistory: true, stopOnError: true };
    for await (const { items } of executor.run(cell.document.getText(), options)) {
      const shown = items.map(({ mime, data }) => new vscode.NotebookCellOutputItem(data, mime));
      await execution.appendOutput(new vscode.NotebookCellOutput(shown));
    }
  } catch {
    succeeded = false;
  }
  execution.end(succeeded, Date.now());
}

const frozen = new WeakMap<Executor, ApiKernel>();

/** The same object each time, which cannot be changed. */
function apiOf(executor: Executor): ApiKernel {
  const known = frozen.get(executor);
  if (known) return known;
  const api: ApiKernel = Object.freeze({
    language: 'python',
    get status() {
      return executor.status;
    },
    onDidChangeStatus: executor.onDidChangeStatus.bind(executor),
    async *executeCode(code: string, token: vscode.CancellationToken) {
      await checkAccess();
      yield* executor.run(code, { storeHistory: false, stopOnError: false }, token);
    },
  });
  frozen.set(executor, api);
  return api;
}

async function checkAccess(): Promise<void> {
  access ??= ask();
  if ((await access) === 'Allow') return;
  throw Object.assign(new Error('Access to Jupyter Kernel has been revoked'), {
    name: 'vscode.jupyter.apiAccessRevoked',
  });
}

async function ask(): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) return undefined;
  const name = vscode.extensions.getExtension(caller)?.packageJSON.displayName as string;
  // Not modal, as the real question is: VS Code shows no modal question while it runs tests.
  return vscode.window.showInformationMessage(
    `Do you want to grant Kernel access to the extension ${name} (${caller})?`,
    'Allow',
    'Deny',
  );
}
