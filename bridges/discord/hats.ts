/** Roles that show: those that stand out in Discord's own list of members, as hats; the first ones only, for some have dozens. */
import type { Hat } from '#bridge';
import type { Guild, Role } from './guild.ts';

const atMost = 5;
/** Combinations of roles that are remembered in a guild: bots give roles for what somebody has said, or has chosen, and take them again. */
const keptAtMost = 10_000;

/** Of these roles, the highest first. The same list for the same roles, until one of them changes. */
export function hatsOf(
  { id, roles, hats }: Pick<Guild, 'id' | 'roles' | 'hats'>,
  held: readonly string[],
): readonly Hat[] {
  const key = held.join();
  const known = hats.get(key);
  if (known !== undefined) return known;
  const shown = held
    .flatMap((role) => (role === id ? [] : (roles.get(role) ?? [])))
    .filter(({ isHoisted, colour }) => isHoisted || colour !== 0)
    .sort((one, other) => other.position - one.position)
    .slice(0, atMost)
    .map(hatOf);
  for (const oldest of hats.keys()) {
    if (hats.size < keptAtMost) break;
    hats.delete(oldest);
  }
  hats.set(key, shown);
  return shown;
}

function hatOf({ id, name, colour }: Role): Hat {
  const hue = colour === 0 ? undefined : hueOf(colour);
  return { id, title: name, ...(hue !== undefined && { hue }) };
}

/** sRGB to linear light. */
const linear = (value: number): number => {
  const part = value / 255;
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

/** The angle of a colour in CIE LUV, as XEP-0392 has it (§5.1, by HSLuv); undefined: it is a grey. */
export function hueOf(colour: number): number | undefined {
  const [red, green, blue] = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255].map(linear) as [
    number,
    number,
    number,
  ];
  const x = 0.412_390_8 * red + 0.357_584_34 * green + 0.180_480_79 * blue;
  const y = 0.212_639 * red + 0.715_168_68 * green + 0.072_192_32 * blue;
  const z = 0.019_330_82 * red + 0.119_194_78 * green + 0.950_532_15 * blue;
  const sum = x + 15 * y + 3 * z;
  if (sum === 0) return undefined;
  // The white point of D65.
  const u = (4 * x) / sum - 0.197_830_006_642_837;
  const v = (9 * y) / sum - 0.468_319_994_938_791;
  if (Math.hypot(u, v) < 0.000_1) return undefined;
  return Math.round((Math.atan2(v, u) * 180) / Math.PI + 360) % 360;
}
