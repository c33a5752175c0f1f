/** What was made of recent texts: at least the last `size` of them, at most twice as many. */
export class Recent<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();

  constructor(private readonly size: number) {}

  get(text: string, make: (text: string) => T): T {
    const young = this.young.get(text);
    if (young !== undefined) return young;
    const made = this.old.get(text) ?? make(text);
    if (this.young.size >= this.size) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(text, made);
    return made;
  }
}
