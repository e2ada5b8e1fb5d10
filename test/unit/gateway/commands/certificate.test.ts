/** Client certificates by command: real ones, as the IRC bridge makes them. */
import { X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import irc from '../../../../bridges/irc/index.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { type CommandWorld, createCommandWorld, domain, onServer, read, server, submit } from './world.ts';

const { certificates } = irc.open(irc.config.parse({}), { log: silentLog, clock: systemClock, fetch });
if (certificates === undefined) throw new Error('the IRC bridge has certificates');
const { setting } = certificates;
const owner = 'romeo@example.org';
let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld({ certificates });
});

/** Does it by form. */
async function does(action: string) {
  const begun = read(await world.run(server, "node='certificate'"));
  const choices = childrenOf(child(begun.form, 'field'), 'option').map((one) => textOf(child(one, 'value')));
  const answer = await world.run(server, `node='certificate' sessionid='${begun.id}'`, submit({ action }));
  return { choices, answer, ...read(answer) };
}
const stored = async (): Promise<string> => String((await world.settings.of(owner)).at(onServer)[setting] ?? '');

describe('a client certificate', () => {
  test('is made with a key of its own, and only its fingerprints are told', async () => {
    const { choices, status, answer, fields } = await does('make');
    expect([choices, status]).toEqual([['make'], 'completed']);
    const pem = await stored();
    const sha256 = new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(Object.values(fields).flat()).toContain(sha256);
    expect(new X509Certificate(pem).subject).toContain(owner);
    expect(JSON.stringify(answer)).not.toContain('PRIVATE');
    expect(JSON.stringify(answer)).not.toContain('BEGIN');
  });

  test('is shown, replaced by another, and removed', async () => {
    const first = await does('make');
    const again = await does('show');
    expect(again.choices).toEqual(['show', 'make', 'remove']);
    expect(again.fields).toEqual(first.fields);
    const other = await does('make');
    expect(other.fields).not.toEqual(first.fields);
    expect((await does('remove')).notes[0]).toMatch(/was removed/);
    expect(await stored()).toBe('');
    expect((await does('show')).notes).toEqual([expect.stringMatching(/^error: .*One of: Make one\./)]);
  });

  test('by chat, at the server or naming it', async () => {
    expect(await world.says('certificate', server)).toMatch(/What shall be done\?\n1\. Make one/);
    expect(await world.says('set action 1', server)).toMatch(/It was made;.*\n.*[0-9a-f]{64}/s);
    expect(await world.says('certificate net.test show', domain)).toMatch(/CERT ADD FINGERPRINT\n.*[0-9a-f]{64}/s);
    expect(await world.says('certificate net.test remove', domain)).toContain('was removed');
    expect(await stored()).toBe('');
  });

  test('is in the help of the gateway, where a line may name the server', async () => {
    expect(await world.says('help', domain)).toMatch(/\ncertificate – /);
  });

  test('where a network has none, there is no such command', async () => {
    world = createCommandWorld();
    expect(await world.says('certificate', server)).toBe('');
  });
});
