import type { Random } from '../random.ts'
import type { Breed, Colour } from './breeds.ts'
import { capsule, ellipse, type Shape, triangle } from './shapes.ts'

/** One painted part of an animal. */
export interface Part {
  shape: Shape
  colour: Colour
}

/** Individuals of a breed differ by about this share in every measure. */
const INDIVIDUAL_SPREAD = 0.1

/** Share of visits in which a bush hides the head. */
const HIDDEN_SHARE = 0.11
const BUSH: Colour = [66, 96, 58]

/**
 * Builds one individual of a breed, seen from the side and facing right, as parts to be painted in order.
 * Drawn in a 32 x 32 scene; the random stream decides the individual and its pose.
 */
export function buildAnimal(breed: Breed, random: Random): Part[] {
  const vary = (value: number) => value * (1 + INDIVIDUAL_SPREAD * random.gaussian())
  const shade = random.between(0.8, 1.2)
  const tint = (colour: Colour): Colour => [colour[0] * shade, colour[1] * shade, colour[2] * shade]
  const coat = tint(breed.coat)
  const markings = tint(breed.markings)
  const bodyLength = vary(breed.bodyLength)
  const bodyHeight = vary(breed.bodyHeight)
  const legLength = vary(breed.legLength)
  const headRadius = vary(breed.headRadius)
  const muzzle = Math.max(0.3, vary(breed.muzzleLength))
  const bodyX = 14
  const bodyY = 18.5
  const headX = bodyX + bodyLength * 0.95 + random.between(-0.6, 0.6)
  const headY = bodyY - bodyHeight - headRadius * 0.35 + random.between(-0.6, 1.2)
  const stride = random.between(-1.5, 1.5)
  const parts: Part[] = []

  const rootX = bodyX - bodyLength * 0.9
  const rootY = bodyY - bodyHeight * 0.4
  const wag = random.between(-1.5, 1.5)
  const lift = vary(breed.tailLift) * random.between(0.35, 1.15)
  const bendX = rootX - vary(breed.tailLength) * 0.6
  parts.push({ shape: capsule(rootX, rootY, bendX, rootY - lift * 0.4, breed.tailThickness), colour: coat })
  const tipX = bendX - 0.8 + wag
  parts.push({
    shape: capsule(bendX, rootY - lift * 0.4, tipX, rootY - lift, breed.tailThickness * 0.85),
    colour: coat,
  })

  for (const [offset, step] of [
    [-0.75, stride],
    [-0.5, -stride],
    [0.55, stride],
    [0.8, -stride],
  ]) {
    const x = bodyX + bodyLength * offset
    parts.push({
      shape: capsule(x, bodyY + bodyHeight * 0.4, x + step, bodyY + bodyHeight * 0.4 + legLength, 1),
      colour: coat,
    })
  }
  parts.push({ shape: ellipse(bodyX, bodyY, bodyLength, bodyHeight), colour: coat })
  parts.push({ shape: ellipse(bodyX, bodyY + bodyHeight * 0.55, bodyLength * 0.7, bodyHeight * 0.4), colour: markings })

  const neckX = bodyX + bodyLength * 0.7
  parts.push({ shape: capsule(neckX, bodyY - bodyHeight * 0.2, headX, headY, headRadius * 0.6), colour: coat })
  parts.push({ shape: ellipse(headX, headY, headRadius, headRadius * 0.92), colour: coat })
  const noseX = headX + headRadius * 0.7 + muzzle
  const noseY = headY + headRadius * 0.3
  parts.push({ shape: capsule(headX + headRadius * 0.4, noseY, noseX, noseY, headRadius * 0.5), colour: markings })
  parts.push({ shape: ellipse(noseX + 0.4, noseY - 0.4, 0.8, 0.8), colour: [24, 20, 20] })
  parts.push(...buildEars(breed, random, headX, headY, headRadius, coat, markings))
  parts.push({ shape: ellipse(headX + headRadius * 0.35, headY - headRadius * 0.15, 0.8, 0.8), colour: [20, 24, 16] })
  if (random.next() < HIDDEN_SHARE) parts.push({ shape: ellipse(headX, headY, 7.5, 7), colour: BUSH })
  return parts
}

/** An ear between upright and hanging: its tip swings from above the head to beside the cheek. */
function buildEars(
  breed: Breed,
  random: Random,
  headX: number,
  headY: number,
  radius: number,
  coat: Colour,
  markings: Colour,
): Part[] {
  const uprightness = Math.min(1, Math.max(0, breed.earUprightness + 0.12 * random.gaussian()))
  const dark: Colour = [coat[0] * 0.75, coat[1] * 0.75, coat[2] * 0.75]
  return [-0.62, 0.4].flatMap((offset): Part[] => {
    const baseX = headX + radius * offset
    const baseY = headY - radius * 0.65
    const tipX = baseX + (1 - uprightness) * -1.6
    const tipY = baseY - radius * (1.4 * uprightness - 1.2 * (1 - uprightness))
    if (uprightness < 0.5) return [{ shape: capsule(baseX, baseY, tipX, tipY, 1.5), colour: dark }]
    const half = radius * 0.52
    return [
      { shape: triangle([baseX - half, baseY + 0.8], [baseX + half, baseY + 0.8], [tipX, tipY]), colour: coat },
      {
        shape: triangle([baseX - half / 2, baseY + 0.8], [baseX + half / 2, baseY + 0.8], [tipX, tipY + 1.4]),
        colour: markings,
      },
    ]
  })
}
