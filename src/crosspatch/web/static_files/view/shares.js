// What a cell of a larger matrix shows. In go counts and the display's choices, out come percentages and heat.

/** The percentage that a cell shows, null where its row, column or matrix is empty; of counts that of all, for the heat. */
export function shareOf(pixels, { row, column }, totals, { share }) {
  const whole = { row: totals.rows[row], column: totals.columns[column], total: totals.all, count: totals.all }[share];
  return whole > 0 ? (100 * pixels) / whole : null;
}

/** How hot a cell is, 0..1. Shares of all pixels are small, so the largest of them is hottest. */
export function heatOf(percent, hottest, { log }) {
  if (!percent || !hottest) return 0;
  return log ? Math.log1p((percent / hottest) * 1000) / Math.log1p(1000) : percent / hottest;
}

/** The largest share among the cells that are shown. In a table, shares of a row or column keep the scale of 0 to 100. */
export function hottestOf(matrix, totals, display, { keepScale }) {
  if (keepScale && ["row", "column"].includes(display.share) && !display.hideDiagonal) return 100;
  let hottest = 0;
  matrix.forEach((line, row) =>
    line.forEach((pixels, column) => {
      if (display.hideDiagonal && row === column) return;
      hottest = Math.max(hottest, shareOf(pixels, { row, column }, totals, display) ?? 0);
    }),
  );
  return hottest;
}
