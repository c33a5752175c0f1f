import type { Millis } from '../core/clock.js';
import { keepShape } from '../core/keep-shape.js';
import { OnDemand } from './on-demand.js';
import { SamplesUntil } from './samples-until.js';
import { Samples } from './samples.js';

/** What is kept as it is, by reference: it must never change. Two pressings of the same one share it. */
export class Held<T> {
  constructor(readonly value: T) {}
}

/** Holds one thing after another: the same one is held once. */
export class Holder<T> {
  private held: Held<T> | undefined;

  of(value: T): Held<T> {
    if (this.held?.value !== value) this.held = new Held(value);
    return this.held;
  }
}

/** What a value looks like but for its numbers. Immutable, so that pressings of what hardly changes share nearly all of it. */
type Form = typeof aNumber | typeof aGetter | Leaf | List | Fields;

const aNumber = Symbol('a number');
const aGetter = Symbol('a getter');
const bytesAForm = 64;

/** Text, truth, nothing; and whatever is no plain data, by reference. */
class Leaf {
  readonly bytes = bytesAForm;

  constructor(readonly value: unknown) {}
}

class List {
  /** Of all of it, about; so in `Fields`. */
  readonly bytes: number;

  constructor(readonly items: readonly Form[]) {
    this.bytes = bytesOf(items);
  }
}

class Fields {
  readonly bytes: number;

  constructor(
    /** All of its own, getters too, in their order. */
    readonly keys: readonly string[],
    readonly items: readonly Form[],
  ) {
    this.bytes = bytesOf(items);
  }
}

function bytesOf(items: readonly Form[]): number {
  let bytes = bytesAForm + 8 * items.length;
  for (const item of items) if (typeof item === 'object') bytes += item.bytes;
  return bytes;
}

/**
 * Plain data in little memory: its numbers in one array, and its form, of which everything is shared with `before` that is
 * the same. Two hundred groups at rest take their numbers alone.
 *
 * Getters are left out, those of a class (`OnDemand`) too: they stand for what is too much to be kept. Other objects than these and
 * plain ones are kept by reference; series among them are given back as they were at the time that is asked for.
 */
export class Pressed<T> {
  private constructor(
    private readonly form: Form,
    private readonly numbers: Float64Array,
    /** Bytes of its form beyond what it shares, about. */
    readonly formBytes: number,
  ) {}

  /** Bytes of its form with what it shares, about. */
  get wholeBytes(): number {
    return typeof this.form === 'object' ? this.form.bytes : 0;
  }

  /** `before` is of the same kind: what was a getter there is one here. */
  static of<T>(value: T, before?: Pressed<T>): Pressed<T> {
    const press = new Press(before?.numbers.length ?? 0);
    const form = press.form(value, before?.form);
    return new Pressed(form, press.numbers(), press.bytes);
  }

  get numberBytes(): number {
    return this.numbers.byteLength;
  }

  /** The value, but for its getters; its series end at `until`. */
  restored(until: Millis): T {
    let next = 0;
    const restore = (form: Form): unknown => {
      if (form === aNumber) return this.numbers[next++];
      if (form === aGetter) return undefined;
      if (form instanceof List) return form.items.map(restore);
      if (form instanceof Fields) {
        const out: Record<string, unknown> = {};
        for (const [i, key] of form.keys.entries()) {
          const item = form.items[i] ?? aGetter;
          if (item !== aGetter) out[key] = restore(item);
        }
        return out;
      }
      return form.value instanceof Samples ? new SamplesUntil(form.value, until) : form.value;
    };
    // The form was made of a T.
    return restore(this.form) as T;
  }
}

const none: readonly Form[] = [];

/** Makes one pressing. What is the same as before it passes without making an object, which most is. */
class Press {
  bytes = 0;
  private readonly names = new Map<string, readonly string[]>();
  private room: Float64Array;
  private count = 0;

  constructor(expected: number) {
    this.room = new Float64Array(Math.max(16, expected));
  }

  numbers(): Float64Array {
    return this.count === this.room.length ? this.room : this.room.slice(0, this.count);
  }

  form(value: unknown, before: Form | undefined): Form {
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) return this.list(value, before instanceof List ? before : undefined);
      const told = value instanceof OnDemand ? value.told() : value;
      if (Object.getPrototypeOf(told) === Object.prototype)
        // A plain object has its own fields alone.
        return this.fields(told as PlainObject, before instanceof Fields ? before : undefined);
    }
    return before instanceof Leaf && before.value === value ? before : this.made(new Leaf(value), 0);
  }

  private number(value: number): Form {
    if (this.count === this.room.length) {
      const wider = new Float64Array(this.room.length * 2);
      wider.set(this.room);
      this.room = wider;
    }
    this.room[this.count++] = value;
    return aNumber;
  }

  private list(values: readonly unknown[], before: List | undefined): List {
    const items = new Changed(before?.items);
    for (let i = 0; i < values.length; i++) items.add(this.form(values[i], before?.items[i]));
    return before !== undefined && items.isSame ? before : this.made(new List(items.all()), values.length);
  }

  private fields(value: PlainObject, before: Fields | undefined): Fields {
    const keys = Object.keys(value);
    const like = before !== undefined && same(keys, before.keys) ? before : undefined;
    const items = new Changed(like?.items);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? '';
      const was = like?.items[i];
      const isGetter = like === undefined ? isMadeOnDemand(value, key) : was === aGetter;
      items.add(isGetter ? aGetter : this.form(value[key], was));
    }
    if (like === undefined) return this.made(new Fields(this.shared(keys), items.all()), keys.length);
    return items.isSame ? like : this.made(new Fields(like.keys, items.all()), keys.length);
  }

  /** Two hundred groups have the same keys: they are kept once. */
  private shared(keys: readonly string[]): readonly string[] {
    const name = JSON.stringify(keys);
    const known = this.names.get(name) ?? keys;
    this.names.set(name, known);
    return known;
  }

  private made<F extends Form>(form: F, slots: number): F {
    this.bytes += bytesAForm + 8 * slots;
    return form;
  }
}

type PlainObject = Readonly<Record<string, unknown>>;

/** Items that are those of before until one is another. */
class Changed {
  private made: Form[] | undefined;
  private count = 0;

  constructor(private readonly before: readonly Form[] = none) {}

  add(item: Form): void {
    if (this.made === undefined && this.before[this.count] !== item)
      this.made = this.before.slice(0, this.count);
    this.made?.push(item);
    this.count++;
  }

  get isSame(): boolean {
    return this.made === undefined && this.count === this.before.length;
  }

  all(): readonly Form[] {
    return this.made ?? this.before.slice(0, this.count);
  }
}

function isMadeOnDemand(value: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(value, key)?.get !== undefined;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

keepShape(new Press(0));
keepShape(new Changed());
