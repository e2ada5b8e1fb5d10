/** Whose words they are where one account speaks for several: a table of who did what to whose. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId, chatId, personId } from '../../../src/core/ids.ts';
import { knownAs } from '../../../src/gateway/refs.ts';
import { authorOf, isGuest, mustBeTheirs } from '../../../src/gateway/speakers.ts';

const chat = chatId('#verona');
const context = (on = '=~+bot') => ({
  account: { id: accountId(`admin@a.test/${on}`), owner: 'admin@a.test', on },
  occupantId: (place: string, identity: string) => `made of ${place} and ${identity}`,
  isPlumbed: (muc: string) => muc === 'muc@a.test',
});
const shared = context();
const by = (bare: string) => authorOf(shared, { from: `${bare}/desk` });
const message = (author: string | undefined) =>
  knownAs(
    {
      by: personId('bot'),
      nick: 'bot',
      from: '',
      id: 'm1',
      name: 'n1',
      originId: undefined,
      isMine: true,
      at: 0,
      text: '',
      author,
    },
    [],
  );
const session = { edits: {}, retractions: {} } as never;
type Kind = 'edit' | 'retract';

function codeOf(
  kind: Kind,
  from: string,
  author: string | undefined,
  more: readonly (string | undefined)[] = [],
): string {
  const target = { stanzaId: 'm1' };
  const intent = kind === 'edit' ? { kind, chat, target, content: {} } : { kind, chat, target };
  const origin = { from: `${from}/desk`, to: '', via: 'message', at: 0 } as const;
  const known = message(author);
  try {
    mustBeTheirs(shared, session, { intent, origin }, known, [known, ...more.map(message)]);
    return 'done';
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}

test('who says it is a name for each bare JID: none of it tells which, and other accounts have none', () => {
  expect(by('romeo@a.test')).toBe(authorOf(shared, { from: 'romeo@a.test/phone' }));
  expect(new Set(['romeo@a.test', 'romeo@b.test', 'juliet@a.test'].map(by)).size).toBe(3);
  expect(authorOf(context('=~work'), { from: 'romeo@a.test/desk' })).toBeUndefined();
  const bares = ['romeo@a.test', 'admin@a.test', 'muc@a.test'];
  expect(bares.map((bare) => isGuest(shared, { from: `${bare}/desk` }))).toEqual([true, false, false]);
});

describe('whose it is', () => {
  const [romeo, namesake, admin, muc] = ['romeo@a.test', 'romeo@b.test', 'admin@a.test', 'muc@a.test'];
  test.for<readonly [Kind, string, string | undefined, string]>([
    ['edit', romeo, by(romeo), 'done'],
    ['retract', romeo, by(romeo), 'done'],
    ['edit', namesake, by(romeo), 'not-permitted'],
    ['retract', namesake, by(romeo), 'not-permitted'],
    ['edit', romeo, undefined, 'not-permitted'],
    ['retract', romeo, undefined, 'not-permitted'],
    ['edit', admin, undefined, 'done'],
    ['edit', admin, by(admin), 'done'],
    ['edit', admin, by(romeo), 'not-permitted'],
    ['retract', admin, by(romeo), 'done'],
    ['edit', muc, by(muc), 'done'],
    ['edit', muc, by(romeo), 'not-permitted'],
    ['retract', muc, by(romeo), 'not-permitted'],
    ['retract', muc, undefined, 'done'],
  ])('%s by %s of what %s said: %s', ([kind, from, author, code]) => {
    expect(codeOf(kind, from, author)).toBe(code);
  });

  test('two of one id: a correction would go where another’s words are, a retraction names it otherwise', () => {
    expect(codeOf('edit', romeo, by(romeo), [by(romeo)])).toBe('done');
    expect(codeOf('edit', romeo, by(romeo), [by(namesake)])).toBe('not-permitted');
    expect(codeOf('retract', romeo, by(romeo), [by(namesake)])).toBe('done');
  });
});
