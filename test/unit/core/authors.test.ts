/** Names before what somebody says by another's account. */
import { describe, expect, test } from 'vitest';
import { nameInFront } from '../../../src/core/authors.ts';
import { type Content, plainText } from '../../../src/core/content.ts';
import { personId } from '../../../src/core/ids.ts';

const author = { nick: 'juliet', avatar: 'https://verona.example/juliet.png' };
const plain = (content: Content): string | undefined => nameInFront(content).text?.plain;

describe('the name in front', () => {
  test('of a line, of an action, of each line of several', () => {
    expect(plain({ author, text: plainText('good night') })).toBe('<juliet> good night');
    expect(plain({ author, text: plainText('sighs'), action: true })).toBe('* juliet sighs');
    expect(plain({ author, text: plainText('good\r\nnight\u2028<romeo> hi') })).toBe(
      '<juliet> good\n<juliet> night\n<juliet> <romeo> hi',
    );
  });

  test('says who shares a file without a word', () =>
    expect(plain({ author, files: [{ url: 'https://a.example/b', name: 'b' }] })).toBe('<juliet> '));

  test('moves the marks of a line, and is gone from the content', () => {
    const text = { plain: 'good night', marks: [{ is: 'strong', from: 0, to: 4 }] } as const;
    expect(nameInFront({ author, text, thread: 't' })).toEqual({
      thread: 't',
      text: { plain: '<juliet> good night', marks: [{ is: 'strong', from: 9, to: 13 }] },
    });
  });

  test('of several lines too: what is hidden stays hidden, and who is meant is meant', () => {
    const text = {
      plain: 'the end:\r\nboth die\nsee @nurse',
      marks: [
        { is: 'spoiler', from: 4, to: 22 },
        { is: 'mention', person: personId('nurse'), from: 23, to: 29 },
      ],
    } as const;
    const named = nameInFront({ author, text }).text;
    const marked = named?.marks.map(({ is, from, to }) => [is, named.plain.slice(from, to)]);
    expect(named?.plain).toBe('<juliet> the end:\n<juliet> both die\n<juliet> see @nurse');
    expect(marked).toEqual([
      ['spoiler', 'end:'],
      ['spoiler', 'both die'],
      ['spoiler', 'see'],
      ['mention', '@nurse'],
    ]);
  });

  test('a text that is made of lines and marks alone does not become a mark for each of both', () => {
    const lines = 'a\n'.repeat(5_000);
    const marks = Array.from({ length: 500 }, (_, from) => ({ is: 'strong' as const, from, to: lines.length }));
    expect(nameInFront({ author, text: { plain: lines, marks } }).text?.marks).toHaveLength(4_000);
  });

  test('nothing where an account speaks for itself', () => {
    const content = { text: plainText('good night'), action: true };
    expect(nameInFront(content)).toBe(content);
  });
});
