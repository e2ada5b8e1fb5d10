/**
 * Names as resources of JIDs that every server passes on as they stand. Prosody and ejabberd prepare them by Resourceprep (RFC 3920 appendix B), which knows Unicode 3.2
 * alone: ejabberd refuses all that is younger, emoji first of all, both refuse what is written in two directions, and send a refusal in the name of whoever was to
 * hear it. What is left here passes by RFC 7622 §3.4, too.
 */

/** Of RFC 3454 what is neither unassigned (A.1) nor mapped to nothing (B.1) nor prohibited (C), without fillers that nobody sees. */
const known = [
  '\\u0020-\\u007e\\u00a1-\\u00ac\\u00ae-\\u0220\\u0222-\\u0233\\u0250-\\u02ad\\u02b9-\\u02ee\\u0300-\\u034e\\u0360-\\u036f\\u0375\\u0386-\\u03ce\\u03d7-\\u03f6',
  '\\u0400-\\u0486\\u0488-\\u04ce\\u04d0-\\u04f5\\u04f8-\\u04f9\\u0500-\\u050f\\u0531-\\u055f\\u0561-\\u0586\\u0589-\\u058a\\u0591-\\u05a1\\u05a3-\\u05b9',
  '\\u05bb-\\u05c4\\u05d0-\\u05ea\\u05f0-\\u05f4\\u060c\\u061b\\u061f\\u0621-\\u063a\\u0640-\\u0655\\u0660-\\u06dc\\u06de-\\u06ed\\u06f0-\\u06fe\\u0700-\\u070d',
  '\\u0710-\\u072c\\u0730-\\u074a\\u0780-\\u07b1\\u0901-\\u0903\\u0905-\\u0939\\u093c-\\u094d\\u0950-\\u0954\\u0960-\\u0970\\u0981-\\u09bc\\u09be-\\u09cd',
  '\\u09d7-\\u09fa\\u0a02\\u0a05-\\u0a4d\\u0a5c-\\u0a74\\u0a81-\\u0a8b\\u0a8d-\\u0ae0\\u0ae6-\\u0aef\\u0b01-\\u0b33\\u0b36-\\u0b43\\u0b47-\\u0b4d\\u0b56-\\u0b61',
  '\\u0b66-\\u0b70\\u0b82-\\u0bb5\\u0bb7-\\u0bcd\\u0bd7\\u0be7-\\u0bf2\\u0c01-\\u0c03\\u0c05-\\u0c33\\u0c35-\\u0c39\\u0c3e-\\u0c56\\u0c60-\\u0c61\\u0c66-\\u0c6f',
  '\\u0c82-\\u0c83\\u0c85-\\u0cb9\\u0cbe-\\u0cd6\\u0cde-\\u0ce1\\u0ce6-\\u0cef\\u0d02-\\u0d03\\u0d05-\\u0d28\\u0d2a-\\u0d39\\u0d3e-\\u0d43\\u0d46-\\u0d4d\\u0d57',
  '\\u0d60-\\u0d61\\u0d66-\\u0d6f\\u0d82-\\u0ddf\\u0df2-\\u0e84\\u0e87-\\u0e88\\u0e8a\\u0e8d\\u0e94-\\u0e97\\u0e99-\\u0e9f\\u0ea1-\\u0ea7\\u0eaa-\\u0eab',
  '\\u0ead-\\u0eb9\\u0ebb-\\u0ecd\\u0ed0-\\u0ed9\\u0f00-\\u0f6a\\u0f71-\\u0f8b\\u0f90-\\u0fcc\\u0fcf\\u1000-\\u1021\\u1023-\\u1027\\u1029-\\u102a\\u102c-\\u1032\\u1036-\\u1039',
  '\\u1040-\\u1059\\u10a0-\\u10c5\\u10d0-\\u10f8\\u10fb\\u1100-\\u1159\\u1161-\\u11a2\\u11a8-\\u11f9\\u1200-\\u1206\\u1208-\\u1246\\u1248-\\u1286\\u1288-\\u12ae',
  '\\u12b0-\\u12ce\\u12d0-\\u12ee\\u12f0-\\u130e\\u1310-\\u131e\\u1320-\\u1346\\u1348-\\u135a\\u1361-\\u137c\\u13a0-\\u13f4\\u1401-\\u1676\\u1681-\\u16f0',
  '\\u1700-\\u170c\\u170e-\\u1714\\u1720-\\u17dc\\u17e0-\\u17e9\\u1800-\\u1805\\u1807-\\u180a\\u1810-\\u1877\\u1880-\\u18a9\\u1e00-\\u1e99\\u1ea0-\\u1ef9',
  '\\u1f00-\\u1ffc\\u2010-\\u2027\\u2030-\\u2052\\u20a0-\\u20b1\\u20d0-\\u20ea\\u2104-\\u214b\\u2180-\\u2183\\u2190-\\u23ce\\u2400-\\u2426\\u2440-\\u24fe\\u2500-\\u2613',
  '\\u2616-\\u2617\\u2619-\\u267d\\u2680-\\u2689\\u2701-\\u2704\\u2706-\\u2709\\u270c-\\u2727\\u2729-\\u274b\\u274d\\u274f-\\u2752\\u2756\\u2758-\\u275e',
  '\\u2761-\\u2794\\u2798-\\u27af\\u27b1-\\u27be\\u27d0-\\u27eb\\u27f0-\\u27ff\\u2801-\\u2aff\\u2e80-\\u2ef2\\u3001-\\u312c\\u3190-\\u31b7\\u31f0-\\u31ff',
  '\\u327f-\\u4db5\\u4e00-\\u9fa5\\ua000-\\ua4c6\\uac00-\\ud7a3\\ufa0e-\\ufb1e\\ufd3e-\\ufd3f\\ufe20-\\ufe23\\ufe45-\\ufe46\\u{20000}-\\u{2a6d6}',
].join('');
const others = new RegExp(`(?:[^${known}]|\\p{Cn})+`, 'gu');
/** Nothing of it is touched. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** RFC 3454 D.1: what is written from right to left. */
const leftwards =
  '\\u05be\\u05c0\\u05c3\\u05d0-\\u05ea\\u05f0-\\u05f4\\u061b\\u061f\\u0621-\\u063a\\u0640-\\u064a\\u066d-\\u066f\\u0671-\\u06d5\\u06e5\\u06e6\\u06fa-\\u06fe\\u0700-\\u070d\\u0710\\u0712-\\u072c\\u0780-\\u07a5\\u07b1';
const isLeftwards = new RegExp(`[${leftwards}]`);
const allLeftwards = new RegExp(`[${leftwards}]+`, 'g');
const beginsLeftwards = new RegExp(`^[^\\p{L}]*[${leftwards}]`, 'u');
/** Beside that which has no direction: blanks, digits, marks, and the signs of ASCII. */
const notLeftwards = new RegExp(
  `[^${leftwards}\\u0591-\\u05c4\\u064b-\\u0655\\u0660-\\u066c\\u0670\\u06d6-\\u06ed\\u06f0-\\u06f9\\u0730-\\u074a\\u07a6-\\u07b0 -@\\x5b-\\x60\\x7b-~]+`,
  'g',
);
const leftwardsBetween = new RegExp(`^[^${leftwards}]+|[^${leftwards}]+$`, 'g');

/** Of the direction in which it begins (RFC 3454 §6): with one from right to left nothing else stands, and it stands at both ends. */
function inOneDirection(name: string): string {
  if (!isLeftwards.test(name)) return name;
  if (!beginsLeftwards.test(name)) return name.replace(allLeftwards, '');
  return name.replace(notLeftwards, '').replace(leftwardsBetween, '');
}

const tidy = (name: string): string => name.replace(/ {2,}/g, ' ').trim();

/**
 * The same name, as near as can be: without what servers refuse, letters of odd shapes as usual ones, in one direction (CHECKLIST JID-04); '' where nothing is left.
 * What it returns it leaves as it is.
 */
export function asResource(name: string): string {
  if (plain.test(name)) return name;
  const kept = name.replace(breaks, ' ').normalize('NFKC').replace(others, '');
  return tidy(inOneDirection(kept).normalize('NFKC'));
}
