/** The flavor names in the text of an `MLmodel` file: the keys one level below `flavors:`. Written as JSON it is YAML, too. */
export function readFlavorNames(mlmodel: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(mlmodel);
  return flavorsOfJson(text) ?? flavorsOfYaml(text);
}

function flavorsOfJson(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const { flavors } = JSON.parse(text) as { flavors?: object };
    return Object.keys(flavors ?? {});
  } catch {
    return undefined;
  }
}

function flavorsOfYaml(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^flavors:\s*$/.test(line));
  if (start < 0) return [];
  const below = lines.slice(start + 1);
  const end = below.findIndex((line) => /^[^\s#]/.test(line));
  const block = end < 0 ? below : below.slice(0, end);
  const indent = /^( +)\S/.exec(block.find((line) => /^ +\S/.test(line)) ?? '')?.[1];
  if (indent === undefined) return [];
  const key = new RegExp(`^${indent}([\\w.-]+|'[^']+'|"[^"]+"):`);
  return block.flatMap((line) => key.exec(line)?.[1]?.replace(/['"]/g, '') ?? []);
}
