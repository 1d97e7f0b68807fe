/** The Python of a notebook's file, and where in the file each of its characters stands. */
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { PythonCells } from '../recognise/index.ts';
import { type Checkable, Lines, Unreadable } from './checkable.ts';

interface Cell {
  /** Among all cells of the notebook, from 1. */
  readonly number: number;
  readonly text: string;
  /** The strings of the file that make up the text: where each begins there, and behind its quote in the file. */
  readonly pieces: readonly { readonly start: number; readonly offset: number }[];
}

/** @returns nothing for a notebook in another language @throws Unreadable */
export function readNotebook(path: string, text: string): Checkable | undefined {
  const root = parseTree(text);
  const cells = root && findNodeAtLocation(root, ['cells']);
  if (!root || cells?.type !== 'array') {
    throw new Unreadable(path, 'it is no notebook. Expected: JSON of version 4, with a list of cells');
  }
  const language =
    findNodeAtLocation(root, ['metadata', 'language_info', 'name']) ??
    findNodeAtLocation(root, ['metadata', 'kernelspec', 'language']);
  if (language && language.value !== 'python') return undefined;
  const code = (cells.children ?? []).flatMap((node, i) => cellOf(node, i + 1));
  const joined = new PythonCells(code.map((cell) => cell.text));
  const inCells = code.map((cell) => new Lines(cell.text));
  const inFile = new Lines(text);
  return {
    path,
    source: joined.document,
    shown(offset) {
      const { cell, offset: inside } = joined.place(offset);
      return { cell: code[cell]!.number, ...inCells[cell]!.at(inside) };
    },
    inFile(offset) {
      const { cell, offset: inside } = joined.place(offset);
      return inFile.at(offsetInFile(text, code[cell]!, inside));
    },
    written: (replacement) => JSON.stringify(replacement).slice(1, -1),
  };
}

function cellOf(node: Node, number: number): Cell[] {
  const source = findNodeAtLocation(node, ['source']);
  if (findNodeAtLocation(node, ['cell_type'])?.value !== 'code' || !source) return [];
  const strings = source.type === 'string' ? [source] : (source.children ?? []);
  const pieces: { start: number; offset: number }[] = [];
  let text = '';
  for (const { type, offset, value } of strings) {
    if (type !== 'string') continue;
    pieces.push({ start: text.length, offset: offset + 1 });
    text += value;
  }
  return [{ number, text, pieces }];
}

/** Escapes are longer in the file than the one character that they stand for. */
function offsetInFile(file: string, { pieces }: Cell, inside: number): number {
  const piece = pieces.findLast(({ start }) => start <= inside);
  if (!piece) return 0;
  let at = piece.offset;
  for (let left = inside - piece.start; left > 0; left--) {
    at += file[at] !== '\\' ? 1 : file[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}
