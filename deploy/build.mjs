/**
 * Bundles src/ into dist/: dist/main.js is small, looks at Node's version and imports the rest. Packages are bundled with it, which takes a third off the CPU of a start
 * (a thousand small files are not looked for, read and linked), but for those that have native parts or look for their own optional ones.
 */
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

// A thread's file lies beside whoever begins it.
const entryPoints = { main: at('src/main.ts'), 'parts/checkpoint-thread': at('src/storage/sql/checkpoint-thread.ts') };
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
  external: ['better-sqlite3', 'msgpackr-extract', 'discord.js', '@discordjs/*', 'pg', 'ws', 'undici', 'converse.js'],
  // What is bundled of CommonJS asks for Node's own modules by it, and for where it is.
  banner: {
    js: [
      "import { createRequire as requireFrom } from 'node:module';",
      'const require = requireFrom(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(' '),
  },
  alias: { '#bridge': at('src/bridge/index.ts') },
  loader: { '.lua': 'text', '.html': 'text' },
  chunkNames: 'parts/[name]-[hash]',
  sourcemap: true,
  logLevel: 'warning',
});
await chmod(at('dist/main.js'), 0o755);

// One character beyond Latin-1 makes V8 keep the whole file at two bytes a character, for as long as the process lives; esbuild leaves those of comments and patterns.
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
for (const name of await readdir(at('dist/parts'))) {
  if (!name.endsWith('.js')) continue;
  const text = await readFile(at(`dist/parts/${name}`), 'utf8');
  const narrow = text.replace(/[^\0-\xff]/g, escaped);
  if (narrow !== text) await writeFile(at(`dist/parts/${name}`), narrow);
}
