/** A launch of the real VS Code, as the tests make it, with one suite that measures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** @returns what the suite wrote to the file that BENCH_RESULTS names; nothing where it failed, which the launcher prints. */
export async function inVSCode<T>(project: string, suite: string): Promise<T | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loss-lens-bench-'));
  const results = path.join(folder, 'results.json');
  try {
    const child = spawn(
      process.execPath,
      [
        path.join(project, 'test', 'host', 'run.ts'),
        '--only',
        'trusted',
        '--suite',
        path.join(import.meta.dirname, suite),
      ],
      { cwd: project, stdio: 'inherit', env: { ...process.env, BENCH_RESULTS: results } },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? (JSON.parse(await readFile(results, 'utf8')) as T) : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the figures are of. */
export const whichVSCode =
  process.env.VSCODE_TEST_HOST === 'desktop'
    ? 'VS Code of the desktop'
    : 'VS Code in a browser without a graphics card (the npm-only test host), extension host and window on the same cores';
