/** What the command line says; every field may be absent. Names as on the command line. */
export type Flags = {
  readonly bootstrap?: readonly string[] | undefined;
  readonly properties?: readonly string[] | undefined;
  readonly connect?: readonly string[] | undefined;
  readonly prometheus?: string | undefined;
  readonly scrape?: readonly string[] | undefined;
  readonly brokerMap?: readonly string[] | undefined;
  /** `topic` or `cluster/topic`. */
  readonly sample?: readonly string[] | undefined;
  readonly proxy?: string | undefined;
  readonly context?: string | undefined;
  readonly config?: string | undefined;
  readonly readWrite?: boolean | undefined;
  /** Plans are shown and nothing is applied, whatever else says so. */
  readonly dryRun?: boolean | undefined;
  readonly interval?: number | undefined;
  readonly audit?: string | undefined;
  /** For which background the screen is coloured: auto, dark, light. */
  readonly theme?: string | undefined;
  /** What the screen is drawn with: auto, unicode, ascii. */
  readonly glyphs?: string | undefined;
};

/** `name=value` or `value`; a name holds no `:` or `/`, so that URLs and addresses with `=` stay whole. */
export function named(argument: string): { readonly name?: string; readonly value: string } {
  const match = /^([^=:/]+)=(.+)$/.exec(argument);
  if (match?.[1] === undefined || match[2] === undefined) return { value: argument };
  return { name: match[1], value: match[2] };
}
