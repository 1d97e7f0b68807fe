/** What there is of both libraries in the one file that is fetched: of Plot, only what is used is bundled. */
import { axisX, axisY, barY, dot, gridY, lineY, plot, rectY, ruleX, ruleY } from '@observablehq/plot';

export { default as katex } from 'katex';

export const Plot = { axisX, axisY, barY, dot, gridY, lineY, plot, rectY, ruleX, ruleY };
