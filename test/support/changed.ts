/** A view with some of its facts changed: also one whose other facts its class makes when they are read, which `...view` would lose. */
export function changed<T extends object, C extends Partial<T>>(view: T, change: C): T & C {
  const made: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(view) as object);
  const getters = Object.entries(made).flatMap(([key, is]) =>
    is.get !== undefined
      ? [[key, { get: (): unknown => Reflect.get(view, key), enumerable: true }] as const]
      : [],
  );
  const own = Object.getOwnPropertyDescriptors(view);
  // Of all that `view` has, and then what is changed.
  return Object.defineProperties(
    {},
    {
      ...Object.fromEntries(getters),
      ...own,
      ...Object.getOwnPropertyDescriptors(change),
    },
  ) as T & C;
}
