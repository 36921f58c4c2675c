/**
 * How much less rows tell because they come in blocks: variance of the cell shares when whole blocks are drawn (the
 * ratio estimator), divided by their variance for independent rows, averaged over cells with weights 1 - share. This is
 * the first-order correction of Rao and Scott (1981) for the chi-square test; n rows weigh as n / effect.
 * 1 for independent rows, the block size for blocks of equal rows (times a small-sample factor).
 * @param cells cell of each row, from 0
 * @param blocks block of each row, from 0
 * @returns null with fewer than two blocks or two occupied cells
 */
export function designEffect(cells: Int32Array, blocks: Int32Array): number | null {
  const rows = cells.length;
  const cellCount = greatest(cells) + 1;
  const blockCount = greatest(blocks) + 1;
  const counts = new Float64Array(blockCount * cellCount);
  const blockRows = new Float64Array(blockCount);
  const cellRows = new Float64Array(cellCount);
  cells.forEach((cell, row) => {
    const block = blocks[row]!;
    counts[block * cellCount + cell]! += 1;
    blockRows[block]! += 1;
    cellRows[cell]! += 1;
  });
  const occupied = cellRows.filter((count) => count > 0).length;
  if (blockCount < 2 || occupied < 2) return null;
  let effects = 0;
  cellRows.forEach((count, cell) => {
    if (count === 0) return;
    const share = count / rows;
    let squares = 0;
    for (let block = 0; block < blockCount; block += 1) {
      squares += (counts[block * cellCount + cell]! - share * blockRows[block]!) ** 2;
    }
    const clustered = ((blockCount / (blockCount - 1)) * squares) / (rows * rows);
    effects += (clustered * rows) / share;
  });
  return effects / (occupied - 1);
}

function greatest(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), -1);
}
