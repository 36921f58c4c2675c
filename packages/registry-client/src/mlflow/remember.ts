/** Keeps the last thousand answers of a lookup whose answers never change; failures are asked again. */
export function remember<Value>(
  lookUp: (key: string) => Promise<Value>,
  capacity = 1_000,
): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const asked = lookUp(key);
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > capacity && oldest !== undefined) known.delete(oldest);
    return asked;
  };
}
