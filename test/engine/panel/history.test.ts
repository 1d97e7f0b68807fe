/** The history of a workspace: what is kept of it, and how much. */
import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import {
  History,
  keyOf,
  mostCharacters,
  mostEntries,
  type Recorded,
  type Storage,
} from '../../../extension/panel/history/store.ts';
import { asText, fromText, keep, kept } from '../../../extension/panel/keep.ts';

/** As the editor's: what is written is JSON. */
function memento(): Storage & { text: string } {
  const storage = {
    text: '{}',
    get: (key: string) => (JSON.parse(storage.text) as Record<string, unknown>)[key],
    async update(key: string, value: unknown) {
      storage.text = JSON.stringify({ ...JSON.parse(storage.text), [key]: value });
    },
  };
  return storage;
}

const huber = (numbers: readonly number[], delta = 1): string =>
  keep({
    loss: 'torch.nn.HuberLoss',
    inputs: { input: array(numbers), target: array(numbers) },
    parameters: { delta },
  });

const recorded = (delta: number, value = String(delta)): Recorded => ({
  title: 'Huber loss',
  loss: 'torch.nn.HuberLoss',
  parameters: asText({ delta: Float64Array.of(delta) }),
  written: `delta=${delta}`,
  value,
});

describe('the history of evaluations', () => {
  it('has the latest first, and finds the data and parameters of each again, also after a reload', async () => {
    const storage = memento();
    await new History(storage).add(recorded(1), huber([1, 2]), 0);
    await new History(storage).add(recorded(Number.POSITIVE_INFINITY), huber([1, 2]), 10_000);
    await new History(storage).add(recorded(2), huber([3]), 20_000);
    const history = new History(storage);
    assert.deepEqual(
      history.entries.map(({ written }) => written),
      ['delta=2', 'delta=Infinity', 'delta=1'],
    );
    const entry = history.entries[1]!;
    const request = kept({ keep: history.dataOf(entry), parameters: entry.parameters });
    assert.deepEqual(request.parameters, { delta: Number.POSITIVE_INFINITY });
    assert.deepEqual([...request.inputs['input']!.data], [1, 2]);
    assert.deepEqual(fromText(entry.parameters), { delta: Float64Array.of(Number.POSITIVE_INFINITY) });
  });

  it('keeps data once, whatever the parameters', async () => {
    assert.equal(await keyOf(huber([1, 2], 1)), await keyOf(huber([1, 2], 3)));
    assert.notEqual(await keyOf(huber([1, 2])), await keyOf(huber([1, 3])));
    const storage = memento();
    const history = new History(storage);
    const numbers = Array.from({ length: 5000 }, (_, i) => i);
    for (let i = 0; i < 10; i++) await history.add(recorded(i), huber(numbers), 10_000 * i);
    assert.equal(history.entries.length, 10);
    assert(storage.text.length < 2 * huber(numbers).length);
  });

  it('adds nothing for the same again, and one entry for a slider on its way', async () => {
    const history = new History(memento());
    await history.add(recorded(1), huber([1]), 0);
    await history.add(recorded(1), huber([1]), 60_000);
    assert.equal(history.entries.length, 1);
    for (let i = 0; i < 20; i++) await history.add(recorded(2 + i), huber([1]), 60_000 + 500 * i);
    assert.deepEqual(
      history.entries.map(({ written }) => written),
      ['delta=21', 'delta=1'],
    );
  });

  it('knows the data again when they were kept, read back and kept once more', async () => {
    const once = huber([1, 2]);
    const again = keep(kept({ keep: once }));
    assert.equal(again, once);
    assert.equal(await keyOf(again), await keyOf(once));
  });

  it('is bounded in entries and in data, of which the oldest go', async () => {
    const storage = memento();
    const history = new History(storage);
    const numbers = (seed: number) => Array.from({ length: 20_000 }, (_, i) => Math.sin(i + seed));
    for (let i = 0; i < 12; i++) await history.add(recorded(i), huber(numbers(i)), 10_000 * i);
    assert(storage.text.length < mostCharacters + 20_000, `${storage.text.length} characters`);
    const are = history.entries.map((entry) => history.dataOf(entry) !== undefined);
    assert(are[0] && !are.at(-1));
    for (let i = 0; i < mostEntries + 20; i++) await history.add(recorded(i), huber([i]), 1e6 + 10_000 * i);
    assert.equal(history.entries.length, mostEntries);
  });

  it('has an entry, and no data, of what is too much to keep', async () => {
    const history = new History(memento());
    await history.add(recorded(1), huber(new Array<number>(200_000).fill(1)), 0);
    assert.equal(history.entries.length, 1);
    assert.equal(history.dataOf(history.entries[0]!), undefined);
  });

  it('is gone when cleared, and empty where the storage holds something else', async () => {
    const storage = memento();
    const history = new History(storage);
    await history.add(recorded(1), huber([1]), 0);
    await history.clear();
    assert.deepEqual(history.entries, []);
    assert.doesNotMatch(storage.text, /Huber/);
    for (const other of [4, 'text', { entries: 3 }, { entries: [], data: 7 }]) {
      await storage.update('lossLens.history', other);
      assert.deepEqual(history.entries, []);
    }
  });
});
