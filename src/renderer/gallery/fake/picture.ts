/** A small made-up frame for a digest, as base64 of a PNG. */
export async function drawPicture(digest: string): Promise<string> {
  const canvas = new OffscreenCanvas(32, 32)
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('This browser cannot draw')
  const shade = Number.parseInt(digest.slice(0, 2), 16)
  pen.fillStyle = `rgb(${60 + shade / 3} ${90 + shade / 3} ${60 + shade / 4})`
  pen.fillRect(0, 0, 32, 32)
  pen.fillStyle = `rgb(${40 + (shade % 90)} ${50 + (shade % 70)} 40)`
  pen.beginPath()
  pen.ellipse(14 + (shade % 5), 19, 9, 5, 0, 0, 2 * Math.PI)
  pen.ellipse(23, 13, 4, 4, 0, 0, 2 * Math.PI)
  pen.fill()
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return btoa(String.fromCharCode(...bytes))
}
