interface Page<T> {
  items: T[];
  nextCursor?: string;
}

const mostPages = 20;

/** All pages of a list that is short by nature, such as locations. */
export async function everyPage<T>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await fetchPage(cursor);
    items.push(...answer.items);
    cursor = answer.nextCursor ?? undefined;
    if (!cursor) {
      break;
    }
  }
  return items;
}
