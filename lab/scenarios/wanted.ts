/** Which finding. A subject is its kind and id (`flow us/mm2-source`); `says` is what its sentence must say. */
export interface Wanted {
  readonly rule: string;
  readonly verdict?: string;
  readonly subject?: string;
  readonly says?: RegExp;
}

/** A finding as far as it is compared. */
export interface Told {
  readonly rule: string;
  readonly verdict: string;
  readonly subject: string;
  readonly sentence: string;
}

export function matches({ rule, verdict, subject, says }: Wanted, told: Told): boolean {
  return (
    told.rule === rule &&
    (verdict === undefined || told.verdict === verdict) &&
    (subject === undefined || told.subject === subject) &&
    (says === undefined || says.test(told.sentence))
  );
}
