import type { SessionPort } from '../session/view.js';
import type { TerminalSize } from '../terminal/frame-stream.js';
import type { Context } from './binding.js';
import { initialUi, type Ui } from './ui.js';

/** Where frames go: its size, and whether it has taken the last one. */
export type Screen = {
  /** Calls back when it has another size, and when it takes frames again. */
  subscribe(listener: () => void): () => void;
  current(): TerminalSize;
  /** A terminal at the end of a slow line still owes what it was given. */
  isBehind(): boolean;
};

/**
 * What is to be drawn, as one object that changes at once: the view, what the keys made of the ui, and the size. While the terminal is
 * behind it stays as it is, and what happens meanwhile is drawn in one frame when the line is free: frames are dropped, never
 * queued, and the diff is always against what the terminal was really given. Keys act at once all the same.
 */
export class Stage {
  private shown: Context;
  private readonly listeners = new Set<() => void>();
  private readonly stops: readonly (() => void)[];
  private isOffered = false;

  constructor(
    private readonly session: SessionPort,
    private readonly screen: Screen,
    /** Where the screen begins. */
    private ui: Ui = initialUi,
    /** Told what the user sees, whenever that is another. */
    private readonly onUi: (ui: Ui) => void = () => undefined,
  ) {
    this.shown = this.present();
    this.stops = [session.subscribe(this.offer), screen.subscribe(this.offer)];
  }

  /** What the next key meets, drawn yet or not. */
  readonly present = (): Context => ({
    view: this.session.view(),
    ui: this.ui,
    size: this.screen.current(),
  });

  setUi(ui: Ui): void {
    this.ui = ui;
    this.onUi(ui);
    this.offer();
  }

  /** What is drawn. */
  readonly current = (): Context => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  close(): void {
    for (const stop of this.stops) stop();
  }

  /** Several keys of one read, and what the session publishes for them, are one frame. */
  private readonly offer = (): void => {
    if (this.isOffered) return;
    this.isOffered = true;
    queueMicrotask(() => {
      this.isOffered = false;
      if (!this.screen.isBehind()) this.show();
    });
  };

  private show(): void {
    const { view, ui, size } = this.present();
    if (view === this.shown.view && ui === this.shown.ui && size === this.shown.size) return;
    this.shown = { view, ui, size };
    for (const listener of this.listeners) listener();
  }
}
