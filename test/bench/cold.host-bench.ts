import * as vscode from 'vscode';

const lines = 10_000;
function longFile(): string {
  const text = ['import torch', 'from torch import nn', 'import torch.nn.functional as F'];
  for (let part = 0; text.length < lines; part++) {
    text.push(
      `def step_${part}(model, batch, optimizer, weight=0.${part}):`,
      '    """One step of training, with the loss that it came to."""',
      '    x, y = batch["x"], batch["y"]',
      `    criterion = nn.HuberLoss(delta=${1 + (part % 7) / 10})`,
      '    out = model(x).squeeze(-1)',
      '    loss = criterion(out, y) + weight * F.mse_loss(out, y)',
      '    optimizer.zero_grad()',
      '    loss.backward()',
      '    optimizer.step()',
      '    return loss.item()',
    );
  }
  return text.slice(0, lines).join('\n');
}
async function open(name: string, content: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
}
const extension = vscode.extensions.getExtension('loss-lens.loss-lens')!;
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));
describe('cold', function () {
  this.timeout(120_000);
  it('is measured', async () => {
    const content = longFile();
    let called: number[] = [];
    vscode.languages.registerHoverProvider(['python', 'ruby'], {
      provideHover: (_d, p) => {
        called.push(performance.now());
        return new vscode.Hover('constant', new vscode.Range(p, p));
      },
    });
    await extension.activate();
    const log: string[] = [];
    let last = performance.now(),
      busy: number[] = [];
    const beat = setInterval(() => {
      const now = performance.now();
      const late = now - last - 5;
      if (late > 15) busy.push(Math.round(late));
      last = now;
    }, 5);
    for (let i = 0; i < 8; i++) {
      for (const [kind, ext] of [
        ['ours ', 'py'],
        ['floor', 'rb'],
      ] as const) {
        const editor = await open(`file${i}.${ext}`, content);
        const at = editor.document.positionAt(content.lastIndexOf('HuberLoss') + 1);
        called = [];
        busy = [];
        const start = performance.now();
        const r = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          editor.document.uri,
          at,
        );
        const end = performance.now();
        log.push(
          `${kind} ${i}: ${(end - start).toFixed(0)} ms, trivial called after ${(called[0]! - start).toFixed(0)}, hovers ${r.length}, late ${busy}`,
        );
        if (i % 2) {
          await pause(2500);
          busy = [];
        }
        if (i === 7 || i === 5) {
          const again = performance.now();
          called = [];
          await vscode.commands.executeCommand<vscode.Hover[]>(
            'vscode.executeHoverProvider',
            editor.document.uri,
            at,
          );
          log.push(
            `   again warm ${(performance.now() - again).toFixed(0)} called ${(called[0]! - again).toFixed(0)}`,
          );
        }
      }
    }
    clearInterval(beat);
    console.log(log.join('\n'));
    require('node:fs').writeFileSync('/tmp/cold-log.txt', log.join('\n'));
  });
});
