/** Draws extension/icon.png, which marketplaces want beside no SVG, from extension/icon.svg. node test/host/icon.ts */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { installChromium } from './install.ts';

const extension = path.resolve(import.meta.dirname, '../../extension');
const { executable, environment } = await installChromium();
const browser = await chromium.launch({
  executablePath: executable,
  env: { ...process.env, ...environment } as Record<string, string>,
  chromiumSandbox: false,
});
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
const svg = await readFile(path.join(extension, 'icon.svg'), 'utf8');
await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
await page.screenshot({ path: path.join(extension, 'icon.png'), omitBackground: true });
await browser.close();
