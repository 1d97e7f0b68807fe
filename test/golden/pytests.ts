/**
 * Writes golden cases as the panel's pytest cases and runs them on the libraries themselves: some of each symbol.
 * node test/golden/python.ts pytests [TEXT]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as engine from '../../engine/node.ts';
import { Session } from '../../engine/presentation/session.ts';
import { type Golden, goldensBySymbol } from './goldens.ts';

const [python, only = ''] = process.argv.slice(2) as [string, string?];
/** Of each symbol. */
const most = 4;

/** Those that differ in their options; Keras' other backends would each want a process of their own. */
function some(all: readonly Golden[]): Golden[] {
  const seen = new Set<string>();
  const own = all.filter(({ surrogate, warning, value, parameters }) => {
    const key = JSON.stringify(parameters);
    if (surrogate || warning || !value || seen.has(key) || 'kerasBackend' in parameters) return false;
    seen.add(key);
    return true;
  });
  return own.slice(0, most);
}

const chosen = [...goldensBySymbol()]
  .filter(([name]) => name.includes(only))
  .map(([name, all]) => [name, some(all)] as const);

const cases: { name: string; framework: string; code: string }[] = [];
const refused = new Map<string, number>();
for (const [name, own] of chosen) {
  const symbol = engine.symbols.find((each) => each.name === name)!;
  for (const { note, inputs, parameters } of own) {
    const session = new Session(
      engine,
      { loss: name, inputs, parameters },
      { title: '', keep: '', backend: 'cpu' },
    );
    try {
      const code = await session.pytest({});
      cases.push({ name: `${name} ${note}`, framework: symbol.framework, code });
    } catch (error) {
      const reason = (error as Error).message;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
    } finally {
      session.dispose();
    }
  }
}
engine.dispose();
console.log(`${cases.length} cases of ${chosen.length} symbols.`);
for (const [reason, count] of refused) console.log(`  ${count} refused: ${reason}`);

const folder = mkdtempSync(join(tmpdir(), 'pytests-'));
try {
  const file = join(folder, 'cases.json');
  writeFileSync(file, JSON.stringify(cases));
  const { status } = spawnSync(python, [join(import.meta.dirname, 'check_pytests.py'), file], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
