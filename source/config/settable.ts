import type { Unit } from '../core/quantity.js';

/**
 * The numbers that a context may set under `thresholds:`, by name, with what is in force without it. Whoever loads a
 * configuration hands them in: what they mean is the rules' own, and nothing here knows a rule.
 */
export type Settable = Readonly<Record<string, { readonly value: number; readonly unit: Unit }>>;
