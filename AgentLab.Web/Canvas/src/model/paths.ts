/** What each command of a path takes: places across (x) and down (y), lengths (r), an angle (a), flags (f). */
const takes: Record<string, string> = { m: 'xy', l: 'xy', h: 'x', v: 'y', c: 'xyxyxy', s: 'xyxy', q: 'xyxy', t: 'xy', a: 'rraffxy', z: '' };

const number = /[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;
const flag = /[\s,]*([01])/y;
const letter = /[\s,]*([a-z])/iy;

/**
 * The same shape elsewhere and at another size, as a path of its own: an icon that is drawn so needs no transform, for which the browser would make a part of
 * the picture of its own. Where it cannot be read it ends, as it does in a browser.
 */
export function placedPath(path: string, x: number, y: number, scale: number): string {
  let at = 0;
  const next = (what: RegExp): string | undefined => {
    what.lastIndex = at;
    const found = what.exec(path);
    if (found) at = what.lastIndex;
    return found?.[1];
  };
  const origin: Record<string, number> = { x, y };
  const put = (kind: string, value: number, absolute: boolean): number =>
    kind === 'a' || kind === 'f' ? value : Math.round((value * scale + (absolute ? origin[kind] ?? 0 : 0)) * 100) / 100;
  let placed = '';
  for (let command = next(letter); command !== undefined; command = next(letter)) {
    const kinds = takes[command.toLowerCase()];
    if (kinds === undefined) break;
    if (kinds === '') {
      placed += command;
      continue;
    }
    // The first place of all is absolute however it is written; pairs after the first of a move are lines.
    let as = placed === '' ? command.toUpperCase() : command;
    for (let values = read(kinds); values; values = read(kinds)) {
      placed += as + values.map((value, index) => put(kinds[index]!, value, as !== as.toLowerCase())).join(' ');
      as = command === 'm' ? 'l' : command === 'M' ? 'L' : command;
    }
  }
  return placed;

  function read(kinds: string): number[] | undefined {
    const values: number[] = [];
    for (const kind of kinds) {
      const value = next(kind === 'f' ? flag : number);
      if (value === undefined) return undefined;
      values.push(Number(value));
    }
    return values;
  }
}
