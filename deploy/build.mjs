/** Bundles src/ into dist/: dist/main.js is small, looks at Node's version and imports the rest. Packages stay packages. */
import { chmod, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (path) => join(root, path);
const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

const entryPoints = { main: at('src/main.ts') };
if (await exists(at('test/bench/main.ts'))) entryPoints.bench = at('test/bench/main.ts');

await rm(at('dist'), { recursive: true, force: true });
await build({
  entryPoints,
  outdir: at('dist'),
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  alias: { '#bridge': at('src/bridge/index.ts') },
  loader: { '.lua': 'text', '.html': 'text' },
  chunkNames: 'parts/[name]-[hash]',
  sourcemap: true,
  logLevel: 'warning',
});
await chmod(at('dist/main.js'), 0o755);
