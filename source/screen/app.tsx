import { useInput, usePaste } from 'ink';
import { useSyncExternalStore } from 'react';
import type { SessionPort } from '../session/view.js';
import type { Context, Effect } from './binding.js';
import { frame } from './frame.js';
import { paste, press } from './keymap.js';
import { keysOf } from './keys.js';
import { copyNotice, type Ask, type Outside } from './outside.js';
import { Rows } from './parts/rows.js';
import { pictureName } from './picture.js';
import type { Stage } from './stage.js';
import type { Theme } from './theme.js';

export type AppProps = {
  readonly session: Pick<SessionPort, 'intend'>;
  readonly stage: Stage;
  readonly theme: Theme;
  readonly outside: Outside;
  readonly onLeave: (how: 'quit' | 'interrupt') => void;
};

/** Bytes → graphemes → keymap → a new ui, or an intent for the session; and one frame of rows for what came of it. */
export function App({ session, stage, theme, outside, onLeave }: AppProps) {
  const shown = useSyncExternalStore(stage.subscribe, stage.current);

  const say = (notice: string): void => {
    stage.setUi({ ...stage.present().ui, notice });
  };
  const ask = (what: Ask, context: Context): void => {
    if (what.is === 'copy') say(copyNotice(what.what, what.text, outside.copy(what.text)));
    else {
      const name = pictureName(context.view.site.context, context.view.at);
      void outside.save(name, frame(context), context.size.columns).then(say);
    }
  };

  const apply = (step: (context: Context) => Effect): boolean => {
    const context = stage.present();
    const effect = step(context);
    stage.setUi(effect.ui);
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

  const { columns } = shown.size;
  const lines = frame(shown).map(row => theme.paint(row, columns));
  return <Rows lines={lines} columns={columns} />;
}
