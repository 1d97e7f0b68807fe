import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { findMessages } from '../../../engine/messages/index.ts';
import { texts } from '../../../engine/messages/texts.ts';

const folder = join(import.meta.dirname, '../../../engine/messages');
const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/data/messages.json'), 'utf8'),
) as { cases: readonly { page: string; library: string; text: string }[] };

/** Wordings of versions and devices that are not installed here, as users quote them in public issue threads. */
const quoted: readonly (readonly [page: string, text: string])[] = [
  ['target-dtype', 'RuntimeError: expected scalar type Long but found Float'],
  [
    'target-dtype',
    "RuntimeError: Expected object of scalar type Long but got scalar type Float for argument #2 'target' in call to _thnn_nll_loss_forward",
  ],
  [
    'target-dtype',
    "TypeError: Value passed to parameter 'labels' has DataType float32 not in list of allowed values: int32, int64",
  ],
  [
    'label-out-of-range',
    '../aten/src/ATen/native/cuda/NLLLoss2d.cu:103: nll_loss2d_forward_kernel: block: [3,0,0], thread: [929,0,0] Assertion `t >= 0 && t < n_classes` failed.',
  ],
  ['label-out-of-range', "RuntimeError: Assertion `cur_target >= 0 && cur_target < n_classes' failed."],
  [
    'not-a-probability',
    '../aten/src/ATen/native/cuda/Loss.cu:94: operator(): block: [0,0,0], thread: [96,0,0] Assertion `input_val >= zero && input_val <= one` failed.',
  ],
  ['not-a-probability', 'block: [16,0,0], thread: [31,0,0] Assertion `input >= 0. && input <= 1.` failed.'],
  [
    'not-a-probability',
    'block: [305,0,0], thread: [82,0,0] Assertion `*input >= 0. && *input <= 1.` failed.',
  ],
  [
    'target-shape',
    'RuntimeError: 1only batches of spatial targets supported (non-empty 3D tensors) but got targets of size: : [1, 8, 165, 768]',
  ],
  ['target-shape', 'RuntimeError: 1D target tensor expected, multi-target not supported'],
  ['target-shape', 'ValueError: Shapes (None, 1) and (None, 5) are incompatible'],
  ['target-shape', 'ValueError: Shapes (None, 7) and (None, 1, 7) are incompatible'],
  [
    'target-shape',
    'ValueError: You are passing a target array of shape (2, 53824, 1) while using as loss `categorical_crossentropy`.',
  ],
  [
    'target-shape',
    "ValueError: 'logits' and 'labels' must have the same shape, received ((None, 3) vs (None, 2))",
  ],
  [
    'autocast',
    'RuntimeError: torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.',
  ],
  ['device-side-assert', '[rank0]: RuntimeError: CUDA error: device-side assert triggered'],
  ['not-called', 'RuntimeError: bool value of Tensor with more than one value is ambiguous'],
];

const titled = (page: string): string =>
  /^# (.+)$/m.exec(readFileSync(join(folder, `${page}.md`), 'utf8'))?.[1] ?? '';

describe('messages of the libraries', () => {
  it('were asked of the installed libraries, for most of the pages', () => {
    assert.ok(cases.length >= 50);
    assert.ok(new Set(cases.map(({ page }) => page)).size >= 14);
  });

  for (const { page, library, text } of cases) {
    it(`${library}: ${text.split('\n')[0]!.slice(0, 90)}`, () => {
      assert.deepEqual(
        findMessages(text).map((message) => message.page),
        [page],
      );
    });
  }

  for (const [page, text] of quoted) {
    it(`quoted: ${text.slice(0, 90)}`, () => {
      assert.deepEqual(
        findMessages(text).map((message) => message.page),
        [page],
      );
    });
  }

  it('are each covered: every pattern matches one of them', () => {
    const all = [...cases.map(({ text }) => text), ...quoted.map(([, text]) => text)];
    const unused = Object.values(texts)
      .flat()
      .filter((pattern) => !all.some((text) => text.search(pattern) >= 0));
    assert.deepEqual(unused, []);
  });

  it('are found where they stand, and apart', () => {
    const output = 'IndexError: Target 3 is out of bounds.\nRuntimeError: blank must be in label range\n';
    assert.deepEqual(
      findMessages(output).map(({ start, end }) => output.slice(start, end)),
      ['Target 3 is out of bounds', 'blank must be in label range'],
    );
  });

  it('are not seen in what any program may print', () => {
    for (const text of [
      'RuntimeError: The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0',
      'RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)',
      'Target 3 is reached.',
      "KeyError: 'target'",
      'loss = nn.CrossEntropyLoss(reduction="mean")',
      'Epoch 3: loss 0.1234 accuracy 0.91',
      'IndexError: index 3 is out of bounds for axis 0 with size 3',
      'RuntimeError: expected scalar type Float but found Double',
    ]) {
      assert.deepEqual(findMessages(text), [], text);
    }
  });

  it('cost time in proportion to the output, whatever stands in it', () => {
    const pieces = fc.constantFrom(
      'Using a target size (torch.Size([',
      '3, 1, ',
      ')',
      'Expected target size [',
      'Assertion `t >= 0 && ',
      'Shapes (None, ',
      ' and ',
      "Function '",
      'LogLogLogBackward',
      'weight tensor should be defined either for all ',
      '\n',
      '     ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 12 }), (parts) => {
        const output = parts.join('').repeat(Math.ceil(40_000 / parts.join('').length));
        const start = performance.now();
        findMessages(output);
        assert.ok(performance.now() - start < 1000, 'longer than a second for 40 kB');
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('pages about messages', () => {
  const pages = globSync('*.md', { cwd: folder })
    .map((file) => basename(file, '.md'))
    .filter((name) => name !== 'README');

  it('are those that the messages lead to', () => {
    assert.deepEqual(pages.toSorted(), Object.keys(texts).toSorted());
  });

  for (const page of pages) {
    it(`${page}: quotes words that are recognised, says what they mean and what to do`, () => {
      const markdown = readFileSync(join(folder, `${page}.md`), 'utf8');
      assert.deepEqual(
        [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title),
        ['The words', 'What it means', 'How to fix it'],
      );
      const words = /^```\n([\s\S]*?)\n```$/m.exec(markdown)![1]!;
      for (const line of words.split('\n')) {
        const found = findMessages(line).map((message) => message.page);
        // Shortened quotations stand beside whole ones.
        if (!line.includes('…')) assert.deepEqual(found, [page], line);
      }
      assert.ok(words.split('\n').some((line) => findMessages(line).length === 1));
    });
  }

  it('are all listed on the page of the folder, by their titles', () => {
    const list = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const page of pages) assert.ok(list.includes(`- [${titled(page)}](${page}.md): "`), page);
  });
});
