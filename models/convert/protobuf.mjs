// Writes the protobuf wire format: the five field kinds that a TensorFlow GraphDef needs, nothing
// more. Each function returns a Buffer; a message is the concatenation of its fields.
//
// Source: Protocol Buffers, "Encoding". A field is the key `number << 3 | wire type`, then a value.

const WIRE_VARINT = 0;
const WIRE_LENGTH_DELIMITED = 2;
const WIRE_FIXED32 = 5;

/** Seven bits a byte, least significant first; negative numbers as 64-bit two's complement. */
export function varint(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}

const key = (number, wireType) => varint((number << 3) | wireType);

export const varintField = (number, value) =>
  Buffer.concat([key(number, WIRE_VARINT), varint(value)]);

export function floatField(number, value) {
  const little = Buffer.alloc(4);
  little.writeFloatLE(value);
  return Buffer.concat([key(number, WIRE_FIXED32), little]);
}

export const bytesField = (number, bytes) =>
  Buffer.concat([key(number, WIRE_LENGTH_DELIMITED), varint(bytes.length), bytes]);

export const stringField = (number, text) => bytesField(number, Buffer.from(text, 'utf8'));

export const messageField = (number, ...fields) => bytesField(number, Buffer.concat(fields));
