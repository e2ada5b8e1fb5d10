/** What can be wrong with a value that a user wants to set, as a sentence for them; what is only a matter of one field stands with it. */
import type { SettingField } from '#bridge';

/** What would end a line on its way to a server. */
export const hasBreaks = (text: string): boolean => /[\0\r\n]/.test(text);

/** As fields have it. */
export type Objection = NonNullable<SettingField['objection']>;

/** Free text within `max` characters, '' for nothing. @param wish what would fit */
export const text =
  (max: number, fits: (value: string) => boolean = () => true, wish = ''): Objection =>
  (value) => {
    if (typeof value !== 'string') return 'This is not a text.';
    if (value === '') return undefined;
    if (value.length > max) return `At most ${max} characters.`;
    return hasBreaks(value) || !fits(value) ? wish || 'No line breaks.' : undefined;
  };

/** A whole one, both ends belonging to it. */
export const number =
  (min: number, max: number): Objection =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `A whole number from ${min} to ${max}.`;

/** Yes or no. */
export const flag: Objection = (value) => (typeof value === 'boolean' ? undefined : 'Yes or no.');

/** So many at most, and each fits; `wish` says what would. */
export const lines =
  (max: number, fits: (line: string) => boolean, wish: string): Objection =>
  (value) => {
    if (!Array.isArray(value)) return 'This is not a list of lines.';
    if (value.length > max) return `At most ${max} lines.`;
    return value.every((line) => typeof line === 'string' && fits(line)) ? undefined : wish;
  };
