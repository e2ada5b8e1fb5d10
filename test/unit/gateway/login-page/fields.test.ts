/** Fields of a login on a page: every kind there and back, and nothing of what is put in is taken for markup. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FormField } from '../../../../src/bridge/commands.ts';
import { textsFor } from '../../../../src/gateway/commands/texts.ts';
import { fieldsHtml } from '../../../../src/gateway/login-page/fields.ts';
import { html } from '../../../../src/gateway/login-page/html.ts';
import { readPage, retyped } from '../../../../src/gateway/login-page/submission.ts';

const texts = textsFor('en');
const of = (field: Partial<FormField>): FormField => ({ name: 'x', label: 'X', type: 'text', ...field });
const written = (...fields: readonly FormField[]): string => html`${fieldsHtml(fields, texts)}`.html;
const choices = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `v${n}`, label: `V ${n}` }));
const sent = (...pairs: readonly [string, string][]) =>
  new URLSearchParams(pairs.map(([name, value]): [string, string] => [`field.${name}`, value]));

describe('html', () => {
  test('what is put in is text, in an attribute too', () => {
    const evil = `</p><script>"'&`;
    expect(html`<p a="${evil}">${evil}${1}${undefined}</p>`.html).toBe(
      '<p a="&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;">&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;1</p>',
    );
    expect(html`${html`<b>`}${[html`<i>`, html`<u>`]}`.html).toBe('<b><i><u>');
  });

  test('no label, help, value or choice of a network is markup', () => {
    const types = ['text', 'secret', 'lines', 'flag', 'number', 'choice', 'choices'] as const;
    const tags = (field: FormField) => written(field).replace(/"[^"]*"|>[^<]*/g, '');
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.string(), fc.string(), (type, label, value) => {
        const evil = `${value}<"'>`;
        const more = { type, choices: [{ value: evil, label: evil }], value: type === 'choices' ? [evil] : evil };
        const plain = { type, choices: [{ value: 'v', label: 'v' }], value: type === 'choices' ? ['v'] : 'v' };
        expect(tags(of({ ...more, name: evil, label: `${label}<b>`, help: evil }))).toBe(
          tags(of({ ...plain, name: 'v', label: 'v', help: 'v' })),
        );
      }),
    );
  });
});

describe('shown', () => {
  test.each([
    [of({ value: 'romeo' }), /<input type="text" [^>]*name="field\.x"[^>]* value="romeo">/],
    [of({ name: 'username', required: true }), /autocomplete="username"[^>]* required/],
    [of({ name: 'code' }), /autocomplete="one-time-code"/],
    [of({ type: 'secret' }), /type="password"[^>]*autocomplete="current-password"[^>]* value=""/],
    [of({ type: 'secret', objection: () => undefined }), /<textarea [^>]*rows="4">\n<\/textarea>/],
    [of({ type: 'secret', isSet: true }), /Leave this empty to keep it\..*name="field\.forget_x" value="true">/s],
    [of({ type: 'number', value: 7 }), /inputmode="numeric" value="7">/],
    [of({ type: 'lines', value: ['a', 'b'] }), /rows="4">\na\nb<\/textarea>/],
    [of({ type: 'flag', value: true }), /type="checkbox" name="field\.x" value="true" checked/],
    [of({ type: 'choice', choices: choices(2), value: 'v1' }), /type="radio"[^>]*value="v1" checked/],
    [of({ type: 'choice', choices: choices(8), value: 'v1' }), /<select[^>]*>.*<option value="v1" selected>V 1</s],
    [of({ type: 'choices', choices: choices(2), value: ['v0'] }), /type="checkbox"[^>]*value="v0" checked/],
  ])('%o', (field, pattern) => expect(written(field)).toMatch(pattern));

  test('each has a label of its own, and its help is told with it', () => {
    const both = written(of({ help: 'Help.' }), of({ name: 'y', label: 'Y' }));
    expect(both).toMatch(/<label for="f0">X .*id="f0h">Help\..*id="f0"[^>]*aria-describedby="f0h"/s);
    expect(both).toMatch(/<label for="f1">Y .*id="f1"/s);
  });

  test('the first that is open has the focus', () => {
    expect(written(of({ value: 'a' }), of({ name: 'y', type: 'secret' }))).toMatch(/name="field\.y"[^>]* autofocus/);
    expect(written(of({ value: 'a' })).match(/autofocus/g)).toHaveLength(1);
  });
});

describe('read', () => {
  test('by the same rules as any form: lines, what is not ticked, numbers, choices', () => {
    const fields = [
      of({ name: 'a', type: 'lines' }),
      of({ name: 'b', type: 'flag', value: true }),
      of({ name: 'c', type: 'number' }),
      of({ name: 'd', type: 'choices', choices: choices(3) }),
      of({ name: 'e', type: 'secret' }),
    ];
    const posted = sent(['a', 'one\r\ntwo'], ['c', '7'], ['d', 'v0'], ['d', 'v2'], ['e', ' s ']);
    expect(readPage(fields, posted, texts)).toEqual({
      answer: { a: ['one', 'two'], b: false, c: 7, d: ['v0', 'v2'], e: ' s ' },
    });
    expect(readPage([of({ type: 'choice', choices: choices(2) })], sent(['x', 'v9']), texts)).toHaveProperty('fault');
    expect(readPage([of({ required: true })], sent(['x', ' ']), texts)).toHaveProperty('missing');
  });

  test('a secret that is set stays, or is forgotten', () => {
    const field = of({ type: 'secret', isSet: true });
    expect(readPage([field], sent(['x', '']), texts)).toEqual({ answer: {} });
    expect(readPage([field], sent(['x', ''], ['forget_x', 'true']), texts)).toEqual({ answer: { x: null } });
  });

  test('what was typed stands there again, but for secrets', () => {
    const fields = [of({ name: 'a' }), of({ name: 'b', type: 'secret' }), of({ name: 'c', type: 'flag' })];
    const again = retyped(fields, sent(['a', 'romeo'], ['b', 'sesame'], ['c', 'true']));
    expect(again.map(({ value }) => value)).toEqual(['romeo', undefined, true]);
  });
});
