/** CHECKLIST 6.2: commands' forms and results as data forms (XEP-0004). */
import { expect, test } from 'vitest';
import { writeForm, writeResult } from '../../../../src/gateway/commands/forms.ts';
import { textsFor } from '../../../../src/gateway/commands/texts.ts';

const texts = textsFor('en');

test('004-02 no line of a form breaks, whatever a network or a bridge says: title, instructions, labels, descriptions', () => {
  const form = writeForm(
    {
      title: 'Log in\nto Verona',
      text: ['It is\r\nthe east', 'and Juliet\n\n is the sun'],
      fields: [
        { name: 'name', type: 'text', label: 'Your\nname', help: 'As on\nyour door' },
        { name: 'secret', type: 'secret', label: 'Your\nword', isSet: true },
      ],
    },
    texts,
  );
  expect([form.title, form.instructions]).toEqual(['Log in to Verona', ['It is the east', 'and Juliet is the sun']]);
  expect(form.fields.map(({ label }) => label)).toEqual(['Your name', 'Your word', texts.forget('Your word')]);
  expect(form.fields[0]?.desc).toBe('As on your door');
  expect(JSON.stringify(form)).not.toContain('\\n');
});

test('004-01 004-02 what is told in several lines has a value for each, and only fields for several values have several', () => {
  const result = writeResult(
    {
      facts: [
        { label: 'Said\nby', value: 'Juliet' },
        { label: 'Words', value: 'O Romeo\nwherefore art thou' },
      ],
    },
    'What\nshe said',
  );
  expect([result?.type, result?.title]).toEqual(['result', 'What she said']);
  expect(result?.fields.map(({ type, label, values }) => [type, label, values])).toEqual([
    ['text-single', 'Said by', ['Juliet']],
    ['text-multi', 'Words', ['O Romeo', 'wherefore art thou']],
  ]);
});
