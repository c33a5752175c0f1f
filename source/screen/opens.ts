import type { Binding, Context } from './binding.js';
import type { Opening } from './places.js';

/** What a key does that opens something: `opens` says what, or why nothing can be opened. */
export function opening(
  opens: (context: Context) => Opening | string,
): Pick<Binding, 'press'> & Required<Pick<Binding, 'disabled'>> {
  return {
    disabled: context => {
      const opened = opens(context);
      return typeof opened === 'string' ? opened : undefined;
    },
    press: context => {
      const opened = opens(context);
      return { ui: typeof opened === 'string' ? context.ui : opened(context.ui) };
    },
  };
}
