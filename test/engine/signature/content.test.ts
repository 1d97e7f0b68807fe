import assert from 'node:assert/strict';
import { symbols } from '../../../engine/index.ts';
import { signatureText } from '../../../extension/signature/content.ts';

const symbol = (name: string) => symbols.find((candidate) => candidate.name === name)!;

describe('the text of a signature', () => {
  const entropy = symbol('torch.nn.CrossEntropyLoss');
  const { label, texts } = signatureText(entropy, entropy.constructorArguments!);
  const of = (name: string): string =>
    texts[entropy.constructorArguments!.findIndex((argument) => argument.name === name)]!.documentation;

  it('is the call with its defaults, each argument where the label has it', () => {
    assert.match(label, /^CrossEntropyLoss\(weight=None, .*, label_smoothing=0\.0\)$/);
    for (const [i, { start, end }] of texts.entries()) {
      assert.ok(label.slice(start, end).startsWith(entropy.constructorArguments![i]!.name));
    }
  });

  it('says what each argument does, what it may be, and what is deprecated', () => {
    assert.match(of('label_smoothing'), /spread evenly over the classes\. At most 1\.$/);
    assert.match(of('reduction'), /`'mean'`, `'sum'`/);
    assert.match(of('size_average'), /^Deprecated: use `reduction`\.$/);
    assert.match(of('weight'), /a weight for each class|A weight for each class/);
  });

  it('keeps a shape on one line', () => {
    const shaped = symbol('tf.compat.v1.losses.sparse_softmax_cross_entropy');
    const [labels] = signatureText(shaped, shaped.callArguments).texts;
    assert.match(labels!.documentation, /\[N\] or \[N,\u00a01\]/);
  });

  it('every argument of every symbol has a sentence', () => {
    const silent = symbols.flatMap((one) =>
      [one.constructorArguments ?? [], one.callArguments].flatMap((takes) =>
        signatureText(one, takes).texts.flatMap(({ documentation }, i) =>
          documentation ? [] : [`${one.name} ${takes[i]!.name}`],
        ),
      ),
    );
    assert.deepEqual(silent, []);
  });
});
