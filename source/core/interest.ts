/**
 * What the flows need to be asked beyond the sweep: which connector's flushed positions, and the end offsets of
 * which topics on both sides. The model derives it from the connectors, observe asks for it; clusters are absent where no credentials
 * were given for them.
 */
export type FlowInterest = {
  readonly connect: string;
  readonly connector: string;
  readonly source?: { readonly cluster: string; readonly topics: readonly string[] };
  readonly target?: { readonly cluster: string; readonly topics: readonly string[] };
};
