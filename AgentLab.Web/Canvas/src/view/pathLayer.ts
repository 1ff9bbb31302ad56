/** What a layer needs of an element of the page. */
export type PathElement = Pick<SVGPathElement, 'setAttribute' | 'remove'>;

interface Drawn {
  element: PathElement;
  path: string;
  look: string;
}

/**
 * Many paths, each touched only when it differs. They are drawn by hand, in one part of the picture: a thousand components would all be walked past for the
 * few that change, and a few long paths would be read anew for each of them.
 */
export class PathLayer {
  private readonly drawn = new Map<string, Drawn>();

  constructor(private readonly make: () => PathElement) {}

  /** The layer in an SVG element, which it alone fills. */
  static in(parent: SVGElement): PathLayer {
    return new PathLayer(() => parent.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path')));
  }

  /** Draws one: new, moved, or as another shape. */
  draw(id: string, path: string, look: string): void {
    let one = this.drawn.get(id);
    if (!one) this.drawn.set(id, one = { element: this.make(), path: '', look: '' });
    if (one.path !== path) one.element.setAttribute('d', one.path = path);
    if (one.look !== look) one.element.setAttribute('class', one.look = look);
  }

  /** Takes away all others. */
  keep(ids: { has(id: string): boolean }): void {
    for (const [id, { element }] of this.drawn) {
      if (ids.has(id)) continue;
      element.remove();
      this.drawn.delete(id);
    }
  }
}
