// Names that nobody else has.

/** A version 4 UUID. */
export function uuidv4() {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (letter) => {
    const digit = Math.floor(Math.random() * 16);
    return (letter === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}

/**
 * Any of them.
 * @template T
 * @param {T[]} all
 * @returns {T}
 */
export function any(all) {
  return all[Math.floor(Math.random() * all.length)];
}
