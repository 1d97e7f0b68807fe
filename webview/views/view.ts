/** What a view of the panel is, and what it is given. A view is a folder beside this file and a line in index.ts. */
import type {
  Opening,
  Outcome,
  Plot,
  PlotAsked,
  PlotWanted,
  Rows,
  SweepAsked,
  Swept,
  WireParameters,
} from '../../extension/panel/protocol.ts';
import type { Requests } from '../requests.ts';
import type { Selection } from './selection.ts';

/** A tab: there from the start, with what is behind it made when it first comes to the front. */
export interface ViewInfo {
  readonly id: string;
  readonly title: string;
  /** Whether there is more to see in it of the element that is looked at. */
  readonly ofElement?: true;
  /** Whether it has something to say about what was opened; unless given, it has. */
  applies?(opening: Opening): boolean;
  /** Whether it draws with the libraries, which have to be loaded before it is made. */
  readonly draws?: true;
  make(stage: Stage): View;
}

export interface View {
  readonly element: HTMLElement;
  /**
   * The latest outcome: when the view comes to the front, and with each run while it is there. The next run waits for what
   * this one is asked for: it would put an end to the arrays that the answer is made of.
   */
  show(outcome: Outcome): void | Promise<void>;
  /** The plot that it will ask for of the next outcome, to come with it. */
  wanted?(): PlotWanted | undefined;
  dispose?(): void;
}

/** What a view stands on: one evaluation, whose parameters may change. */
export interface Stage {
  readonly opening: Opening;
  readonly requests: Requests;
  /** The element that is looked at, the same in all views. */
  readonly selection: Selection;
  /** What the view should find again after a reload of the window. */
  readonly memory: Memory;
  /** Rows of the table of the run with this number. @throws RequestError `stale` */
  rows(run: number, start: number, count: number): Promise<Rows>;
  /** A plot of the run with this number. @throws RequestError `stale` */
  plot(asked: PlotAsked): Promise<Plot>;
  /** Value and gradient at some values of a parameter, beside what is shown. @throws RequestError */
  sweep(asked: SweepAsked): Promise<Swept>;
  /** As they stand in the controls. */
  parameters(): WireParameters;
  /** Puts the controls to these values and evaluates. */
  setParameters(parameters: WireParameters): void;
  /** Brings a view to the front. */
  open(id: string): void;
  /** Calls each time when an evaluation was added to the history. */
  onRecorded(listener: () => void): void;
}

/** JSON that outlives the page, a slot for each view. What comes back may be of an older version: check it. */
export interface Memory {
  read(): unknown;
  write(value: unknown): void;
}
