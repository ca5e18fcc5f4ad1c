/** A shape that can be painted. */
export interface Shape {
  /** Signed distance in pixels from a point to the edge; negative inside. */
  distance(x: number, y: number): number
  /** A box outside which nothing is painted, with a margin for smooth edges. */
  left: number
  top: number
  right: number
  bottom: number
}

const MARGIN = 1

function within(xs: number[], ys: number[], reach: number, distance: Shape['distance']): Shape {
  const margin = reach + MARGIN
  return {
    distance,
    left: Math.min(...xs) - margin,
    right: Math.max(...xs) + margin,
    top: Math.min(...ys) - margin,
    bottom: Math.max(...ys) + margin,
  }
}

/** An ellipse with radii in pixels (distance exact on the axes, close elsewhere). */
export function ellipse(centreX: number, centreY: number, radiusX: number, radiusY: number): Shape {
  const scale = Math.min(radiusX, radiusY)
  return within([centreX], [centreY], Math.max(radiusX, radiusY), (x, y) => {
    const dx = (x - centreX) / radiusX
    const dy = (y - centreY) / radiusY
    return (Math.sqrt(dx * dx + dy * dy) - 1) * scale
  })
}

/** A line from (x1, y1) to (x2, y2) with round ends. */
export function capsule(x1: number, y1: number, x2: number, y2: number, radius: number): Shape {
  const dx = x2 - x1
  const dy = y2 - y1
  const lengthSquared = dx * dx + dy * dy || 1
  return within([x1, x2], [y1, y2], radius, (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / lengthSquared))
    const offX = x - x1 - along * dx
    const offY = y - y1 - along * dy
    return Math.sqrt(offX * offX + offY * offY) - radius
  })
}

type Point = readonly [x: number, y: number]

/** A filled triangle, corners in either order. */
export function triangle(a: Point, b: Point, c: Point): Shape {
  const turn = Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) || 1
  const edges = [
    [a, b],
    [b, c],
    [c, a],
  ].map(([from, to]) => {
    const dx = to[0] - from[0]
    const dy = to[1] - from[1]
    const length = Math.hypot(dx, dy) || 1
    return { x: from[0], y: from[1], normalX: (turn * dy) / length, normalY: (-turn * dx) / length }
  })
  return within([a[0], b[0], c[0]], [a[1], b[1], c[1]], 0, (x, y) => {
    let furthest = -Infinity
    for (const edge of edges) {
      furthest = Math.max(furthest, (x - edge.x) * edge.normalX + (y - edge.y) * edge.normalY)
    }
    return furthest
  })
}
