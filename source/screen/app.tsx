import { useInput, usePaste } from 'ink';
import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import type { SessionPort } from '../session/view.js';
import type { TerminalSize } from '../terminal/frame-stream.js';
import type { Context, Effect } from './binding.js';
import { frame } from './frame.js';
import { paste, press } from './keymap.js';
import { keysOf } from './keys.js';
import { copyNotice, type Ask, type Outside } from './outside.js';
import { Rows } from './parts/rows.js';
import { pictureName } from './picture.js';
import type { Theme } from './theme.js';
import type { Ui } from './ui.js';

/** The size of the window as a store, so that a resize and its new frame are one commit. */
export type SizeStore = {
  subscribe(listener: () => void): () => void;
  current(): TerminalSize;
};

export type AppProps = {
  readonly session: SessionPort;
  readonly size: SizeStore;
  readonly theme: Theme;
  readonly outside: Outside;
  /** Where the screen begins. */
  readonly begin: Ui;
  /** Told what the user sees, whenever that is another. */
  readonly onUi: (ui: Ui) => void;
  readonly onLeave: (how: 'quit' | 'interrupt') => void;
};

/** Bytes → graphemes → keymap → a new ui, or an intent for the session; and one frame of rows for what came of it. */
export function App({ session, size, theme, outside, begin, onUi, onLeave }: AppProps) {
  const view = useSyncExternalStore(
    useCallback((listener: () => void) => session.subscribe(listener), [session]),
    useCallback(() => session.view(), [session]),
  );
  const { columns, rows } = useSyncExternalStore(
    useCallback((listener: () => void) => size.subscribe(listener), [size]),
    useCallback(() => size.current(), [size]),
  );
  const [ui, setUi] = useState(begin);
  const newest = useRef(begin);

  const say = (notice: string): void => {
    newest.current = { ...newest.current, notice };
    setUi(newest.current);
  };
  const ask = (what: Ask, context: Context): void => {
    if (what.is === 'copy') say(copyNotice(what.what, what.text, outside.copy(what.text)));
    else {
      const name = pictureName(context.view.site.context, context.view.at);
      void outside.save(name, frame(context), context.size.columns).then(say);
    }
  };

  const apply = (step: (context: Context) => Effect): boolean => {
    const before = newest.current;
    const context: Context = { view: session.view(), ui: before, size: size.current() };
    const effect = step(context);
    newest.current = effect.ui;
    setUi(effect.ui);
    onUi(effect.ui);
    if (effect.ask) ask(effect.ask, { ...context, ui: effect.ui });
    for (const intent of effect.intents ?? []) session.intend(intent);
    if (effect.leave) onLeave(effect.leave);
    return effect.leave !== undefined;
  };

  useInput((input, key) => {
    for (const name of keysOf(input, key)) if (apply(context => press(context, name))) return;
  });
  usePaste(text => {
    apply(context => paste(context, text));
  });

  const lines = frame({ view, ui, size: { columns, rows } }).map(row => theme.paint(row, columns));
  return <Rows lines={lines} columns={columns} />;
}
