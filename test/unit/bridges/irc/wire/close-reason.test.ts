/** Reasons that a connection ends: each system error has its sentence and its place in the table of errors. */
import { describe, expect, test } from 'vitest';
import { germanSentences } from '../../../../../bridges/irc/sentences-german.ts';
import { closedAfter, closedBy, type How } from '../../../../../bridges/irc/wire/close-reason.ts';
import { createTranslate } from '../../../../../src/core/sentences.ts';

const place = { host: 'irc.example.org', port: 6697 };
const systemError = (code: string) => Object.assign(new Error(`${code} 10.0.0.1:6697`), { code });

describe('closedAfter', () => {
  test.each([
    ['ECONNREFUSED', 'refused', 'network-away'],
    ['ENOTFOUND', 'unknown-host', 'no-such-server'],
    ['EAI_AGAIN', 'unreachable', 'network-away'],
    ['EHOSTUNREACH', 'unreachable', 'network-away'],
    ['ETIMEDOUT', 'timeout', 'network-away'],
    ['ECONNRESET', 'reset', 'network-away'],
    ['EPIPE', 'reset', 'network-away'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', 'network-refused'],
    ['CERT_HAS_EXPIRED', 'certificate', 'network-refused'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', 'network-refused'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', 'network-refused'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'network-refused'],
    ['EPROTO', 'tls', 'network-refused'],
    ['ESOMETHING', 'reset', 'network-away'],
    ['constructor', 'reset', 'network-away'],
  ] as const)('%s is %s, %s', (code, how, errorCode) => {
    const cause = systemError(code);
    const closed = closedAfter(cause, place);
    expect([closed.how, closed.error.code]).toEqual([how, errorCode]);
    expect(closed.error.details.cause).toBe(cause);
  });
  test('no error is an end by the server', () => expect(closedAfter(undefined, place).how).toBe('closed'));
  test('of many addresses the first tells', () => {
    const error = new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')]);
    expect(closedAfter(error, place).how).toBe('refused');
    expect(closedAfter(new AggregateError([]), place).how).toBe('reset');
  });
  test('what is no Error at all', () => expect(closedAfter('odd', place).how).toBe('reset'));
});

describe('the sentence', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'has expired'],
    ['CERT_NOT_YET_VALID', 'is not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is not trusted'],
  ])('of a certificate says what is wrong with it: %s', (code, what) => {
    const { message } = closedAfter(systemError(code), place).error;
    expect(message).toBe(`The certificate of irc.example.org:6697 ${what}, so nothing was sent to it.`);
    const translate = createTranslate({ de: germanSentences });
    expect(translate(message, 'de')).toMatch(/irc\.example\.org:6697/);
  });

  const every: readonly How[] = [
    'closed',
    'refused',
    'unknown-host',
    'unreachable',
    'timeout',
    'reset',
    'certificate',
    'tls',
    'proxy-away',
    'proxy-login',
    'proxy',
    'overflow',
  ];
  test.each(every)('%s names the place and nothing of the system', (how) => {
    const { error } = closedBy(how, place, systemError('ECODE'));
    expect(error.message).toMatch(/irc\.example\.org:6697.*\.$/);
    expect(error.message).not.toContain('10.0.0.1');
  });
});
