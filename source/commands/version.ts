/** Set by the build (`scripts/build.ts`); a checkout that runs unbuilt has none. */
declare const KMON_VERSION: string | undefined;

export const version = typeof KMON_VERSION === 'string' ? KMON_VERSION : 'development';
