/** What the demo writes for its parts. */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bridgeSchemas } from '../../../src/cli/configuration.ts';
import { gatewayFile } from '../../../src/demo/gateway-file.ts';
import { inspircdConfig, ngircdConfig, prepareIrcServer } from '../../../src/demo/irc-server.ts';
import type { Layout } from '../../../src/demo/layout.ts';
import { clearLeftovers, remember } from '../../../src/demo/leftovers.ts';
import { preparePoezio } from '../../../src/demo/poezio.ts';
import { findPrograms } from '../../../src/demo/programs.ts';
import { prepareProsody, prosodyConfig } from '../../../src/demo/prosody.ts';
import { instructions } from '../../../src/demo/tell.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { parseConfig } from '../../../src/ops/config/parse.ts';

let dir = '';
let layout: Layout;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus demo "files" '));
  layout = {
    dir,
    ports: { xmpp: 15_222, irc: 16_667, http: 18_080, web: 15_280, component: 15_347 },
    secret: 's"e\\c',
  };
});
afterAll(() => rm(dir, { recursive: true }));

test("the gateway's file is right, and knows the local IRC server", async () => {
  const parsed = parseConfig(gatewayFile(layout), join(dir, 'isthmus.yaml'), await bridgeSchemas(['irc']));
  expect(parsed).toMatchObject({
    config: {
      xmpp: { host: '127.0.0.1', port: 15_347 },
      storage: { data: join(dir, 'gateway'), sql: 'sqlite', redis: 'private' },
      http: { host: '127.0.0.1', port: 18_080 },
      bridges: [
        { use: 'irc', domain: 'irc.localhost', secret: 's"e\\c', allow: ['localhost'], options: { tls: 'required' } },
      ],
    },
  });
});

test('Prosody takes its configuration, with a certificate and without', async () => {
  const [, config = ''] = prepareProsody(layout);
  expect((await stat(config)).mode & 0o077).toBe(0);
  for (const certified of [true, false]) {
    await writeFile(config, prosodyConfig(layout, join(dir, 'prosody'), certified), { mode: 0o600 });
    const checked = spawnSync('luac5.4', ['-p', config], { encoding: 'utf8' });
    if (checked.error === undefined) expect(checked.stderr).toBe('');
    const lua = spawnSync('lua', ['-e', `assert(loadfile(arg[1]))`, config], { encoding: 'utf8' });
    expect(lua.stderr).not.toContain('syntax');
  }
});

test('poezio is told where the server is and that its certificate is to be trusted, and how it is started', async () => {
  prepareProsody(layout);
  preparePoezio(layout);
  const file = join(dir, 'poezio.cfg');
  const settings = new Map(
    [...(await readFile(file, 'utf8')).matchAll(/^(\w+) = (.*)$/gm)].map(([, ...pair]) => pair as [string, string]),
  );
  expect(settings.get('custom_port')).toBe('15222');
  expect(settings.get('rooms')).toBe('#lobby%localhost@irc.localhost');
  const certificate = settings.get('ca_cert_path') ?? '';
  expect(new X509Certificate(await readFile(certificate)).checkHost('localhost')).toBe('localhost');
  const [, line = ''] = /(poezio -f .*)/.exec(instructions(layout)) ?? [];
  const words = spawnSync('sh', ['-c', `poezio() { printf '%s' "$2"; }; ${line}`], { encoding: 'utf8' });
  expect(words.stdout).toBe(file);
});

test('the IRC servers take theirs', () => {
  expect(ngircdConfig(layout)).toMatch(/^Ports = 16667$/m);
  const [, , file = ''] = prepareIrcServer(layout, 'ngircd', true);
  const tested = spawnSync('ngircd', ['--configtest', '--config', file], { encoding: 'utf8', input: '\n' });
  expect(`${tested.stdout}${tested.stderr}`).toContain('#lobby');
  expect(inspircdConfig(layout, dir)).toContain('<permchannels channel="#lobby"');
  // With an `o`, as InspIRCd has it by itself: whoever opens a channel is its operator.
  expect(inspircdConfig(layout, dir)).toMatch(/ defaultmodes="[a-z]*o[a-z]*"/);
  expect(prepareIrcServer(layout, 'inspircd', true)).toContain('--runasroot');
  expect(prepareIrcServer(layout, 'inspircd', false)).not.toContain('--runasroot');
});

test('programs are found where servers lie; what is missing is named', () => {
  expect(findPrograms(process.env.PATH ?? '')).toMatchObject({
    prosody: expect.stringMatching(/prosody$/),
    irc: { is: 'ngircd' },
  });
});

test('processes that are not the remembered ones are never touched', async () => {
  const file = join(dir, 'processes.json');
  remember(file, [process.pid]);
  await expect(clearLeftovers(file, systemClock)).rejects.toThrow(/runs already/);
});

test('a list of processes with another birth is cleared without killing anybody', async () => {
  const file = join(dir, 'old.json');
  await writeFile(
    file,
    JSON.stringify({
      pid: process.pid,
      born: '1',
      children: [
        { pid: process.pid, born: '2' },
        { pid: 1, born: 'x' },
        { pid: -1, born: 'x' },
      ],
    }),
  );
  await clearLeftovers(file, systemClock);
  await expect(stat(file)).rejects.toThrow(/ENOENT/);
  await writeFile(file, 'not json');
  await clearLeftovers(file, systemClock);
});
