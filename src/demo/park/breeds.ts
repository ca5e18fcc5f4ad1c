export type Species = 'cat' | 'dog'
export type Colour = readonly [red: number, green: number, blue: number]

/** The classes in the order of the classifier's outputs. */
export const SPECIES: readonly Species[] = ['cat', 'dog']

/** How a breed looks; lengths in pixels of the undisturbed 32 x 32 drawing. */
export interface Breed {
  name: string
  species: Species
  coat: Colour
  /** Muzzle, belly and inner ears. */
  markings: Colour
  /** 1 upright and pointed, 0 hanging. */
  earUprightness: number
  muzzleLength: number
  headRadius: number
  bodyLength: number
  bodyHeight: number
  legLength: number
  tailLength: number
  /** Height of the tail's end above its root. */
  tailLift: number
  tailThickness: number
  /** True where the first training data has none of this breed. */
  isNew: boolean
}

const cat = {
  species: 'cat',
  earUprightness: 1,
  muzzleLength: 1.2,
  headRadius: 3.8,
  bodyLength: 6.8,
  bodyHeight: 3.7,
  legLength: 5,
  tailLength: 6,
  tailLift: 7,
  tailThickness: 0.9,
  isNew: false,
} as const

const dog = {
  species: 'dog',
  earUprightness: 0,
  muzzleLength: 3.8,
  headRadius: 3.7,
  bodyLength: 7.2,
  bodyHeight: 4,
  legLength: 6,
  tailLength: 4.5,
  tailLift: 3,
  tailThickness: 1.1,
  isNew: false,
} as const

/**
 * Every breed that visits the park. The shiba is a dog built like a cat (upright ears, short muzzle, raised tail), the
 * maine coon a large dark cat with a long muzzle and a bushy tail: neither was there when the first model was trained.
 */
export const BREEDS: readonly Breed[] = [
  { ...cat, name: 'european', coat: [158, 128, 98], markings: [214, 196, 170] },
  { ...cat, name: 'siamese', coat: [222, 205, 176], markings: [120, 96, 78], headRadius: 3.5, bodyHeight: 3.2 },
  {
    ...cat,
    name: 'persian',
    coat: [226, 222, 214],
    markings: [244, 238, 230],
    muzzleLength: 0.7,
    headRadius: 4.2,
    bodyHeight: 4.4,
    legLength: 4.2,
    tailThickness: 1.5,
  },
  { ...cat, name: 'bengal', coat: [132, 96, 62], markings: [190, 160, 120], bodyLength: 7 },
  { ...dog, name: 'labrador', coat: [120, 84, 52], markings: [150, 112, 76], bodyLength: 7.8 },
  { ...dog, name: 'beagle', coat: [134, 88, 54], markings: [226, 214, 198], legLength: 5 },
  { ...dog, name: 'rottweiler', coat: [52, 44, 42], markings: [150, 92, 48], bodyHeight: 4.6, headRadius: 4.1 },
  { ...dog, name: 'dachshund', coat: [112, 62, 40], markings: [150, 96, 64], bodyLength: 8.6, legLength: 3.4 },
  {
    ...dog,
    name: 'shiba',
    coat: [182, 124, 70],
    markings: [236, 222, 200],
    earUprightness: 0.8,
    muzzleLength: 3.2,
    bodyLength: 7,
    legLength: 5.8,
    tailLift: 6,
    isNew: true,
  },
  {
    ...cat,
    name: 'maine-coon',
    coat: [92, 70, 54],
    markings: [150, 130, 110],
    muzzleLength: 2.2,
    headRadius: 4,
    bodyLength: 7.8,
    bodyHeight: 4.3,
    tailThickness: 1.7,
    tailLift: 5,
    isNew: true,
  },
]

/** Finds a breed of a species by name; throws on a pair that does not exist. */
export function findBreed(species: Species, name: string): Breed {
  const breed = BREEDS.find((candidate) => candidate.species === species && candidate.name === name)
  if (!breed) throw new Error(`no breed ${name} of species ${species}`)
  return breed
}

/** Breeds of one species: those the first training data knows, or the new ones. */
export function breedsOf(species: Species, isNew: boolean): Breed[] {
  return BREEDS.filter((breed) => breed.species === species && breed.isNew === isNew)
}
