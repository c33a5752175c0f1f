/** A fact takes three columns that follow each other: value, when it was seen, and the index of its trouble. */
export const column = {
  committed: 0,
  committedAt: 1,
  committedTrouble: 2,
  lag: 3,
  lagAt: 4,
  lagTrouble: 5,
  age: 6,
  consumed: 7,
  /** When the commit was first found where it is; negative where it was there when kmon first looked. */
  unmoved: 8,
} as const;
