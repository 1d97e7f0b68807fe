import { strict as assert } from 'node:assert';
import type { ExplainedSymbol, SymbolInfo } from '../../../engine/catalogue.ts';
import {
  describe as describeLoss,
  type Hovered,
  type Part,
  signature,
} from '../../../extension/hover/content.ts';
import type { Theme } from '../../../extension/hover/theme.ts';
import type { Page } from '../../../extension/pages.ts';

const themes: readonly Theme[] = ['light', 'dark', 'high-contrast', 'high-contrast-light'];

const huber: SymbolInfo = {
  name: 'torch.nn.HuberLoss',
  framework: 'torch',
  kind: 'class',
  loss: 'huber',
  paths: ['torch.nn.HuberLoss'],
  constructorArguments: [
    { name: 'reduction', kind: 'parameter', default: "'mean'" },
    { name: 'delta', kind: 'parameter', default: '1.0', keywordOnly: true },
  ],
  callArguments: [
    { name: 'input', kind: 'input' },
    { name: 'target', kind: 'input' },
  ],
  inputs: [],
  parameters: [],
  caveats: ['`delta` scales the linear part.'],
};

const picture = { svg: '<svg width="30" height="20"><g fill="currentColor"/></svg>', width: 30, height: 20 };
const page: Page = {
  id: 'huber',
  title: 'Huber',
  summary: 'Quadratic, then linear.',
  tex: 'x',
  formula: { ...picture, alternative: 'loss = "½r²" where |r| ≤ δ < 1' },
};
const hovered: Hovered = {
  loss: { kind: 'class' },
  subject: { symbol: huber, page },
  formula: page.formula,
  curve: {
    ...picture,
    svg: '<svg width="30" height="20"><path class="line s0"/></svg>',
    alternative: 'Loss 0 at 0.',
  },
  settings: [],
  links: { evaluate: 'command:evaluate', insert: 'command:insert', reference: 'command:reference' },
};

function whole(parts: readonly Part[]): string {
  return parts.map(({ value }) => value).join('');
}

function images(parts: readonly Part[]): { svg: string; attributes: string }[] {
  return [...whole(parts).matchAll(/<img src="data:image\/svg\+xml;base64,([^"]+)" ([^>]*)>/g)].map(
    ([, data, attributes]) => ({ svg: Buffer.from(data!, 'base64').toString(), attributes: attributes! }),
  );
}

/** Relative luminance of WCAG. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

describe('the content of a hover', () => {
  it('has title, summary, formula, signature, caveats, curve and its links', () => {
    const parts = describeLoss(hovered, 'dark');
    const text = whole(parts);
    for (const part of [
      '**Huber**',
      'Quadratic, then linear.',
      "torch.nn.HuberLoss(reduction='mean', *, delta=1.0)(input, target)",
      '- `delta` scales the linear part.',
      '[Evaluate…](command:evaluate',
      '[Insert snippet](command:insert',
      '[Open page](command:reference',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.equal(images(parts).length, 2);
  });

  it('gives every image its size and its meaning in words', () => {
    const [curve, formula] = images(describeLoss(hovered, 'dark'));
    assert.equal(
      formula!.attributes,
      'width="30" height="20" alt="loss = &quot;½r²&quot; where |r| ≤ δ &lt; 1"',
    );
    assert.equal(curve!.attributes, 'width="30" height="20" align="right" alt="Loss 0 at 0."');
  });

  const backgrounds = {
    light: '#f8f8f8',
    dark: '#202020',
    'high-contrast': '#000000',
    'high-contrast-light': '#ffffff',
  };
  for (const theme of themes) {
    it(`is readable on the ${theme} background`, () => {
      const needed = theme.startsWith('high-contrast') ? 7 : 4.5;
      for (const { svg } of images(describeLoss(hovered, theme))) {
        const style = /<style>(.*)<\/style>/.exec(svg)![1]!;
        const colours = [
          /svg{color:(#\w{6})/,
          /\.s0{stroke:(#\w{6})/,
          /\.s1{stroke:(#\w{6})/,
          /\.s2{stroke:(#\w{6})/,
        ];
        for (const colour of colours) {
          const found = colour.exec(style)![1]!;
          assert.ok(contrast(found, backgrounds[theme]) >= needed, `${found} on ${backgrounds[theme]}`);
        }
      }
    });
  }

  it('shows what the source sets as text, never as Markdown', () => {
    const settings = [
      { name: 'delta', value: 0.5 },
      { name: 'reduction', value: null },
      { name: 'weight', text: '[x](command:evil) `' },
    ];
    const parts = describeLoss({ ...hovered, settings }, 'dark');
    const texts = parts.filter(({ kind }) => kind === 'text').map(({ value }) => value);
    const defaults = ['1.0', "'mean'"];
    assert.deepEqual(
      texts.filter((text) => !defaults.includes(text)),
      ['delta=0.5', 'reduction=None', 'weight=[x](command:evil) `'],
    );
    assert.ok(parts.every(({ kind, value }) => kind === 'text' || !value.includes('evil')));
  });

  it('shows what the call sets beside the default, and what of it is deprecated', () => {
    const old = {
      name: 'size_average',
      kind: 'boolean',
      default: null,
      description: 'deprecated: use `reduction`',
    } as const;
    const symbol: SymbolInfo = {
      ...huber,
      constructorArguments: [
        ...huber.constructorArguments!,
        { name: 'size_average', kind: 'parameter', default: 'None' },
      ],
      parameters: [old],
    };
    const settings = [
      { name: 'delta', value: 0.5 },
      { name: 'reduction', value: 'mean' },
      { name: 'size_average', value: false },
    ];
    const text = whole(describeLoss({ ...hovered, subject: { symbol, page }, settings }, 'dark'));
    assert.ok(text.includes('Set here: delta=0.5 (default 1.0), '), text);
    assert.ok(text.includes("reduction='mean' (the default)"), text);
    assert.ok(text.includes('size_average=False (default None) **deprecated: use `reduction`**'), text);
    const same = whole(describeLoss({ ...hovered, settings: [{ name: 'delta', value: 1 }] }, 'dark'));
    assert.ok(same.includes('delta=1 (the default)'), same);
  });

  it('shortens what a file says at length', () => {
    const settings = [{ name: 'weight', text: `torch.tensor([${'1.0, '.repeat(20)}])` }];
    const text = whole(describeLoss({ ...hovered, settings }, 'dark'));
    assert.match(text, /weight=torch\.tensor\(\[1\.0[^\n]{0,40}…/);
  });

  it('says what else a name may hold, and what compile does', () => {
    const loss = { kind: 'function', context: 'compile', alternatives: ['keras.losses.Huber'] } as const;
    const text = whole(describeLoss({ ...hovered, loss }, 'dark'));
    assert.ok(text.includes('`keras.losses.Huber`') && text.includes('`compile`'));
  });

  it("shows the user's own loss without a framework's signature, and lacks a curve where there is none", () => {
    const parts = describeLoss(
      { ...hovered, subject: { symbol: undefined, page }, curve: undefined },
      'dark',
    );
    assert.ok(!whole(parts).includes('HuberLoss'));
    assert.ok(whole(parts).includes('Declared by the comment `# loss: huber`'));
    assert.equal(images(parts).length, 1);
  });

  const arcFace: ExplainedSymbol = {
    name: 'library.losses.ArcFaceLoss',
    framework: 'pytorch-metric-learning',
    kind: 'class',
    paths: ['library.losses.ArcFaceLoss'],
    constructorArguments: [{ name: 'num_classes', kind: 'parameter' }],
    callArguments: [{ name: 'embeddings', kind: 'input' }],
    summary: 'Angles with a margin.',
    formula: { tex: 'x', alternative: 'x' },
    refusal: 'it has weights of its own',
    caveats: [],
  };

  it('explains a symbol that cannot be evaluated, and offers no evaluation', () => {
    const formula = { ...picture, alternative: 'the cosine of the angle' };
    const parts = describeLoss(
      { ...hovered, subject: { symbol: arcFace }, formula, curve: undefined },
      'dark',
    );
    const text = whole(parts);
    for (const part of [
      '**ArcFaceLoss**',
      'Angles with a margin.',
      'library.losses.ArcFaceLoss(num_classes)(embeddings)',
      '- It cannot be evaluated here: it has weights of its own.',
      '_explained, not evaluated_',
      '[Open page](command:reference',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!text.includes('Evaluate…'));
    assert.match(images(parts)[0]!.attributes, /alt="the cosine of the angle"/);
  });

  it('says of which versions something holds', () => {
    const versions = [
      { since: '1.5', text: 'a.' },
      { before: '3.16', text: 'b.' },
      { since: '1.5', before: '1.9', text: 'c.' },
    ];
    const text = whole(
      describeLoss({ ...hovered, subject: { symbol: { ...huber, versions }, page } }, 'dark'),
    );
    for (const note of [
      '- PyTorch 1.5 and later: a.\n',
      '- PyTorch before 3.16: b.\n',
      '- PyTorch 1.5 to before 1.9: c.\n',
    ]) {
      assert.ok(text.includes(note), note);
    }
  });

  it('writes a function as it is called', () => {
    const { constructorArguments: _, ...rest } = huber;
    assert.equal(
      signature({ ...rest, name: 'f.huber_loss', kind: 'function' }),
      'f.huber_loss(input, target)',
    );
  });
});
