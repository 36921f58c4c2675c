/** What can be rendered. Texts are of one line; keys are plain words. */
export interface YamlMap {
  readonly [key: string]: null | number | string | readonly string[] | YamlMap;
}

/**
 * YAML with every text in single quotes: a reader would take a bare `0123456` or `1e5` for a number.
 * Source: https://yaml.org/spec/1.1/#id905860
 */
export function renderYaml(map: YamlMap, indent = ''): string {
  return Object.entries(map)
    .map(([key, value]) => `${indent}${key}:${renderValue(value, indent)}`)
    .join('');
}

function renderValue(value: YamlMap[string], indent: string): string {
  if (value === null || typeof value === 'number') return ` ${value}\n`;
  if (typeof value === 'string') return ` ${quote(value)}\n`;
  if (isList(value)) return ` [${value.map(quote).join(', ')}]\n`;
  return Object.keys(value).length === 0 ? ' {}\n' : `\n${renderYaml(value, `${indent}  `)}`;
}

function isList(value: readonly string[] | YamlMap): value is readonly string[] {
  return Array.isArray(value);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
