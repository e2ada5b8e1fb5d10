/** `storage.redis` in all its forms, and what is said where one is wrong. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Config, type Fault, printFault } from '../../../../src/ops/config/config.ts';
import { parseConfig } from '../../../../src/ops/config/parse.ts';
import { resolveSecrets } from '../../../../src/ops/config/secrets.ts';
import { schemas } from './schemas.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-redis-'));
  await writeFile(join(dir, 'good'), 'from-a-file\n', { mode: 0o600 });
  await writeFile(join(dir, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');
});
afterAll(() => rm(dir, { recursive: true }));

const env = { REDISS: 'rediss://u:hunter2@h', URL: 'postgres://u:hunter2@h/d' };
const entry = 'bridges: [{ use: fake, domain: a.b, secret: x }]';

/** The file's faults, or what it comes to. */
function read(redis: string): Config['storage']['redis'] | readonly string[] {
  const said = (faults: readonly Fault[]) => faults.map(printFault);
  const parsed = parseConfig(`storage:\n  redis: ${redis}\n${entry}`, join(dir, 'i.yaml'), schemas);
  if ('faults' in parsed) return said(parsed.faults);
  const result = resolveSecrets(parsed.config, env);
  return 'faults' in result ? said(result.faults) : result.config.storage.redis;
}

test.each([
  'redis://h',
  'rediss://h:1',
  'redis+sentinel://a:1,b/m',
  'rediss+sentinel://a/m',
  'redis+cluster://u:p@a:1,b',
  'redis://u:p%x@h',
  'redis://u:p@ss@[::1]:6379/1',
  'rediss+cluster://a/',
  '{ url: rediss+cluster://a, ca: ca.pem }',
  '/run/redis.sock',
  './redis.sock',
  'unix:/run/redis.sock',
])('%s', (redis) => {
  expect(read(redis)).toHaveProperty('is');
});

test.each([
  ['{ url: rediss://h, cer: a }', /did you mean `cert`\?/],
  ['{ url: http://hunter2, ca: a }', /`storage\.redis\.url` must be redis:\/\/HOST:PORT, .*, not what stands there/],
  ['{ urk: rediss://hunter2 }', /`storage\.redis` must be private, /],
  ['{ url: rediss://h, ca: nowhere }', /`storage\.redis\.ca`: there is no file/],
  ['{ url: rediss://h, ca: good }', /good holds no certificate/],
  ['{ url: redis://h, ca: ca.pem }', /`storage\.redis\.ca`: is for TLS; write the address as rediss:/],
  ['{ url: rediss://h, cert: ca.pem }', /one of cert and key; give both/],
  ['redis-sentinel://u:hunter2@a/m', /`storage\.redis`: "redis-sentinel:\/\/" .* did you mean redis\+sentinel:\/\/\?$/],
  ['{ url: reddis://hunter2, ca: a }', /`storage\.redis\.url`: "reddis:\/\/" .* did you mean redis:\/\/\?$/],
  ['redis+sentinel://a:1,b', /must be private, .*redis\+sentinel:\/\/HOST:PORT,HOST:PORT\/NAME/],
  ['{ url: redis://h, sentinelPassword: hunter2 }', /`storage\.redis\.sentinelPassword`: is for Sentinels/],
  ['{ url: redis+sentinel://a/m, sentinelPasword: hunter2 }', /did you mean `sentinelPassword`\?/],
  ['redis+clusters://u:hunter2@a', /did you mean redis\+cluster:\/\/\?$/],
  ['redis+cluster://u:hunter2@a/1', /must be private, .*redis\+cluster:\/\/HOST:PORT,HOST:PORT/],
  ['{ url: redis+cluster://h, ca: ca.pem }', /`storage\.redis\.ca`: is for TLS/],
  ['redis://h:99999', /`storage\.redis`: names no host and port; write HOST:PORT/],
  ['redis://u:hunter2#x@h', /`storage\.redis`: (?:is no address; .* write "#" as %23|names no host and port)/],
  ['redis://:1/hunter2@h', /`storage\.redis`: is no address; .* "\/" as %2F/],
  ['{ url: redis+cluster://a:x }', /`storage\.redis\.url`: names no host and port/],
  ['{ url: { env: URL } }', /`storage\.redis\.url`: must be redis:/],
])('%s is wrong', (redis, sentence) => {
  expect(read(redis)).toEqual([expect.stringMatching(sentence)]);
  expect(JSON.stringify(read(redis))).not.toContain('hunter2');
});

test('the Sentinels have a password of their own', () => {
  const found = read('{ url: redis+sentinel://a/m, sentinelPassword: { file: good } }');
  expect('is' in found && found.is === 'url' && found.sentinelPassword?.reveal()).toBe('from-a-file');
});

test('what TLS needs is read from its files, and prints no secret', () => {
  const found = read('{ url: { env: REDISS }, ca: ca.pem, cert: ca.pem, key: good }');
  expect(found).toMatchObject({ is: 'url', tls: { ca: expect.stringContaining('BEGIN CERTIFICATE') } });
  if (!('is' in found) || found.is !== 'url') throw new Error('not an address');
  expect(found.url.reveal()).toBe('rediss://u:hunter2@h');
  expect(found.tls?.key?.reveal()).toBe('from-a-file');
  expect(JSON.stringify(found)).not.toMatch(/hunter2|from-a-file/);
});
