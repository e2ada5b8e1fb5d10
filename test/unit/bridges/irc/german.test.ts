/** Every text of the bridge's settings, commands and login is there in German, and is German. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { languages, textsIn } from '../../../../bridges/irc/command-texts.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { createNetwork } from '../../../../bridges/irc/network.ts';
import { germanReasons } from '../../../../bridges/irc/reasons-german.ts';
import { mechanisms } from '../../../../bridges/irc/sasl.ts';
import { germanSentences } from '../../../../bridges/irc/sentences-german.ts';
import { settingsForms } from '../../../../bridges/irc/settings.ts';
import { queueText } from '../../../../bridges/irc/supervise.ts';
import type { LoginPlace } from '../../../../src/bridge/index.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { silentLog } from '../../../harness/silent-log.ts';

const mechanismNames: ReadonlySet<string> = new Set(mechanisms);
const network = () => createNetwork(ircConfig.parse({}), { log: silentLog, clock: createManualClock() });

test.each(Object.entries(settingsForms(ircConfig.parse({}))))('GEN-10 settings: %s', (_, fields) => {
  for (const { name, label, help, choices = [], words } of fields) {
    const german = words?.de;
    expect(german?.label, name).toEqual(expect.stringMatching(/\S/));
    expect([name, german?.label]).not.toEqual([name, label]);
    expect([name, typeof german?.help]).toEqual([name, typeof help]);
    expect([name, german?.help ?? '']).not.toEqual([name, help]);
    for (const { value, label: english } of choices) {
      if (mechanismNames.has(english)) continue;
      expect([name, value, german?.choices?.[value]]).toEqual([name, value, expect.stringMatching(/\S/)]);
      expect(german?.choices?.[value]).not.toBe(english);
    }
  }
});

test('GEN-10 what commands and the login say', () => {
  const { en, de } = languages;
  const spoken = (text: unknown): string => (typeof text === 'function' ? String(text('irc.test')) : String(text));
  for (const [name, text] of Object.entries(en))
    expect([name, spoken(de[name as keyof typeof de])]).not.toEqual([name, spoken(text)]);
  expect([textsIn('de'), textsIn('fr')]).toEqual([de, en]);
});

test('GEN-10 each command has a name and a help in German', () => {
  for (const { node, title, help, words } of network().commands ?? []) {
    expect([node, words?.de]).toEqual([node, { title: expect.any(String), help: expect.any(String) }]);
    expect([words?.de?.title, words?.de?.help]).not.toEqual([title, help]);
  }
});

test('GEN-10 whoever logs in is asked in their language', async () => {
  const place: LoginPlace<undefined> = {
    owner: 'juliet@capulet.test',
    language: 'de',
    settings: async () => ({}),
    signal: new AbortController().signal,
    verify: async () => undefined,
  };
  const login = network().login?.(place);
  const step = (await login?.next({}))?.value;
  expect(step).toMatchObject({ fields: [{ label: 'Servername' }, { label: 'Konto' }, { label: 'Passwort' }] });
  const again = (await login?.next({ server: 'irc.example.org', username: 'juliet' }))?.value;
  expect(again).toMatchObject({ fault: languages.de.loginNoPassword });
});

test.each([
  ['sasl.ts', /giveUp\('([^']+)'\)|: '(the login failed)'/g, 'The login on {} was broken off'],
  ['wire/scram.ts', /new Error\(['`]([^'`]+)['`]\)/g, 'The login on {} was broken off'],
  ['wire/compose.ts', /refused\('([^']+)'\)/g, 'This cannot be sent to IRC'],
])('GEN-10 every reason in %s is there in German within its sentence', async (path, pattern, before) => {
  const source = await readFile(join(import.meta.dirname, '../../../../bridges/irc', path), 'utf8');
  const reasons = [...source.matchAll(pattern)].map(([, one, other = '']) => one ?? other);
  expect(reasons.length).toBeGreaterThan(2);
  const known = (reason: string) => Object.hasOwn(germanReasons, `${before}: ${reason.replace(/\$\{[^}]*\}/, '{}')}.`);
  expect(reasons.filter((reason) => !known(reason))).toEqual([]);
});

test('GEN-10 a reason of ours is in German, one of others as it is', () => {
  const translate = createTranslate({ de: germanSentences });
  const because = (why: string) => translate(`The login on irc.test was broken off: ${why}.`, 'de');
  expect(because('the server proved nothing')).toBe(
    'Die Anmeldung bei irc.test wurde abgebrochen: der Server hat nichts bewiesen.',
  );
  const notBack = 'You are not back in #one yet; it is tried again.';
  expect(translate(`${notBack} The IRC server did not answer: joining #one.`, 'de')).toBe(
    'Du bist noch nicht wieder in #one; es wird weiter versucht. Der IRC-Server hat auf das Betreten von #one nicht geantwortet.',
  );
  expect(translate(`${notBack} #one: Cannot join channel (+l)`, 'de')).toBe(
    'Du bist noch nicht wieder in #one; es wird weiter versucht. #one: Cannot join channel (+l)',
  );
  expect(because('no idea')).toBe('Die Anmeldung bei irc.test wurde abgebrochen: no idea.');
});

test('GEN-10 what a connection says of itself, and of the queue before it, is there in German', async () => {
  const translate = createTranslate({ de: germanSentences });
  const folder = join(import.meta.dirname, '../../../../bridges/irc');
  const files = await Promise.all(
    ['commands.ts', 'channel-modes.ts', 'dial.ts', 'session.ts', 'supervise.ts'].map((name) =>
      readFile(join(folder, name), 'utf8'),
    ),
  );
  const own = [...files.join('\n').matchAll(/\b(?:say\(|from\('', )`((?:[^`\\]|\\.)+)`\)/g)].map(([, text = '']) =>
    text.replace(/\$\{[^}]*\}/g, 'x'),
  );
  expect(own.length).toBeGreaterThan(3);
  const queued = [undefined, 1_000, 60_000, 600_000].map((waitMs) => queueText('irc.test', 2, waitMs));
  expect([...own, ...queued].filter((text) => translate(text, 'de') === undefined)).toEqual([]);
});
