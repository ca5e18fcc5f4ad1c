import protobuf from 'protobufjs'

/** The messages of Sparkplug B, as far as tests send them, written by an independent library. */
const proto = `
syntax = "proto2";
message Payload {
  optional uint64 timestamp = 1;
  repeated Metric metrics = 2;
  optional uint64 seq = 3;
  optional string uuid = 4;
  optional bytes body = 5;
}
message Metric {
  optional string name = 1;
  optional uint64 alias = 2;
  optional uint64 timestamp = 3;
  optional uint32 datatype = 4;
  optional bool is_historical = 5;
  optional bool is_transient = 6;
  optional bool is_null = 7;
  oneof value {
    uint32 int_value = 10;
    uint64 long_value = 11;
    float float_value = 12;
    double double_value = 13;
    bool boolean_value = 14;
    string string_value = 15;
    bytes bytes_value = 16;
  }
}`

const payload = protobuf.parse(proto, { keepCase: true }).root.lookupType('Payload')

export const encodeSparkplug = (message: object): Uint8Array =>
  payload.encode(payload.fromObject(message)).finish() as Uint8Array
export const decodeSparkplug = (bytes: Uint8Array) =>
  payload.toObject(payload.decode(bytes), { longs: Number }) as Record<string, unknown>

/** Numbers of the datatypes in the specification. */
export const types = {
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint8: 5,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  string: 12,
}
