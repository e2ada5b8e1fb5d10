/** Errors in the log: all that helps to mend what is wrong, and nothing of what people said. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { logTo } from '../../../src/ops/log.ts';
import { type LoggedError, loggedError } from '../../../src/ops/logged-error.ts';

/** As it stands in the log. */
function logged(error: unknown, name = 'error'): string {
  const lines: string[] = [];
  logTo({ write: (line) => void lines.push(line) }, 'trace').error({ [name]: error }, 'it failed');
  return lines.join('');
}

test.each(['error', 'err'])('under %s: type, message, code and where', (name) => {
  const error = Object.assign(new TypeError('no such thing'), { code: 'ENOTHING' });
  const { [name]: written } = JSON.parse(logged(error, name));
  expect(written).toEqual({
    type: 'TypeError',
    message: 'no such thing',
    code: 'ENOTHING',
    stack: expect.arrayContaining([expect.stringContaining('logged-error.test.ts')]),
  });
});

const romance = 'but soft, what light';

test.each([
  ['what Redis was asked', { command: { name: 'evalsha', args: [romance] } }],
  ['the row of PostgreSQL', { detail: `Key (text)=(${romance}) already exists.`, where: romance, query: romance }],
  ['what a GatewayError knows besides', { details: { text: romance } }],
])('%s is not in it', (_, hung) => {
  const text = logged(Object.assign(new Error('refused'), hung));
  expect(text).toContain('refused');
  expect(text).not.toContain('soft');
});

test('JSON that is none is not quoted, neither in the message nor with the stack', () => {
  const parse = (): unknown => JSON.parse(`${romance} is not JSON`);
  expect(parse).toThrow(/but soft/);
  const text = logged(caught(parse));
  expect(text).toContain('not valid JSON');
  expect(text).not.toContain('but s');
});

test('a message of several lines is not told twice, and causes and several at once are told', () => {
  const inner = new GatewayError('no-connection', { text: 'Nobody is there.', cause: new Error('refused') });
  const outer = new AggregateError([inner, 'a text', 7], 'first line\n    second line');
  const { stack, ...rest } = loggedError(outer) as LoggedError;
  expect(stack?.join()).not.toContain('second line');
  expect(rest).toMatchObject({
    message: 'first line\n    second line',
    errors: [{ code: 'no-connection', message: 'Nobody is there.', cause: { message: 'refused' } }, 'a text', 'number'],
  });
});

test('of a store that is away it is told why, and not who asked it', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  const error = new GatewayError('storage-away', { text: 'Not whole at the moment', cause });
  expect(loggedError(error)).toEqual({
    type: 'GatewayError',
    message: 'Not whole at the moment',
    code: 'storage-away',
    cause: { type: 'Error', message: cause.message, code: 'ECONNREFUSED' },
  });
});

test('a chain without an end has one', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(loggedError(error)).match(/round/g)?.length).toBeLessThan(20);
});

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
