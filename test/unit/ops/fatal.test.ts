/** What operators read when the program ends. */
import { expect, test } from 'vitest';
import { describeFailure, Remedy } from '../../../src/ops/fatal.ts';
import * as remedies from '../../../src/ops/remedies.ts';

const place = { domain: 'irc.example.org', host: '127.0.0.1', port: 5347 };

test('a remedy is two sentences without a stack trace', () => {
  expect(describeFailure(new Remedy('It is broken', 'Mend it', new Error('inner')))).toBe('It is broken.\nMend it.');
});

test('a question keeps its mark', () => {
  expect(describeFailure(new Remedy('What now?', 'Did you mean --config?'))).toBe('What now?\nDid you mean --config?');
});

test('a bug keeps its stack', () => {
  expect(describeFailure(new TypeError('x is not a function'))).toMatch(/bug.*x is not a function\n\s+at /s);
});

test('several failures are all told', () => {
  expect(describeFailure(new AggregateError([new Remedy('One', 'A'), new Remedy('Two', 'B')]))).toBe(
    'One.\nA.\nTwo.\nB.',
  );
});

test.each([
  [
    '114-10',
    remedies.hostUnknown(place, 'i.yaml'),
    /irc\.example\.org.*host-unknown.*isthmus setup prosody --config i\.yaml/s,
  ],
  [
    '114-11',
    remedies.notAuthorized(place, 'i.yaml'),
    /127\.0\.0\.1:5347.*secret of irc\.example\.org.*not-authorized.*i\.yaml/s,
  ],
  ['a taken port', remedies.portInUse('127.0.0.1', 9090, 'HTTP', '`http.port`'), /9090.*HTTP.*taken.*`http\.port`/s],
  [
    'a strange address',
    remedies.cannotListen('10.9.9.9', 80, 'HTTP', '--http', 'EADDRNOTAVAIL'),
    /10\.9\.9\.9:80.*EADDRNOTAVAIL.*--http/s,
  ],
  ['an open key', remedies.sealingKeyOpen('/d/sealing.key'), /read by others.*chmod 600 \/d\/sealing\.key/s],
  ['a private Redis with roles', remedies.privateRedisWithRole('edge'), /--role edge.*redis:\/\/HOST:PORT/s],
])('the remedy for %s names what is wrong and what to do', (_, remedy, sentences) => {
  const text = describeFailure(remedy);
  expect(text).toMatch(sentences);
  expect(text).not.toMatch(/\bat .*\.ts/);
});
