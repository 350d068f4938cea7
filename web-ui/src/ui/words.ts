/** "1 monitor", "3 monitors". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** "Paris", "Paris and Berlin", "Paris, Berlin and Oslo". */
export function enumerated(words: readonly string[]): string {
  if (words.length < 2) {
    return words.join('');
  }
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
