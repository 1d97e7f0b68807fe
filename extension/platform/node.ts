/** The features where there is Node: on the desktop and on remote machines. The entry of dist/features.js. */
import { readFileSync } from 'node:fs';
import { diskFile } from '../../engine/formats/files/disk.ts';
import { runOn } from './platform.ts';

export * from '../features.ts';

runOn({
  engine: () => import('../../engine/node.ts'),
  disk: { open: diskFile, read: (path) => readFileSync(path) },
});
