/**
 * What the checks report in every version of other people's JavaScript and TypeScript: `node test/corpus/versions.ts FOLDER`,
 * a folder of git repositories, bare or not. What is wrong is often mended before anybody looks, so that the last version
 * of a repository has little of it. The same line of the same file counts once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../engine/checks/index.ts';
import { languageOfScript } from './sources.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node test/corpus/versions.ts FOLDER');

/** Of a library that is packed into one file, nothing is judged. */
const packed = /.{2000}/;
const notTheirs = /(^|\/)(node_modules|dist|build|vendor)\//;
const mentions = /tensorflow|\btf\b/;

let versions = 0;
for (const repository of readdirSync(folder).sort()) {
  const directory = [join(folder, repository, '.git'), join(folder, repository)].find(existsSync)!;
  const paths = new Map<string, string>();
  for (const line of git(directory, ['rev-list', '--objects', '--all']).toString().split('\n')) {
    const [, hash, path] = /^([0-9a-f]{40}) (.+)$/.exec(line) ?? [];
    if (hash && path && languageOfScript(path) && !notTheirs.test(path)) paths.set(hash, path);
  }
  const reported = new Set<string>();
  for (const { hash, text } of contents(directory, [...paths.keys()])) {
    if (!mentions.test(text) || packed.test(text)) continue;
    versions++;
    const path = paths.get(hash)!;
    for (const { code, start, end, message } of check(text, languageOfScript(path)!)) {
      const line = text.slice(0, start).split('\n').length;
      const place = `${code}\t${repository}: ${path}\t${text.split('\n')[line - 1]!.trim()}`;
      if (reported.has(place)) continue;
      reported.add(place);
      console.log(
        `${code}\t${repository}: ${path}:${line} (${hash.slice(0, 10)})\t${text.slice(start, end)}\n\t${message}`,
      );
    }
  }
}
console.log(`${versions} versions of files`);

function git(directory: string, command: readonly string[], input = ''): Buffer {
  // What a partial clone lacks is left out, and not fetched.
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1' };
  const { stdout, error } = spawnSync('git', [`--git-dir=${directory}`, ...command], {
    input,
    env,
    maxBuffer: 2 ** 31 - 1,
  });
  if (error) throw error;
  return stdout;
}

function* contents(directory: string, hashes: readonly string[]): Generator<{ hash: string; text: string }> {
  const answer = git(directory, ['cat-file', '--batch'], `${hashes.join('\n')}\n`);
  for (let at = 0; at < answer.length; ) {
    const newline = answer.indexOf('\n', at);
    const [, hash, size] = /^([0-9a-f]{40}) blob (\d+)$/.exec(answer.toString('latin1', at, newline)) ?? [];
    at = newline + 1;
    if (!hash || !size) continue;
    yield { hash, text: answer.toString('utf8', at, at + Number(size)) };
    at += Number(size) + 1;
  }
}
