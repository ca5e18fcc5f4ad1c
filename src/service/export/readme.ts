import { names } from './shape.ts'

/** What stands in the archive, for whoever opens it without the console. */
export const readmeText = `AUDIT EXPORT

This archive holds what a release was judged by, who decided what on it, and the proof of both. It checks itself:

  assay verify FILE

needs this file and nothing else. It compares every byte, checks every signature, and computes performance, fairness,
worst slices, every gate of the test plan, and drift again from the rows in the file.

FOR PEOPLE
  ${names.html}, ${names.pdf}       the same report; the HTML holds no scripts and loads nothing
  ${names.gates}             gates of the test runs
  ${names.log}             entries of the log

FOR PROGRAMS
  ${names.manifest}               every other file with its SHA-256, and what the export is
  ${names.signature}          DSSE envelope over the manifest, by the key of the workspace
  ${names.records}                releases, plans, runs, versions, people with their public keys, and so on
  plans/ID.REVISION.json       test plans as they were run: canonical JSON (RFC 8785)
  evidence/RUN.jsonl.gz        every row of the test set with what the endpoints answered; JSON Lines.
                               The SHA-256 of the unpacked text is the evidence digest of the run
  datasets/DIGEST.assaytb.gz   rows of test and reference sets; the SHA-256 of the unpacked bytes is DIGEST
  samples/*.assaytb.gz         monitored samples; ${names.samples} says of which deployment and window
  ${names.analyses}               what the engine answered on these rows
  ${names.reports}        what monitoring last reported
  ${names.qualification}           how the engine did when it last examined itself, case by case; where it has
  certificates/*.dsse.json     in-toto statements (v1) in DSSE envelopes; *.sigstore.json the same as Sigstore bundles
  keys/*.pem                   public keys: of the workspace and of everyone who signed
  ${names.entries}          entries of the log as canonical JSON, with leaf hash and path to the signed root (RFC 6962)
  ${names.checkpoints}       signed checkpoints of the log, and the proof that each extends the one before

CHECKING A CERTIFICATE WITH OPENSSL ALONE
  python3 - CERTIFICATE <<'END'
  import base64, json, sys
  e = json.load(open(sys.argv[1])); t = e["payloadType"].encode(); p = base64.b64decode(e["payload"])
  open("pae.bin", "wb").write(b"DSSEv1 %d %s %d %s" % (len(t), t, len(p), p))
  open("sig.bin", "wb").write(base64.b64decode(e["signatures"][0]["sig"]))
  END
  openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in pae.bin -sigfile sig.bin

TABLES (.assaytb, little-endian, every section at a multiple of 8 bytes, zeros between)
  8 bytes "ASSAYTB1", 4 bytes length of the header, 4 bytes zero, header as UTF-8 JSON, then: columns in the header's
  order, prediction, label (Float64 a row, or Int32 codes a row into the header's categories, -1 for missing), scores
  (Float64), times in milliseconds since 1970 (Float64), latencies (Float64), ids (4 bytes length, JSON array).

WHOSE KEY IS IT
  A signature proves who held a key. That the key of the workspace is the right one, an auditor learns outside of this
  file: compare the key id of ${names.manifest} with the one that the console shows, or with an earlier export.
`
