/** The plots that suit the evaluation, one at a time: each with what there is to see in words, and ways to take it along. */
import { t } from '@vscode/l10n';
import type {
  Figure,
  Outcome,
  Plot,
  PlotAsked,
  PlotId,
  PlotWanted,
} from '../../../extension/panel/protocol.ts';
import { pickControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { failureOf, failureView } from '../../failure.ts';
import { latest } from '../../latest.ts';
import { plotsView } from '../../plots/curve.ts';
import { dataView } from '../../plots/data.ts';
import { describe } from '../../plots/describe.ts';
import { figureView } from '../../plots/figure.ts';
import type { Stage, View } from '../view.ts';
import { curveFigures } from './curve-figures.ts';
import { exportsView } from './exports.ts';
import { remembered } from './memory.ts';
import { optionsView } from './options.ts';
import { sweepView } from './sweep.ts';

type Choice = PlotId | 'curve' | 'sweep';

/** A bin this much fuller than the middle one hides all others on an even scale. */
const steep = 50;

export function plotsTab(stage: Stage): View {
  const { selection, memory } = stage;
  const kept = remembered(memory.read());
  let chosen: Choice = (kept.plot as Choice) ?? 'curve';
  const slices: Record<string, number> = { ...kept.slices };
  let logarithmic = kept.logarithmic;
  let outcome: Outcome | undefined;
  let plot: Plot | undefined;
  let offered = '';
  /** The plot that comes with the next outcome. */
  let promised: string | undefined;
  let width = 0;

  const picker = h('div', {});
  const findings = h('p', { class: 'findings' });
  const options = optionsView({
    toSlice(id, slice) {
      slices[id] = slice;
      keep();
      void refresh();
    },
    toLogarithmic(value) {
      logarithmic = value;
      keep();
      drawPlot();
    },
  });
  const stageOfPlot = h('div', { class: 'plot-stage' });
  const data = dataView();
  const curve = plotsView((row) => selection.choose(row));
  const sweep = sweepView(stage);
  const exports = exportsView(stage, shownNow, () => outcome);
  const element = h(
    'div',
    { class: 'plots-tab' },
    picker,
    findings,
    options.element,
    stageOfPlot,
    data.element,
    exports,
  );

  const keep = (): void =>
    memory.write({ plot: chosen, slices, ...(logarithmic !== undefined && { logarithmic }) });

  function shownNow() {
    if (chosen === 'sweep') return sweep.shown();
    if (chosen === 'curve') {
      return (
        outcome && {
          title: t('Loss and gradient'),
          findings: (['loss', 'gradient'] as const)
            .map((quantity) => describe(quantity, outcome!.curve, outcome!.points))
            .join(' '),
          figures: curveFigures(outcome),
          element: stageOfPlot,
        }
      );
    }
    return plot?.id === chosen ? { ...plot, element: stageOfPlot } : undefined;
  }

  const wanted = (): PlotWanted | undefined => {
    if (chosen === 'curve' || chosen === 'sweep') return undefined;
    const { row } = selection;
    return { id: chosen, slice: slices[chosen] ?? 0, ...(row !== undefined && { row }) };
  };
  const ask = latest<PlotAsked>(async (asked) => {
    try {
      take(await stage.plot(asked));
    } catch (error) {
      const failure = failureOf(error);
      // Of the next run another one is asked for.
      if (failure.code === 'stale' || failure.code === 'cancelled' || asked.id !== chosen) return;
      stageOfPlot.replaceChildren(failureView(failure));
    }
  });

  function take(made: Plot): void {
    if (made.id !== chosen) return;
    plot = made;
    drawSoon();
  }

  function drawPlot(): void {
    if (!plot || plot.id !== chosen || width === 0) return;
    findings.textContent = plot.findings;
    const { figures } = plot;
    const bins = figures.filter((figure) => figure.mark === 'bins');
    const isLogarithmic = logarithmic ?? bins.some(isSteep);
    const isAlbum = figures.length > 1 && figures.every((figure) => figure.mark === 'grid' && figure.isImage);
    const sketch = { width: isAlbum ? albumWidth() : width, logarithmic: isLogarithmic };
    const focused = stageOfPlot.contains(document.activeElement)
      ? [...stageOfPlot.querySelectorAll('.pick')].indexOf(document.activeElement!)
      : -1;
    const words = (figure: Figure): string => `${figure.caption}. ${plot!.findings}`;
    stageOfPlot.replaceChildren(
      h(
        'div',
        { class: isAlbum ? 'figures figures-album' : 'figures' },
        ...figures.map((figure) => figureView(figure, sketch, words(figure), (row) => selection.choose(row))),
      ),
    );
    stageOfPlot.querySelectorAll<HTMLElement>('.pick')[focused]?.focus();
    options.show(plot, bins.length > 0, isLogarithmic);
    data.show(figures);
  }

  const albumWidth = (): number => {
    const across = width >= 640 ? 3 : width >= 400 ? 2 : 1;
    return Math.floor((width - 16 * (across - 1)) / across);
  };

  /** With the next frame: the next evaluation runs meanwhile, and of two in one frame only the latter is drawn. */
  let frame: number | undefined;
  function drawSoon(): void {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      if (chosen !== 'curve') drawPlot();
      else if (outcome) {
        curve.show(outcome, selection.row);
        data.show(curveFigures(outcome));
      }
    });
  }

  /** Draws what is chosen, of the latest outcome. @returns what has to be asked for */
  function refresh(): Promise<void> | undefined {
    if (!outcome) return undefined;
    if (chosen === 'curve') {
      findings.textContent = '';
      options.clear();
      if (curve.element.parentElement !== stageOfPlot) stageOfPlot.replaceChildren(curve.element);
      drawSoon();
    } else if (chosen === 'sweep') {
      findings.textContent = '';
      options.clear();
      data.show([]);
      if (sweep.element.parentElement !== stageOfPlot) stageOfPlot.replaceChildren(sweep.element);
      sweep.show(outcome);
    } else return ask({ ...wanted()!, run: outcome.run });
    return undefined;
  }

  function choose(choice: Choice): void {
    chosen = choice;
    plot = undefined;
    options.clear();
    keep();
    refresh();
  }

  function offer(): void {
    const choices = [
      { label: t('Loss and gradient'), value: 'curve' as Choice },
      ...outcome!.plots.map(({ id, title }) => ({ label: title, value: id as Choice })),
      ...(sweep.isOffered ? [{ label: t('Sweep'), value: 'sweep' as Choice }] : []),
    ];
    if (!choices.some(({ value }) => value === chosen)) chosen = 'curve';
    const key = JSON.stringify(choices);
    if (key === offered) return;
    offered = key;
    picker.replaceChildren(pickControl({ label: t('Plot'), choices, value: chosen, onChange: choose }));
  }

  const resized = new ResizeObserver(([entry]) => {
    const measured = Math.floor(entry!.contentRect.width);
    if (measured === width || measured === 0) return;
    width = measured;
    sweep.resize(width);
    drawPlot();
  });
  resized.observe(stageOfPlot);
  // Maps are painted in numbers, which do not follow the theme by themselves.
  const themed = new MutationObserver(drawPlot);
  themed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  selection.onChange(() => {
    if (element.isConnected) refresh();
  });

  return {
    element,
    show(shown) {
      outcome = shown;
      offer();
      // What was wanted with it may be another by now.
      if (!shown.plot || promised !== JSON.stringify(wanted())) return refresh();
      take(shown.plot);
      return undefined;
    },
    wanted() {
      const asked = wanted();
      promised = JSON.stringify(asked);
      return asked;
    },
    dispose() {
      resized.disconnect();
      themed.disconnect();
      sweep.dispose();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}

function isSteep(figure: Figure): boolean {
  if (figure.mark !== 'bins') return false;
  const filled = figure.series
    .flatMap(({ counts }) => [...counts])
    .filter((count) => count > 0)
    .sort((a, b) => a - b);
  return filled.length > 1 && filled.at(-1)! > steep * filled[filled.length >> 1]!;
}
