/** Kafka writes −1 where it does not know a leader's epoch; here that is NaN. */
export function epochOf(value: number): number {
  return value < 0 ? NaN : value;
}

/** The column, unless it knows no epoch at all. */
export function ifKnown(leaderEpoch: Float64Array): { readonly leaderEpoch?: Float64Array } {
  return leaderEpoch.every(Number.isNaN) ? {} : { leaderEpoch };
}
