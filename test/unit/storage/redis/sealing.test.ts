/** Which calls of a flight go as one command: those of one script that share the same, in their order, and not too many. */
import { expect, test } from 'vitest';
import { evaluate, evaluateTogether, type Load, script, scriptTogether } from '../../../../src/storage/redis/batch.ts';
import { seal } from '../../../../src/storage/redis/sealing.ts';

const together = scriptTogether('return ARGV[a + 1]');
const shared = { keys: ['shared'], args: ['9'] };
const told: (readonly [string, unknown])[] = [];

const load = (name: string, call: ReturnType<Load['seal']>): Load => ({
  key: name,
  seal: () => call,
  done: (reply) => void told.push([name, reply]),
  failed: (error) => void told.push([name, error.message]),
});
const call = (name: string, share = shared, keys = [name], args = [name]): Load =>
  load(name, evaluateTogether(together, share, keys, args));

test('those that share the same are one command, whose answers come to each', () => {
  told.length = 0;
  const [one, ...more] = seal([call('a'), load('nothing', undefined), call('b'), call('c')]);
  expect(more).toEqual([]);
  const words = one
    ?.text()
    .split('\r\n')
    .filter((_, i) => i > 0 && i % 2 === 0);
  expect(words?.slice(2)).toEqual([
    '4',
    'shared',
    'a',
    'b',
    'c',
    '1',
    '1',
    '1',
    '9',
    ...['a', 'b', 'c'].flatMap((it) => ['1', it]),
  ]);
  one?.done(['x', new Error('wrong'), 'z']);
  expect(told).toEqual([
    ['a', 'x'],
    ['b', 'wrong'],
    ['c', 'z'],
  ]);
});

test('what goes wrong with a command is told to all that it was for, once', () => {
  told.length = 0;
  const [one] = seal([call('a'), call('b')]);
  one?.failed(new Error('OOM'));
  one?.failed(new Error('again'));
  expect(told).toEqual([
    ['a', 'OOM'],
    ['b', 'OOM'],
  ]);
});

test.each([
  ['other keys that all have', { keys: ['elsewhere'], args: ['9'] }, ['b']],
  ['more keys that all have', { keys: ['shared', 'more'], args: ['9'] }, ['b']],
  ['other arguments that all have', { keys: ['shared'], args: ['8'] }, ['b']],
  ['more arguments that all have', { keys: ['shared'], args: ['9', '9'] }, ['b']],
  ['more keys', shared, ['b', 'b2']],
])('one with %s goes by itself', (_, share, keys) => {
  expect(seal([call('a'), call('b', share, keys)])).toHaveLength(2);
});

test('another script, and a command, go by themselves', () => {
  const alone = load('alone', evaluate(script('return 1'), ['k'], []));
  expect(seal([call('a'), alone, load('ping', { command: ['ping'] }), call('b')])).toHaveLength(3);
});

test('Redis is kept by one command for so long at most: with thousands of arguments another begins', () => {
  const many = Array.from({ length: 1_000 }, () => 'x');
  const loads = ['a', 'b', 'c', 'd'].map((name) => call(name, shared, [name], many));
  expect(seal(loads)).toHaveLength(2);
});
