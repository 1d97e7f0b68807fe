/** In Restricted Mode a network file is data like any other: nothing in it is run. */
import { browser, closeEditors } from './browser.ts';
import { answer, compareImages, showsValue } from './questions.ts';

describe('network in Restricted Mode', () => {
  after(closeEditors);

  it('compares images through a file of the workspace', async () => {
    const { done } = await compareImages();
    await browser.type('Images');
    await browser.press('Enter');
    await answer('Network file');
    await answer('Layers to compare');
    await done;
    await showsValue('0.1675');
  });
});
