/** Points in time as they stand in a text (`<t:0:F>`): said in UTC, as whoever reads may be anywhere. */

/** @param seconds since 1970 @param style Discord's letter; undefined where it is no point in time */
export function momentText(seconds: number, style: string | undefined): string | undefined {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return undefined;
  const iso = at.toISOString();
  const t = iso.indexOf('T');
  const day = iso.slice(0, t);
  const minute = iso.slice(t + 1, t + 6);
  switch (style) {
    case 't':
      return `${minute} UTC`;
    case 'T':
      return `${iso.slice(t + 1, t + 9)} UTC`;
    case 'd':
    case 'D':
      return day;
    case 'S':
      return `${day} ${iso.slice(t + 1, t + 9)} UTC`;
    default:
      return `${day} ${minute} UTC`;
  }
}
