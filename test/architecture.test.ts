/** DESIGN.md §2 and §6 as a program: who may import whom, how long things may be, what they may be called, what they may not do. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './harness/build.ts';
import * as norms from './harness/norms.ts';
import { type Import, type Source, source, sources } from './harness/source.ts';

const ours = sources('src', 'bridges');
const tests = sources('test');

/** Where a file belongs; the composition root may import everything. */
function layerOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/');
  if (top === 'bridges') return third === '' ? 'registry' : `bridges/${second}`;
  if (top !== 'src') return top;
  if (second === 'storage')
    return third.endsWith('ports.ts') ? 'storage/ports' : third.endsWith('.ts') ? 'storage' : `storage/${third}`;
  if (second === 'bridge' && third === 'kit') return 'bridge/kit';
  return ['cli', 'demo', 'process', 'main.ts', 'gateway-process.ts'].includes(second) ? 'main' : second;
}

/** Layer → layers whose values it may import; `type:` allows types only. Each imports itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  xml: [],
  types: [],
  bridge: ['core'],
  'bridge/kit': ['bridge', 'core'],
  // `xml` is the writer's language, which xmpp's vocabulary is made of.
  xmpp: ['xml', 'type:bridge'],
  gateway: ['core', 'type:bridge', 'xmpp', 'xml', 'type:storage/ports'],
  // The outgoing stanza is data that the face makes and the wire carries.
  // How stanzas lie one behind the other on their way is xml's to say.
  delivery: ['core', 'type:bridge', 'type:xmpp', 'xml', 'storage/ports'],
  plumbing: ['core', 'type:bridge', 'gateway', 'storage/ports', 'xmpp', 'xml'],
  accounts: ['core', 'type:bridge', 'gateway', 'plumbing', 'delivery', 'storage/ports', 'type:xmpp', 'type:xml'],
  'storage/ports': ['core'],
  storage: ['core', 'storage/ports', 'storage/redis', 'storage/sql', 'type:bridge'],
  'storage/redis': ['core', 'storage/ports', 'storage', 'type:bridge'],
  'storage/sql': ['core', 'storage/ports', 'storage', 'type:bridge'],
  ops: ['core', 'type:bridge'],
  registry: ['type:bridge', 'bridges/*'],
};

/** npm package → who alone may import it. */
const owners: readonly (readonly [RegExp, RegExp])[] = [
  [/^ioredis$/, /^src\/(storage\/redis\/|delivery\/jobs)/],
  [/^bullmq$/, /^src\/delivery\/jobs/],
  [/^(kysely|better-sqlite3|pg)$/, /^src\/storage\/sql\//],
  [/^@xmpp\//, /^src\/xmpp\/stream\//],
  [/^irc-framework/, /^bridges\/irc\//],
  [/^discord\.js$/, /^bridges\/discord\//],
  [/^uqr$/, /^src\/gateway\/commands\/qr-picture/],
  [/^pino$/, /^src\/ops\/log/],
  [/^prom-client$/, /^src\/ops\/metric/],
  [/^yaml$/, /^src\/(ops\/config\/|cli\/|demo\/)/],
  [/^zod$/, /^(src\/ops\/config\/|src\/cli\/|src\/bridge\/kit\/|bridges\/[^/]+\/)/],
  [/^(vitest|fast-check)$/, /^src\/bridge\/kit\//],
];

const knownPackages = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);

/** What is wrong with one import; undefined: nothing. */
function fault(file: Source, { to, typeOnly, line }: Import): string | undefined {
  const from = layerOf(file.path);
  const complain = (what: string): string => `${file.path}:${line}: ${what}`;
  if (to.startsWith('node:')) return undefined;
  if (to === '#bridge')
    return from.startsWith('bridges/') || from === 'registry' ? undefined : complain('#bridge is for bridges');
  if (!/^(src|bridges|test|config|package\.json|\.\.)/.test(to)) return packageFault(file, to, complain);
  if (from === 'main') return to.startsWith('test/') ? complain('imports a test') : undefined;
  const target = layerOf(to);
  if (target === from) return undefined;
  const allowed = mayImport[from] ?? [];
  const fits = (name: string): boolean =>
    name === target || (name.endsWith('/*') && target.startsWith(name.slice(0, -1)));
  if (allowed.some((one) => fits(one.replace(/^type:/, '')) && (typeOnly || !one.startsWith('type:'))))
    return undefined;
  return complain(`${from} may not import ${typeOnly ? 'even types of ' : ''}${target} (${to})`);
}

function packageFault(file: Source, to: string, complain: (what: string) => string): string | undefined {
  const owner = owners.find(([name]) => name.test(to));
  if (owner !== undefined) return owner[1].test(file.path) ? undefined : complain(`${to} is not for this file`);
  const name = to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');
  return knownPackages.includes(name) ? undefined : complain(`${to} is no dependency`);
}

/** Files that may ask the machine for the time, each with the reason. */
const timeKeepers: Readonly<Record<string, string>> = {
  'src/ops/clock.ts': 'the Clock itself',
  'src/ops/http.ts': 'closing the listener at the end, when nothing else runs',
  'src/ops/stalls.ts': 'it measures this process itself, whatever its Clock or the time of day do',
  'src/main.ts': 'the last thing that the process does, when all that had a clock is closed',
};

/** Parents other than Error, each with the reason. */
const otherParents: Readonly<Record<string, readonly string[]>> = {
  // @xmpp/connection and irc-framework take for a socket what is their kind of emitter.
  'src/xmpp/stream/intake.ts': ['EventEmitter'],
  'src/xmpp/stream/socket.ts': ['EventEmitter'],
  'bridges/irc/wire/transport.ts': ['EventEmitter', 'WireTransport'],
  // An Error by another name.
  'src/cli/arguments.ts': ['Remedy'],
};

describe('DESIGN.md §2: who may import whom', () => {
  test('there is something to look at', () => expect(ours.length).toBeGreaterThan(60));

  test('every import is allowed', () => {
    expect(
      ours.flatMap((file) => file.imports.map((one) => fault(file, one)).filter((one) => one !== undefined)),
    ).toEqual([]);
  });

  test('every import of ours exists and names its ending', () => {
    const missing = ours.flatMap((file) =>
      file.imports
        .filter(({ to }) => /^(src|bridges)\//.test(to) && !existsSync(join(root, to)))
        .map(({ to }) => `${file.path}: ${to}`),
    );
    expect(missing).toEqual([]);
  });

  test('no cycles', () => expect(norms.cycles(ours)).toEqual([]));

  test('argv and env are read by the command line alone', () => {
    const readers = ours.filter(({ path }) => !/^src\/(main\.ts|cli\/)/.test(path));
    expect(readers.flatMap(norms.readsCommandLine)).toEqual([]);
  });
});

describe('DESIGN.md §6: norms', () => {
  test('every file opens with a comment', () => expect([...ours, ...tests].flatMap(norms.openingComment)).toEqual([]));
  test('names are kebab-case and say something', () => expect([...ours, ...tests].flatMap(norms.fileName)).toEqual([]));
  test('no file over 400 lines', () => expect([...ours, ...tests].flatMap(norms.fileLength)).toEqual([]));
  test('no function over 60 lines', () => expect(ours.flatMap(norms.functionLength)).toEqual([]));
  test('tests that play side by side ask for no test of their own', () =>
    expect(tests.flatMap(norms.sideBySide)).toEqual([]));
  test('no any, no !, no enum, no namespace, no parameter property, no double cast', () =>
    expect(ours.flatMap(norms.plainTypes)).toEqual([]));
  test('no module-level state, no inheritance but Error', () =>
    expect(ours.flatMap((file) => norms.noSharedState(file, otherParents[file.path]))).toEqual([]));
  test('exported functions and classes say what they promise', () =>
    expect(ours.flatMap(norms.documentedExports)).toEqual([]));

  test('time comes from the Clock', () => {
    const others = ours.filter(({ path }) => timeKeepers[path] === undefined);
    expect(others.flatMap(norms.ownTime)).toEqual([]);
  });

  test('the exceptions for time are still needed', () => {
    const idle = Object.keys(timeKeepers).filter((path) => {
      const file = ours.find((one) => one.path === path);
      return file === undefined || norms.ownTime(file).length === 0;
    });
    expect(idle).toEqual([]);
  });

  test('what is fetched is fetched by what was handed over, but for the demo, which asks its own gateway', () => {
    const others = ours.filter(({ path }) => path !== 'src/demo/demo.ts');
    expect(others.flatMap(norms.ownFetch)).toEqual([]);
  });

  test('median of file lengths at most 120, p90 at most 250', () => {
    const lengths = ours.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(120);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(250);
  });

  test('at least 1.2 lines of tests a line of source', () => {
    const sum = (files: readonly Source[]): number => files.reduce((total, { lines }) => total + lines, 0);
    expect(sum(tests) / sum(ours)).toBeGreaterThanOrEqual(1.2);
  });

  test('nothing in the repository names a machine', () => {
    const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
    const text = list
      .split('\0')
      .filter((path) => /\.(ts|mjs|js|json|ya?ml|md|sh|lua|html|css|conf|service)$/.test(path));
    const present = text.filter((path) => path !== 'package-lock.json' && existsSync(join(root, path)));
    expect(present.flatMap((path) => norms.placelessText(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const file = (text: string, path = 'src/core/probe.ts'): Source => source(path, text);
  const importFaults = (path: string, text: string): number =>
    file(text, path).imports.filter((one) => fault(file(text, path), one) !== undefined).length;

  test.each([
    ['src/core/a.ts', `import { x } from '../xml/x.ts';`, 1],
    ['src/core/a.ts', `export { x } from './x.ts';`, 0],
    ['src/gateway/rooms/a.ts', `import { x } from '../../bridge/contract.ts';`, 1],
    ['src/gateway/rooms/a.ts', `import type { X } from '../../bridge/contract.ts';`, 0],
    ['src/gateway/rooms/a.ts', `import { type X } from '../../bridge/contract.ts';`, 0],
    ['src/gateway/a.ts', `let x: import('../accounts/a.ts').X;`, 1],
    ['src/delivery/outbox.ts', `import { Redis } from 'ioredis';`, 1],
    ['src/delivery/jobs.ts', `import { Queue } from 'bullmq';`, 0],
    ['src/xmpp/jid.ts', `import { jid } from '@xmpp/jid';`, 1],
    ['bridges/irc/a.ts', `import { x } from '../fake/x.ts';`, 1],
    ['bridges/irc/a.ts', `import { x } from '../../src/core/errors.ts';`, 1],
    ['bridges/irc/a.ts', `import { GatewayError } from '#bridge';`, 0],
    ['bridges/irc/a.ts', `const x = await import('discord.js');`, 1],
    ['src/main.ts', `import { x } from './accounts/x.ts';`, 0],
    ['src/ops/http.ts', `import { x } from 'left-pad';`, 1],
  ])('imports: %s %s → %i', (path, text, faults) => expect(importFaults(path, text)).toBe(faults));

  test('cycles are found, those of types alone are none', () => {
    const a = file(`import { b } from './b.ts';`, 'src/core/a.ts');
    const b = file(`import { a } from './a.ts';`, 'src/core/b.ts');
    const typed = file(`import type { A } from './a.ts';`, 'src/core/b.ts');
    expect(norms.cycles([a, b])).toEqual(['src/core/a.ts → src/core/b.ts → src/core/a.ts']);
    expect(norms.cycles([a, typed])).toEqual([]);
  });

  test.each<[string, (file: Source) => readonly string[], number]>([
    ['let a: any; a!; (a as unknown as number);', norms.plainTypes, 3],
    ['enum A { B } namespace C { let d = 1 } class E { constructor(private f: number) {} }', norms.plainTypes, 3],
    ['const any = 1; if (any !== 2) f(`any!`);', norms.plainTypes, 0],
    ['let a = 1; export let b = 2; const c = 3; function f() { let d = 4; }', norms.noSharedState, 2],
    ['class A extends Error {} class B extends Map {}', norms.noSharedState, 1],
    ['Date.now(); setTimeout(f, 1); new Date(); new Date(5); clock.now(); a.setTimeout(1);', norms.ownTime, 3],
    ['fetch(a); f(fetch); open({ b, fetch }); globalThis.fetch(a); tools.fetch(a);', norms.ownFetch, 4],
    ['const get = ({ fetch }) => fetch(a);', norms.ownFetch, 0],
    [`process.env.A; process['env']; const { argv } = process; process.argv[2];`, norms.readsCommandLine, 2],
    ['/** Why. */\nexport const a = 1;', norms.openingComment, 0],
    ['export const a = 1;', norms.openingComment, 1],
    ['/** a */\nexport function a() {}\nexport function b() {}', norms.documentedExports, 1],
    ['/** a */\nexport function a(): 1;\nexport function a(b = 1) {}', norms.documentedExports, 0],
    ['export function a(): 1;\nexport function a(b = 1) {}', norms.documentedExports, 1],
    [`function f() {${'\n'.repeat(60)}}`, norms.functionLength, 1],
    [`function f() {${'\n'.repeat(59)}}`, norms.functionLength, 0],
    [`function f() {${'\n'.repeat(30)}function g() {${'\n'.repeat(50)}}${'\n'.repeat(20)}}`, norms.functionLength, 0],
    ['x;\n'.repeat(401), norms.fileLength, 1],
    [`await expect\n  .poll(a).toBe(1); expect.soft(b); test.${'concurrent'}(c);`, norms.sideBySide, 2],
    ['await expect.poll(a).toBe(1);', norms.sideBySide, 0],
  ])('norms: %j', (text, rule, faults) => expect(rule(file(text))).toHaveLength(faults));

  test.each([
    ['src/core/errorTable.ts', 1],
    ['src/core/utils.ts', 1],
    ['src/common/a.ts', 1],
    ['src/core/error-table.ts', 0],
  ])('names: %s → %i', (path, faults) => expect(norms.fileName(file('', path))).toHaveLength(faults));

  test('machine words are found', () => expect(norms.placelessText('a', `see ${'/wo'}rk/x`)).toHaveLength(1));
});
