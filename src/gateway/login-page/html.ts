/** HTML by template: whatever is put in is text, unless it was made by this template itself. */

/** A piece of a page. */
export interface Html {
  readonly html: string;
}

export type Part = Html | readonly Html[] | string | number | undefined;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => escapes[one] ?? one);

function written(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(({ html: text }) => text).join('');
}

/** Values of attributes stand in double quotes. `undefined` is nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.map((text, i) => text + written(parts[i])).join(''),
});
