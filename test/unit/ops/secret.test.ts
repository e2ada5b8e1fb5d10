/** A secret is never printed, however somebody tries. */
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logTo } from '../../../src/ops/log.ts';
import { Secret } from '../../../src/ops/secret.ts';

/** Long enough not to occur in any output by chance. */
const secrets = fc.string({ minLength: 12, maxLength: 40 }).map((text) => `\u2603${text}`);

const ways: Readonly<Record<string, (secret: Secret) => string>> = {
  JSON: (secret) => JSON.stringify({ deep: [{ secret }] }),
  'a template string': (secret) => `${secret}`,
  concatenation: (secret) => `a${String(secret)}b`,
  inspect: (secret) => inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
  'console formatting': (secret) => format('%s %o %O %j', secret, secret, secret, secret),
  'an error': (secret) => String(new Error(`refused ${secret}`, { cause: secret }).stack),
  'its own keys': (secret) => JSON.stringify([Reflect.ownKeys(secret), Object.entries(secret), { ...secret }]),
  'the log': (secret) => {
    let lines = '';
    const log = logTo({ write: (line) => (lines += line) }, 'trace');
    log.child({ secret }).info({ secret, deep: { er: { secret } }, err: new Error(`no ${secret}`) }, `text ${secret}`);
    return lines;
  },
};

describe('a secret is not printed by', () => {
  test.each(Object.entries(ways))('%s', (_, print) => {
    fc.assert(
      fc.property(secrets, (text) => {
        const printed = print(new Secret(text));
        expect(printed).not.toContain('\u2603');
        expect(printed).not.toContain(JSON.stringify(text).slice(1, -1));
      }),
    );
  });
});

test('reveal gives it back', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(new Secret(text).reveal()).toBe(text);
    }),
  );
});
