import assert from 'node:assert/strict';
import { snippetFor } from '../../../engine/index.ts';
import { about } from '../../../extension/completion/text.ts';

describe('what a completion says', () => {
  it('is the summary, the formula, what each array holds, and the code', () => {
    const page = {
      summary: 'Minus the log-probability.',
      formula: { svg: '', width: 0, height: 0, alternative: 'loss = −log p' },
    };
    const text = about(snippetFor('torch.nn.CrossEntropyLoss')!, page);
    assert.ok(text.startsWith('Minus the log-probability.\n\nloss = −log p\n\n'), text);
    assert.ok(
      text.includes('- `logits` `[N, K]`, raw scores: no softmax before\n- `target` `[N]`, class numbers'),
    );
    assert.match(text, /```python\ncriterion = nn\.CrossEntropyLoss\(\)\n[^«»]*```$/);
  });
});
