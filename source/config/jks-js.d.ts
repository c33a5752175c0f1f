/** jks-js has no types; as much of it as kmon uses. */
declare module 'jks-js' {
  const jks: {
    /** JKS or PKCS#12, told apart by content. Throws when the password is wrong. */
    toPem(
      store: Buffer,
      password: string,
      keyPassword?: string,
    ): Record<string, { ca?: string; cert?: string; key?: string }>;
  };
  export default jks;
}
