import type { MqttConfig } from '../contract/connection.ts'

const refusals: Record<number, string> = {
  1: 'the broker does not speak this version of the protocol; choose the other one (3.1.1 or 5)',
  2: 'the broker refuses the client id; choose another',
  3: 'the broker is there but says that it is not available now',
  4: 'the broker refuses the user name or password; check both',
  5: 'the broker refuses the user name or password, or does not let this user connect; check them and its access list',
  128: 'the broker refused without saying why; its log tells more',
  132: 'the broker does not speak this version of the protocol; choose the other one (3.1.1 or 5)',
  133: 'the broker refuses the client id; choose another',
  134: 'the broker refuses the user name or password; check both',
  135: 'this user is not authorised to connect; check the user name, the password and the access list of the broker',
  136: 'the broker is there but says that it is not available now',
  137: 'the broker is too busy',
  138: 'the broker has banned this client',
  139: 'the broker is shutting down',
  140: 'the broker asks for another way of authentication than user name and password',
  141: 'the broker heard nothing for too long and closed the connection',
  142: 'another client with the same client id took over the session; give each console its own client id',
  149: 'a message was larger than this console takes',
  151: 'a quota of the broker is exceeded',
  152: 'somebody closed the connection on the broker',
  159: 'the broker limits how often a client may connect',
}

/** Sentence for a reason code of CONNACK, DISCONNECT or SUBACK. */
export const explainReasonCode = (code: number) => refusals[code] ?? `the broker refused with reason code ${code}`

const tlsCodes: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the broker shows a self-signed certificate; give the certificate of the authority that signed it',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the broker’s certificate comes from an authority that is not trusted here; give the certificate of that authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the broker’s certificate comes from an authority that is not trusted here; give the certificate of that authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the broker’s certificate comes from an authority that is not trusted here; give the certificate of that authority',
  UNABLE_TO_GET_ISSUER_CERT:
    'the broker’s certificate comes from an authority that is not trusted here; give the certificate of that authority',
  CERT_SIGNATURE_FAILURE: 'the broker’s certificate was not signed by the authority given',
  CERT_HAS_EXPIRED: 'the broker’s certificate has expired',
  CERT_NOT_YET_VALID: 'the broker’s certificate is not valid yet; check the clock of this machine',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the broker asks for a client certificate, and none was given',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the broker broke off the handshake; perhaps it asks for a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the broker does not trust the authority of the client certificate',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the private key does not belong to the client certificate',
  ERR_OSSL_PEM_NO_START_LINE: 'the client certificate or its private key is not in PEM form',
  ERR_OSSL_UNSUPPORTED: 'the private key of the client certificate cannot be read',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the broker’s certificate is for another host name than the one in the address',
}

/** Says in one sentence why a connection failed and what to check. `error` is whatever the client reported, null for a plain close. */
export function explainMqttError(error: (Error & { code?: number | string }) | null, config: MqttConfig): string {
  const address = URL.canParse(config.url) ? new URL(config.url).host : config.url
  if (!error)
    return `${address} closed the connection before answering; check the port, and whether it wants TLS (mqtts)`
  const { code } = error
  if (typeof code === 'number') return `${address}: ${explainReasonCode(code)}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME')
    return `the host name of ${address} is not known; check the address and the network`
  if (code === 'ECONNREFUSED') return `nothing listens at ${address}; check the port and whether the broker runs`
  if (
    code === 'ETIMEDOUT' ||
    code === 'EHOSTUNREACH' ||
    code === 'ENETUNREACH' ||
    /connack timeout/.test(error.message)
  )
    return `${address} does not answer; check the address, the network and firewalls`
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return `${address} broke the connection; if it wants TLS, use mqtts (and mqtt if it does not)`
  if (typeof code === 'string' && tlsCodes[code]) return `${address}: ${tlsCodes[code]}`
  if (typeof code === 'string' && /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|ERR_OSSL)/.test(code))
    return `${address}: the TLS connection failed (${code}); check that this port speaks TLS and the certificates`
  if (/keepalive/i.test(error.message)) return `${address} stopped answering`
  return `${address}: ${error.message.slice(0, 300)}`
}
