/** Emoji of Unicode, as Discord writes them: it knows each in one spelling only. */

const colours = '\ufe0f';
/** Shown as a plain sign where nothing asks for colours. */
const plainSign = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/** In full: asking for colours behind whatever would have none else, and nowhere else. Some clients do so behind everything, some never do (CHECKLIST 444-05). */
export const inFull = (emoji: string): string =>
  emoji.replaceAll(colours, '').replace(plainSign, (sign) => sign + colours);
