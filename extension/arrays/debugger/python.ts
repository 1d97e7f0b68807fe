/** Programs in Python, debugged by debugpy. */
import { expression, visible } from '../python/code.ts';
import { nameOf } from '../python/described.ts';
import type { Language, Request } from './read.ts';
import serve from './serve.py';

const code = (request: Request, names: string): string =>
  expression(serve, { request: JSON.stringify(request) }, names);

export const python: Language = {
  code: (request, value) => code(request, `{"value": (${value})}`),
  written: nameOf,
};

export const pythonListing = (): string => code({ kind: 'list', start: 0, end: 0 }, visible);
