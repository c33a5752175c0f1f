/** `npm start [-- flags]`: the bundle that was just built; without a word, on a simulated site. */
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/kmon.mjs', import.meta.url);
const [, , ...words] = process.argv;
process.argv = [process.execPath, fileURLToPath(bundle), ...(words.length > 0 ? words : ['demo'])];
await import(bundle.href);
