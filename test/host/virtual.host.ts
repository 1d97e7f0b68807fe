/** Files of a virtual file system, as of a repository that is looked at in place: read, hovered, evaluated, refused. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { array, evaluate, type NdArray } from '../../engine/index.ts';
import { browser, closeEditors, says } from './browser.ts';
import { hoverAfter } from './modules.ts';
import { answer, showsValue } from './questions.ts';
import { MemoryFiles } from './web/memory-files/files.ts';

const descriptions: Readonly<Record<string, string>> = { float32: '<f4', float64: '<f8', int64: '<i8' };

/** The bytes of an array as NumPy writes it. */
async function npy({ dtype, shape, data }: NdArray): Promise<Uint8Array> {
  const dimensions = shape.map((size) => `${size},`).join('');
  const header = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${dimensions}), }\n`;
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0);
  return new Uint8Array(await new Blob([start, header, data as BlobPart]).arrayBuffer());
}

/** A column 'input' of 0.5 and 2, as pyarrow writes it with Brotli. */
const parquet =
  'UEFSMRUAFRAVGCwVBBUAFQYVBhwAAACLA4AAAAA/AAAAQAMVBBksNQAYBnNjaGVtYRUCABUIJQAYBWlu' +
  'cHV0ABYEGRwZHCYAHBUIGSUGABkYBWlucHV0FQgWBBY2Fj4mCEkcFQAVABUCAAAAFjYWBCYIFj4AKCBw' +
  'YXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRkcHAAAAHoAAABQQVIx';

/** Says of one file that it is large. */
class Files extends MemoryFiles {
  override stat(uri: vscode.Uri): vscode.FileStat {
    return { ...super.stat(uri), ...(uri.path.includes('huge') && { size: 2 ** 29 }) };
  }
}

describe('virtual files', () => {
  const files = new Files();
  let provided: vscode.Disposable;

  const write = (name: string, content: string | Uint8Array): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme: 'lens-virtual', path: `/project/${name}` });
    files.writeFile(uri, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return uri;
  };

  /** Evaluates a loss on arrays that are written by their names first, to the value that the reference gives. */
  async function evaluated(loss: string, inputs: Readonly<Record<string, NdArray>>): Promise<void> {
    const uris = await Promise.all(
      Object.entries(inputs).map(async ([name, input]) => write(`${name}.npy`, await npy(input))),
    );
    const { value, backend } = await evaluate({ loss, inputs, backend: 'reference' });
    assert.equal(backend, 'reference');
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', uris[0], uris);
    await answer('Loss, by title', loss);
    await done;
    await showsValue(Number(value.data[0]).toPrecision(5).replace(/0+$/, ''));
  }

  before(async () => {
    provided = vscode.workspace.registerFileSystemProvider('lens-virtual', files, { isCaseSensitive: true });
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
  });

  beforeEach(closeEditors);

  after(async () => {
    await closeEditors();
    provided.dispose();
  });

  it('are hovered over', async () => {
    const uri = write('train.py', 'from torch import nn\n\ncriterion = nn.HuberLoss(delta=0.25)\n');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(await hoverAfter(document, 'HuberLoss', /torch\.nn\.HuberLoss\(/), /delta=0\.25/);
  });

  it('are evaluated on, also by kernels', async () => {
    const many = 200_000;
    const wave = (frequency: number): NdArray =>
      array(Float32Array.from({ length: many }, (_, i) => Math.sin(frequency * i)));
    await evaluated('torch.nn.HuberLoss', { input: wave(0.7), target: wave(1.3) });
    await browser.waitFor('webview', ':text("wasm")');
  });

  it('are evaluated on, also by kernels that are written by hand', async () => {
    const [frames, samples, classes] = [60, 4, 30];
    const scores = Float32Array.from({ length: frames * samples * classes }, (_, i) => -3 - Math.sin(i) ** 2);
    await evaluated('torch.nn.CTCLoss', {
      log_probs: array(scores, { shape: [frames, samples, classes] }),
      targets: array(
        BigInt64Array.from({ length: samples * 5 }, (_, i) => BigInt(1 + (i % 7))),
        {
          shape: [samples, 5],
        },
      ),
      input_lengths: array(BigInt64Array.of(60n, 59n, 58n, 50n)),
      target_lengths: array(BigInt64Array.of(5n, 4n, 3n, 2n)),
    });
    await browser.waitFor('webview', ':text("wasm")');
  });

  it('are unpacked by a decoder that is loaded for them', async () => {
    const input = write(
      'input.parquet',
      Uint8Array.from(atob(parquet), (letter) => letter.charCodeAt(0)),
    );
    const target = write('target.npy', await npy(array([0, 1])));
    const done = vscode.commands.executeCommand('lossLens.evaluateFiles', input, [input, target]);
    await answer('Loss, by title', 'torch.nn.MSELoss');
    await done;
    await showsValue('0.625');
  });

  it('are refused where they are too large to be fetched', async () => {
    const uri = write('huge.npy', await npy(array([1, 2])));
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('lossLens.evaluateFiles', uri, [uri]);
    await says('at most 256 MB');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
