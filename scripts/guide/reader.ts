import type { Clock, Millis } from '../../source/core/clock.js';
import { frame } from '../../source/screen/frame.js';
import { press } from '../../source/screen/keymap.js';
import { plainText } from '../../source/screen/row.js';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import type { SessionPort, View } from '../../source/session/view.js';

/** Someone at the keyboard of a kmon without a terminal: presses keys, waits until something can be seen, and copies the screen. */
export class Reader {
  private ui: Ui = initialUi;
  /** What `y` copied last. */
  copied = '';

  constructor(
    readonly session: SessionPort,
    private readonly clock: Clock,
    private readonly size: Size,
  ) {}

  get view(): View {
    return this.session.view();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const { ui, intents = [], ask } = press({ view: this.view, ui: this.ui, size: this.size }, key);
      this.ui = ui;
      if (ask?.is === 'copy') this.copied = ask.text;
      for (const intent of intents) this.session.intend(intent);
      await this.clock.sleep(500);
    }
  }

  async type(text: string): Promise<void> {
    await this.press(...Array.from(text));
  }

  async wait(ms: Millis): Promise<void> {
    await this.clock.sleep(ms);
  }

  /** @throws where it is not seen in ten minutes: then the story is another. */
  async until(what: string, seen: (view: View) => boolean): Promise<void> {
    const end = this.clock.now() + 600_000;
    while (!seen(this.view)) {
      if (this.clock.now() > end) throw new Error(`not seen: ${what}\n${this.screen().join('\n')}`);
      await this.clock.sleep(1_000);
    }
  }

  /** The rows of the screen, those that are empty at the end of the view left out. */
  screen(): readonly string[] {
    const rows = frame({ view: this.view, ui: this.ui, size: this.size }).map(row =>
      plainText(row).trimEnd(),
    );
    const last = rows.findLastIndex((row, i) => row !== '' && i < rows.length - 1);
    return [...rows.slice(0, last + 1), '', rows.at(-1) ?? ''];
  }
}
