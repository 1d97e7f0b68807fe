/**
 * What the engine recognises, as JSON for check_names.py: every symbol with its paths and arguments, and which of the
 * Keras ids on standard input (a JSON list) stand for which function.
 */
import { readFileSync } from 'node:fs';
import { explainedSymbols, findLosses, symbols } from '../../engine/node.ts';

const ids: readonly string[] = JSON.parse(readFileSync(0, 'utf8'));
const functionOf = (id: string): string | undefined =>
  findLosses(`import keras\nmodel.compile(loss='${id}')`, 'python')[0]?.symbol;

const inPython = [...symbols, ...explainedSymbols].filter(({ framework }) => framework !== 'tfjs');
process.stdout.write(
  JSON.stringify({
    symbols: inPython.map(({ name, kind, paths, constructorArguments, callArguments }) => ({
      name,
      kind,
      paths,
      constructorArguments,
      callArguments,
    })),
    ids: Object.fromEntries(ids.map((id) => [id, functionOf(id) ?? null])),
  }),
);
