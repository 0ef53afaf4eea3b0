/** What one length field of the wire (u16) can count: bytes of a string or payload, items of a list. */
export const countMax = 0xffff;
export const payloadBytesMax = 65_535;
/** Before the payload of a frame without a timestamp, which begins with the message's type. */
export const frameHeaderBytes = 4;
/** between header and payload, where the header says so */
export const frameTimestampBytes = 8;
/** of a u64 behind the value of a SET */
export const revisionBytes = 8;
/** header with timestamp, and the largest payload */
export const frameBytesMax = 12 + payloadBytesMax;
/** Bundles inside bundles; the reference has no cap, real senders nest none. */
export const bundleDepthMax = 8;
