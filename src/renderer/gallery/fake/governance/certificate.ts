import type {
  Certificate,
  CertificatePredicate,
  Release,
  Signature,
  TestPlan,
  TestRun,
} from '../../../../contract/release.ts'
import { dayMs, model, versions } from '../park.ts'

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

/** A certificate that is really signed, with a key made on the spot. */
export async function certificateOf(
  release: Release,
  run: TestRun,
  plan: TestPlan,
  signer: Signature,
): Promise<Certificate> {
  const predicate: CertificatePredicate = {
    decision: 'certified',
    release: release.id,
    model: { id: model.id, key: model.key, name: model.name },
    version: { id: release.versionId, name: '1.4.0' },
    plan: { id: plan.id, name: plan.name, revision: 2, digest: run.planDigest },
    testRun: {
      id: run.id,
      evidenceDigest: run.evidenceDigest ?? run.planDigest,
      datasetDigest: run.datasetDigest,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt ?? run.startedAt,
    },
    gates: run.gates,
    signer,
    issuedAt: signer.at,
    validUntil: signer.at + plan.validityDays * dayMs,
    operatingEnvelope: Object.fromEntries(
      versions[0].schema.columns
        .filter(({ range, categories }) => range !== undefined || categories !== undefined)
        .map(({ name, range, categories }) => [name, { range: range ?? null, categories: categories ?? null }]),
    ),
    engine: 'gallery 1.0',
  }
  const payloadType = 'application/vnd.in-toto+json'
  const payload = new TextEncoder().encode(JSON.stringify({ predicate }))
  const head = new TextEncoder().encode(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `)
  const signed = new Uint8Array([...head, ...payload])
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const sig = new Uint8Array(await crypto.subtle.sign('Ed25519', keys.privateKey, signed))
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))
  return {
    id: 'crt_3',
    releaseId: release.id,
    versionId: release.versionId,
    decision: 'certified',
    envelope: { payload: toBase64(payload), payloadType, signatures: [{ sig: toBase64(sig) }] },
    publicKeyPem: `-----BEGIN PUBLIC KEY-----\n${toBase64(spki)}\n-----END PUBLIC KEY-----\n`,
    predicate,
  }
}
