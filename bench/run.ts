/** `npm run bench -- NAME [options]`: what performance claims are measured with; each prints JSON. */
const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  sweep: () => import('./sweep/sweep.js'),
  model: () => import('./model.js'),
  screen: () => import('./screen/screen.js'),
};

const bench = benches[process.argv[2] ?? ''];
if (bench === undefined) {
  process.stderr.write(`npm run bench -- NAME, NAME being one of: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  await bench();
}
