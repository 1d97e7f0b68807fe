/** The plots of the panel in the real editor: which are offered, what can be picked in them, where they can be taken. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allThemes, browser, closeEditors, evaluateIn, showText, until, withTheme } from './browser.ts';
import { answer } from './questions.ts';

/** Numbers without an order, always the same. */
function noise(count: number, seed: number, of: (x: number, i: number) => number | string): string[] {
  let state = seed;
  return Array.from({ length: count }, (_, i) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return String(of(state / 2147483648, i));
  });
}

const decimal = (x: number): string => x.toFixed(3);

/** A literal of this shape. */
function nested(flat: readonly string[], shape: readonly number[]): string {
  const [extent, ...inner] = shape;
  if (extent === undefined) return flat[0]!;
  const step = flat.length / extent;
  return `[${Array.from({ length: extent }, (_, i) => nested(flat.slice(i * step, (i + 1) * step), inner)).join(', ')}]`;
}

const floats = (shape: readonly number[], seed: number, of = (x: number, _i: number) => x): string =>
  nested(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
      (x, i) => decimal(of(x, i)),
    ),
    shape,
  );
const labels = (shape: readonly number[], classes: number, seed: number): string =>
  nested(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
      (x) => Math.floor(x * classes),
    ),
    shape,
  );

/** A disc of pixels, blurred for a prediction. */
const disc =
  (side: number, x: number, y: number, radius: number, blur: number) =>
  (noise: number, i: number): number => {
    const distance = Math.hypot((i % side) - x, (Math.floor(i / side) % side) - y);
    return blur === 0
      ? Number(distance < radius)
      : 1 / (1 + Math.exp((distance - radius) / blur + noise - 0.5));
  };

const torch = (call: string): string => `import torch\nfrom torch import nn, tensor\nloss = ${call}\n`;

const sources = {
  mse: torch(`nn.MSELoss()(tensor(${floats([40, 30], 1)}), tensor(${floats([40, 30], 2)}))`),
  crossEntropy: torch(
    `nn.CrossEntropyLoss()(tensor(${floats([60, 8], 1, (x) => 5 * x)}), tensor(${labels([60], 8, 2)}))`,
  ),
  pixels: torch(
    `nn.CrossEntropyLoss()(tensor(${floats([2, 4, 20, 24], 1, (x) => 5 * x)}), tensor(${labels([2, 20, 24], 4, 2)}))`,
  ),
  dice: `import keras\nloss = keras.losses.Dice()(${floats([32, 32], 1, disc(32, 17, 15, 9, 0))}, ${floats([32, 32], 2, disc(32, 14, 16, 9, 1.5))})\n`,
  triplet: torch(
    `nn.TripletMarginLoss(margin=0.4)(tensor(${floats([80, 3], 1)}), tensor(${floats([80, 3], 2)}), tensor(${floats([80, 3], 3)}))`,
  ),
  cosine: torch(
    `nn.CosineEmbeddingLoss(margin=0.2)(tensor(${floats([80, 3], 1, (x) => x - 0.5)}), tensor(${floats([80, 3], 2, (x) => x - 0.5)}), tensor(${nested(
      noise(80, 4, (x) => (x < 0.5 ? -1 : 1)),
      [80],
    )}))`,
  ),
  ctc: torch(
    `nn.CTCLoss()(tensor(${floats([30, 1, 6], 1, (x, i) => Math.log(0.05 + 0.8 * x + (Math.floor(i / 30) % 6 === i % 6 ? 1 : 0)) - 1.5)}), tensor([[1, 2, 3, 4]]), tensor([30]), tensor([4]))`,
  ),
  transport: `import ot\nloss = ot.emd2([0.2, 0.3, 0.1, 0.4], [0.25, 0.25, 0.5], [[0.0, 1.0, 4.0], [1.0, 0.0, 1.0], [4.0, 1.0, 0.0], [9.0, 4.0, 1.0]])\n`,
  huber: torch('nn.HuberLoss()(tensor([21.4, 18.9, 25.1, 16.0]), tensor([21.0, 19.5, 24.8, 27.5]))'),
};

async function evaluate(content: string): Promise<void> {
  await closeEditors();
  // The panel before must not be taken for the one that comes.
  await until(async () => (await browser.count('workbench', 'iframe.webview')) === 0, 'a panel is left');
  const { document } = await showText(content, 'python');
  const at = document.positionAt(content.lastIndexOf('loss = ') + 'loss = '.length);
  const name = document.lineAt(at.line).text.slice(at.character).split('(')[0]!;
  const character = at.character + name.length - 1;
  await vscode.commands.executeCommand('lossLens.evaluate', {
    uri: document.uri.toString(),
    line: at.line,
    character,
  });
  await browser.waitFor('webview', '.plots-tab .plot');
  await wide();
}

const options = (): Promise<string[]> =>
  evaluateIn('webview', () =>
    [...document.querySelectorAll('.pick-option')].map(({ textContent }) => textContent!),
  );

async function choose(title: string): Promise<void> {
  await browser.click('webview', `.pick-option:text-is("${title}")`);
  await browser.waitFor('webview', '.plot-stage .figure svg');
}

async function wide(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [{ size: 0.3 }, { size: 0.7 }],
  });
}

/** Takes a picture of the plot in view, with the window around it and by itself. */
async function show(name: string): Promise<void> {
  await evaluateIn('webview', () => document.querySelector('.plots-tab')!.scrollIntoView());
  await new Promise((resolve) => setTimeout(resolve, 400));
  await browser.screenshot(`plot-${name}`);
  await browser.screenshot(`figure-${name}`, 'webview', '.plot-stage');
}

async function sweep(): Promise<void> {
  await browser.click('webview', '.pick-option:text-is("Sweep")');
  await browser.click('webview', '.sweep vscode-button:has-text("Sweep")');
  await browser.waitFor('webview', '.sweep .findings:has-text("smallest")');
  await until(
    async () => (await browser.count('webview', '.sweep progress:visible')) === 0,
    'still sweeping',
  );
}

const contrasted: ReadonlySet<string> = new Set(['gradient-map', 'masks', 'pairs', 'triplets', 'sweep']);

const findings = (): Promise<string> => browser.text('webview', '.findings');

describe('plots', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  after(closeEditors);

  it('are those that suit the loss and its data', async () => {
    await evaluate(sources.crossEntropy);
    assert.deepEqual(await options(), [
      'Loss and gradient',
      'By class',
      'Gradient, histogram',
      'Gradient, map',
      'Loss, histogram',
      'Sweep',
    ]);
    await evaluate(sources.triplet);
    assert.deepEqual((await options())[1], 'Distances and margin');
  });

  it('lead to the element in the table by mouse and by keyboard, and mark the one that is chosen there', async () => {
    await evaluate(sources.mse);
    await choose('Gradient, map');
    assert.match(await findings(), /^40 rows by 30 columns\. Farthest from 0: /);
    await browser.click('webview', '.figure .pick svg');
    await browser.waitFor('webview', '.selected:has-text("Element [")');
    await browser.waitFor('webview', '.cells-marked');
    // One cell to the right of the first.
    await evaluateIn('webview', () => document.querySelector<HTMLElement>('.figure .pick')!.focus());
    await browser.press('Home');
    await browser.press('ArrowRight');
    await browser.waitFor('webview', '.pick-told:has-text("row of input 0, column of input 1")');
    await browser.press('Enter');
    await browser.waitFor('webview', '.selected:has-text("Element [0, 1]")');
    const focused = await evaluateIn('webview', () => document.activeElement?.className ?? '');
    assert.match(focused, /pick/);
    await choose('Loss, histogram');
    const rules = () => browser.count('webview', '.marked-rule line');
    await until(async () => (await rules()) === 1, 'the chosen element is not marked');
    await browser.click('webview', '.selected-links >> text=Clear');
    await until(async () => (await rules()) === 0, 'an element is still marked');
  });

  it('follow the parameters', async () => {
    await evaluate(sources.huber);
    await choose('Gradient, histogram');
    const before = await findings();
    await browser.click('webview', '[data-parameter="delta"] .number-slider');
    await browser.press('Home');
    await until(async () => (await findings()) !== before, 'the histogram stays');
    assert.match(await findings(), /^4 entries from -0\.0025 to 0\.0025/);
  });

  it('keep up with a slider', async () => {
    const length = 10_000;
    const [a, b] = [floats([length], 1, (x) => 6 * x), floats([length], 2, (x) => 6 * x)];
    await evaluate(torch(`nn.HuberLoss()(tensor(${a}), tensor(${b}))`));
    const times: string[] = [];
    for (const title of ['Loss and gradient', 'Gradient, histogram']) {
      await browser.click('webview', `.pick-option:text-is("${title}")`);
      await browser.waitFor('webview', '.plot-stage svg');
      const drawn = await evaluateIn('webview', async () => {
        const slider = document.querySelector<HTMLInputElement>('[data-parameter="delta"] .number-slider')!;
        let frames = 0;
        const observer = new MutationObserver(() => frames++);
        observer.observe(document.querySelector('.value')!, {
          childList: true,
          characterData: true,
          subtree: true,
        });
        const start = performance.now();
        for (let move = 0; performance.now() - start < 3000; move++) {
          slider.value = String(40 + (move % 120));
          slider.dispatchEvent(new Event('input', { bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
        observer.disconnect();
        return (1000 * frames) / (performance.now() - start);
      });
      times.push(`${title} ${drawn.toFixed(0)}`);
      assert(drawn > 1, `${title}: ${drawn} values a second`);
    }
    console.log(
      `      plots: values drawn a second while a slider moves over 10 000 elements: ${times.join(', ')}`,
    );
  });

  it('are saved as SVG, PNG and CSV where the user wants', async () => {
    await evaluate(sources.crossEntropy);
    await choose('By class');
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    for (const [format, check] of [
      [
        'SVG',
        (text: string) =>
          /^<svg [\s\S]*<title>[\s\S]*mean loss[\s\S]*class in target/.test(text) && !/var\(--/.test(text),
      ],
      ['PNG', (text: string) => text.startsWith('\u{fffd}PNG')],
      ['CSV', (text: string) => /^class in target,mean loss,elements\r\n0,\d/.test(text)],
    ] as const) {
      const name = `sparse-categorical-cross-entropy-by-class.${format.toLowerCase()}`;
      const uri = vscode.Uri.joinPath(folder, name);
      await browser.click('webview', `.exports-line .link:text-is("${format}")`);
      await until(
        () =>
          evaluateIn(
            'workbench',
            (proposed) =>
              document
                .querySelector<HTMLInputElement>('.quick-input-widget input[type=text]')
                ?.value.endsWith(proposed) === true,
            name,
          ),
        `${name} is not proposed`,
      );
      await browser.press('Enter');
      await browser.waitFor('webview', `.exports-told:has-text("${name}")`);
      const bytes = await vscode.workspace.fs.readFile(uri);
      const text = new TextDecoder().decode(bytes);
      assert(check(text), `${format}: ${text.slice(0, 300)}`);
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('are copied as LaTeX, and the evaluation as LaTeX and as a pytest case', async () => {
    await evaluate(sources.huber);
    await choose('Loss, histogram');
    const copied = async (what: string): Promise<string> => {
      await vscode.env.clipboard.writeText('');
      await browser.click('webview', `.exports-line .link:text-is("${what}")`);
      await browser.waitFor('webview', `.exports-told:has-text("${what} copied")`);
      return vscode.env.clipboard.readText();
    };
    assert.match(
      await copied('LaTeX table'),
      /\\begin\{tabular\}\{rrr\}[\s\S]*loss of an element, from & to & elements/,
    );
    assert.match(
      await copied('LaTeX value'),
      /\\texttt\{torch\.nn\.HuberLoss\}\): \$2\.82625\$ --- mean over 4 elements/,
    );
    const test = await copied('pytest case');
    assert.match(
      test,
      /input = torch\.tensor\(\[21\.4, 18\.9, 25\.1, 16\.0\], dtype=torch\.float32, requires_grad=True\)/,
    );
    assert.match(test, /loss = torch\.nn\.HuberLoss\(\)\(input, target\)/);
  });

  it('sweep a parameter, and take a value over from there', async () => {
    await evaluate(sources.huber);
    await sweep();
    assert.match(
      await browser.text('webview', '.sweep .findings'),
      /^The loss is smallest, .* at delta 0\.01, and largest, .* at delta \d/,
    );
    assert.equal(await browser.count('webview', '.sweep .figure'), 2);
    await evaluateIn('webview', () => document.querySelector<HTMLElement>('.sweep .pick')!.focus());
    await browser.press('Home');
    await browser.press('Enter');
    await until(
      async () => (await browser.text('webview', '.value')) === '0.03195',
      'the value is not taken over',
    );
  });

  it('draw what scores cost a discriminator and a generator', async () => {
    const [real, fake] = [floats([60], 1, (x) => 0.3 + 0.65 * x), floats([60], 2, (x) => 0.05 + 0.6 * x)];
    for (const theme of ['light', 'dark'] as const) {
      await withTheme(theme, async () => {
        await closeEditors();
        const content = `real = ${real}\nfake = ${fake}\n`;
        const editor = await showText(content, 'python');
        editor.selections = [0, 1].map(
          (line) =>
            new vscode.Selection(line, 'real = '.length, line, editor.document.lineAt(line).text.length),
        );
        const done = vscode.commands.executeCommand('lossLens.evaluate');
        await answer('Loss, by title', 'GAN loss of the discriminator');
        // Their names say which is which.
        await done;
        await browser.waitFor('webview', '.plots-tab .plot');
        await wide();
        await choose('Discriminator and generator');
        assert.match(await findings(), /^60 real samples with a mean score of 0\.\d+\. 60 generated samples/);
        assert.equal(await browser.count('webview', '.figure-lines .curve'), 4);
        await show(`scores-${theme}`);
      });
    }
  });

  for (const [name, content, title] of [
    ['gradient-map', sources.mse, 'Gradient, map'],
    ['sweep', sources.huber, 'Sweep'],
    ['curve', sources.huber, 'Loss and gradient'],
    ['gradient-histogram', sources.mse, 'Gradient, histogram'],
    ['loss-histogram', sources.crossEntropy, 'Loss, histogram'],
    ['classes', sources.crossEntropy, 'By class'],
    ['pixels', sources.pixels, 'Images'],
    ['masks', sources.dice, 'Images'],
    ['triplets', sources.triplet, 'Distances and margin'],
    ['pairs', sources.cosine, 'Distances and margin'],
    ['alignment', sources.ctc, 'Alignment'],
    ['transport', sources.transport, 'Transport plan'],
  ] as const) {
    it(`are drawn in every theme: ${name}`, async () => {
      await evaluate(content);
      if (title === 'Sweep') await sweep();
      else if (title !== 'Loss and gradient') await choose(title);
      for (const theme of allThemes) {
        // High contrast changes the colours, not what is drawn with them.
        if (theme.startsWith('hc') && !contrasted.has(name)) continue;
        await withTheme(theme, async () => {
          const overflow = await evaluateIn('webview', () => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth - clientWidth;
          });
          assert(overflow <= 0, `${overflow} pixels too wide`);
          await show(`${name}-${theme}`);
        });
      }
    });
  }
});
