// Tables of a document that a test compares with the code: each stands below the comment `<!-- checked: name -->`.

/** The rows of a checked table, each a list of cells without backticks; an empty list where there is no such table. */
export function table(project, path, name) {
  const lines = project.read(path).split('\n');
  const start = lines.indexOf(`<!-- checked: ${name} -->`);
  if (start < 0) return [];
  const rows = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('|')) rows.push(line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim().replaceAll('`', '')));
    else if (rows.length > 0) break;
  }
  return rows.slice(2);
}

/** Faults of a table against what must stand in it: each expected row a list of its first cells. */
export function tableFaults(project, path, name, expected, remedy) {
  const width = expected[0]?.length ?? 1;
  const key = row => row.slice(0, width).join(' | ');
  const rows = table(project, path, name);
  const written = new Set(rows.map(key));
  const right = new Set(expected.map(key));
  return [
    ...expected.map(key).filter(row => !written.has(row)).map(row => `${path}, table of ${name}: add "${row}" ${remedy}`),
    ...[...written].filter(row => !right.has(row)).map(row => `${path}, table of ${name}: "${row}" is not so`),
    ...(written.size < rows.length ? [`${path}, table of ${name}: a row stands there twice`] : []),
    ...rows.filter(row => row.slice(width).some(cell => cell === '')).map(row => `${path}, table of ${name}: "${row[0]}" says nothing`),
  ];
}
