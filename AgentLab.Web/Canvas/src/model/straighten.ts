import { rowGap } from './geometry';

/** Something that takes room in a column: a node, or the passage of a connection that leads past it. */
interface Item {
  id: string;
  column: number;
  y: number;
  height: number;
  /** What lies to its left and right, with where the connection leaves and enters, from the item's upper edge. */
  left: { item: Item; there: number; here: number }[];
  right: { item: Item; there: number; here: number }[];
}

export interface Placed {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Link {
  from: string;
  to: string;
  /** Where the connection leaves and enters, from the upper edges of the nodes. */
  out: number;
  in: number;
}

const passage = 8;
const sweeps = 4;

/**
 * Takes the columns of a layered layout and lines its nodes up: in each column in the order of the ports that lead to them, so that connections of one node do
 * not cross, and as level with their neighbours as the room allows.
 */
export function straighten(nodes: readonly Placed[], links: readonly Link[]): Map<string, number> {
  const columns = columnsOf(nodes, links);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const column of columns) settle(column, 'left', sweep < 2);
    for (const column of columns.toReversed()) settle(column, 'right', false);
  }
  for (const column of columns) settle(column, 'left', false);
  return new Map(columns.flat().map((item) => [item.id, item.y]));
}

function columnsOf(nodes: readonly Placed[], links: readonly Link[]): Item[][] {
  const places = [...new Set(nodes.map((node) => Math.round(node.x + node.width / 2)))].sort((a, b) => a - b);
  const indexOf = new Map(places.map((place, index) => [place, index]));
  const columns: Item[][] = places.map(() => []);
  const put = (item: Item): Item => {
    columns[item.column]!.push(item);
    return item;
  };
  const items = new Map(nodes.map((node) => [node.id, put({ id: node.id, column: indexOf.get(Math.round(node.x + node.width / 2))!, y: node.y, height: node.height, left: [], right: [] })]));
  links.forEach((link, number) => {
    const from = items.get(link.from);
    const to = items.get(link.to);
    if (!from || !to || to.column <= from.column) return;
    let last = from;
    let leaves = link.out;
    for (let column = from.column + 1; column <= to.column; column++) {
      const share = (column - from.column) / (to.column - from.column);
      const next = column === to.column ? to : put({ id: `passage ${number} ${column}`, column, y: from.y + link.out + (to.y + link.in - from.y - link.out) * share - passage / 2, height: passage, left: [], right: [] });
      const enters = column === to.column ? link.in : passage / 2;
      last.right.push({ item: next, there: enters, here: leaves });
      next.left.push({ item: last, there: leaves, here: enters });
      last = next;
      leaves = passage / 2;
    }
  });
  for (const column of columns) column.sort((a, b) => a.y - b.y);
  return columns;
}

const wish = (item: Item, side: 'left' | 'right'): number => {
  const links = item[side];
  return links.length === 0 ? item.y : links.reduce((sum, link) => sum + link.item.y + link.there - link.here, 0) / links.length;
};

/** Puts the items of a column where their neighbours on one side want them, without overlaps: those that push each other move as one block. */
function settle(column: Item[], side: 'left' | 'right', reorder: boolean): void {
  const wishes = new Map(column.map((item) => [item, wish(item, side)]));
  if (reorder) {
    const middle = (item: Item) => (item.left.length === 0 ? item.y + item.height / 2 : wishes.get(item)! + (item.left.reduce((sum, link) => sum + link.here, 0) / item.left.length));
    column.sort((a, b) => middle(a) - middle(b));
  }
  const blocks: { items: Item[]; wanted: number; height: number }[] = [];
  for (const item of column) {
    let block = { items: [item], wanted: wishes.get(item)!, height: item.height };
    for (let above = blocks.at(-1); above && above.wanted + above.height + rowGap > block.wanted; above = blocks.at(-1)) {
      blocks.pop();
      const offset = above.height + rowGap;
      block = {
        items: [...above.items, ...block.items], height: offset + block.height,
        wanted: (above.wanted * above.items.length + (block.wanted - offset) * block.items.length) / (above.items.length + block.items.length),
      };
    }
    blocks.push(block);
  }
  for (const block of blocks) {
    let y = block.wanted;
    for (const item of block.items) {
      item.y = y;
      y += item.height + rowGap;
    }
  }
}
