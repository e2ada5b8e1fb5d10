/** The token of the operator's page, as the configuration has it. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../../src/ops/config/parse.ts';
import { faultsOfSecrets, resolveSecrets } from '../../../../src/ops/config/secrets.ts';
import { schemas } from './schemas.ts';

const token = 'twenty characters at least';
const env = { TOKEN: token, SHORT: 'hunter2' };

function resolved(source: string) {
  const bridges = 'bridges: [{ use: fake, domain: a.b, secret: x }]';
  const parsed = parseConfig(`http: { operatorToken: ${source} }\n${bridges}\n`, 'i.yaml', schemas);
  return 'faults' in parsed ? parsed : resolveSecrets(parsed.config, env);
}

test.each([token, '{ env: TOKEN }'])('%s: it is there, and does not print', (source) => {
  const result = resolved(source);
  if ('faults' in result) throw new Error('faults');
  const { operatorToken } = result.config.http;
  expect(operatorToken?.reveal()).toBe(token);
  expect(inspect(result.config) + JSON.stringify(result.config)).not.toContain(token);
});

test.each(['too-short', '{ env: SHORT }'])('%s: one that can be guessed is refused, and not shown', (source) => {
  const result = resolved(source);
  const [fault] = 'faults' in result ? result.faults : [];
  expect(fault?.message).toMatch(/^`http.operatorToken`: it is too short to be safe; .*openssl rand/);
  expect(fault?.message).not.toMatch(/too-short|hunter2/);
});

test.each(['too-short', '{ env: SHORT }'])('%s: one that can be guessed is told of beside other faults', (source) => {
  const parsed = parseConfig(`http: { operatorToken: ${source}, prot: 80 }\n`, 'i.yaml', schemas);
  if (!('faults' in parsed) || parsed.source === undefined) throw new Error('no source');
  expect(faultsOfSecrets('i.yaml', parsed.source, env).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^`http.operatorToken`: it is too short to be safe/),
  ]);
});

test('without one there is none', () => {
  const parsed = parseConfig('bridges: [{ use: fake, domain: a.b, secret: x }]\n', 'i.yaml', schemas);
  const result = 'faults' in parsed ? parsed : resolveSecrets(parsed.config, env);
  expect('config' in result && 'operatorToken' in result.config.http).toBe(false);
});
