/** A QR code as one path of squares. */
export interface QrPath {
  /** of a side, in squares, the quiet zone of four with it */
  readonly size: number;
  readonly path: string;
}

const quiet = 4;

/** Loaded when one is shown. */
export async function qrPath(text: string): Promise<QrPath> {
  const { create } = (await import('qrcode')).default;
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
    }
  }
  return { size: modules.size + 2 * quiet, path };
}
