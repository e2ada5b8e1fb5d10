/** Options as they are typed. */
import { describe, expect, test } from 'vitest';
import { choiceOption, listenOption, portOption, readArguments, UsageFault } from '../../../src/cli/arguments.ts';

const names = { config: 'FILE', role: 'ROLE' };

describe('options', () => {
  test('come with a space or with "=", the last one counts', () => {
    expect(readArguments('run', ['--config', 'a', '--role=edge', '--config=b'], names)).toEqual({
      values: { config: 'b', role: 'edge' },
      words: [],
      help: false,
    });
  });
  test('words are counted', () => {
    expect(readArguments('setup', ['prosody', '--config', 'a'], names, 1).words).toEqual(['prosody']);
    expect(() => readArguments('setup', ['prosody', 'x'], names, 1)).toThrow(UsageFault);
  });
  test.each([[['--config']], [['--config=']], [['--nonsense', 'x']], [['-x']], [['--constructor', 'x']]])(
    '%j is a fault',
    (argv) => {
      expect(() => readArguments('run', argv, names)).toThrow(UsageFault);
    },
  );
  test('behind "--" everything is a word', () => {
    expect(readArguments('run', ['--', '--role'], names, 1).words).toEqual(['--role']);
  });
});

describe('a port', () => {
  test.each([
    ['0', 0],
    ['65535', 65_535],
  ])('%s', (text, port) => {
    expect(portOption('http-port', text)).toBe(port);
  });
  test.each(['65536', '-1', '1.5', 'x', '', '0x10', ' 1'])('"%s" is none', (text) => {
    expect(() => portOption('http-port', text)).toThrow(/--http-port must be a port/);
  });
  test('may be left out', () => {
    expect(portOption('http-port', undefined)).toBeUndefined();
  });
});

describe('where to listen', () => {
  test.each([
    ['127.0.0.1:9090', { host: '127.0.0.1', port: 9090 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['8080', { port: 8080 }],
  ])('%s', (text, place) => {
    expect(listenOption('http', text)).toEqual(place);
  });
  test.each(['::1:80', 'a:b', 'a:', ':80', '127.0.0.1:70000', 'host'])('"%s" is a fault', (text) => {
    expect(() => listenOption('http', text)).toThrow(/--http must be HOST:PORT/);
  });
});

test('a choice is one of its words', () => {
  expect(choiceOption('role', 'edge', ['all', 'edge'])).toBe('edge');
  expect(choiceOption('role', undefined, ['all', 'edge'])).toBeUndefined();
  expect(() => choiceOption('role', 'x', ['all', 'edge'])).toThrow('--role must be all or edge, not "x"');
});
