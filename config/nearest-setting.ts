import { defaults } from './defaults.ts';

/** The path of every setting, for example `api.port`. */
export const settingPaths: readonly string[] = pathsOf(defaults, '');

function pathsOf(section: object, prefix: string): string[] {
  return Object.entries(section).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? pathsOf(value, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

/** What someone who wrote the unknown `path` may have meant: a setting or section, or nothing that is near enough. */
export function nearestSetting(path: string): string | undefined {
  const known = new Set(settingPaths.flatMap(withSections));
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: distanceBetween(path, candidate) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, path.length / 3) ? best.candidate : undefined;
}

function withSections(path: string): string[] {
  const segments = path.split('.');
  return segments.map((_, index) => segments.slice(0, index + 1).join('.'));
}

/** How far apart two paths are: the edits of the whole, or of the last name alone plus one for the wrong section. */
function distanceBetween(written: string, known: string): number {
  const whole = editDistance(written.toLowerCase(), known.toLowerCase());
  const names = editDistance(lastName(written), lastName(known)) + 1;
  return Math.min(whole, names);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

/** Levenshtein's distance. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
