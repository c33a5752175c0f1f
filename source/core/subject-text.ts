/** What something is called in a sentence: `group billing`, `broker 2 of us`, `kmon`. */
export function subjectText({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === 'watch' || name.startsWith(`${kind} `) ? name : `${kind} ${name}`;
}
