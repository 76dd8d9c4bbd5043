// Cells that can be edited and run.
export function openCells(): void {}
