/* UUIDs: new ones, and the same one for the same name (RFC 4122, 4.4 and 4.3). */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  function written(bytes, version) {
    bytes[6] = (bytes[6] & 15) | (version << 4);
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function fresh() {
    return written(window.crypto.getRandomValues(new Uint8Array(16)), 4);
  }

  const turn = (word, bits) => (word << bits) | (word >>> (32 - bits));

  /* FIPS 180-4, 6.1. The browser's own SHA-1 answers later, and only on encrypted pages. */
  function sha1(text) {
    const data = new TextEncoder().encode(text);
    const padded = new Uint8Array(((data.length + 72) >> 6) << 6);
    padded.set(data);
    padded[data.length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 4, data.length * 8);
    const sum = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    const w = new Int32Array(80);
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 80; i += 1) {
        w[i] = i < 16 ? view.getInt32(at + 4 * i) : turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
      }
      let [a, b, c, d, e] = sum;
      for (let i = 0; i < 80; i += 1) {
        const [f, k] =
          i < 20 ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
          : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
          : [b ^ c ^ d, 0xca62c1d6];
        [a, b, c, d, e] = [(turn(a, 5) + f + e + k + w[i]) | 0, a, turn(b, 30), c, d];
      }
      [a, b, c, d, e].forEach((word, i) => (sum[i] = (sum[i] + word) | 0));
    }
    const result = new DataView(new ArrayBuffer(20));
    sum.forEach((word, i) => result.setInt32(4 * i, word));
    return new Uint8Array(result.buffer);
  }

  lapel.names = { fresh, named: (text) => written(sha1(text), 5), sha1 };
})();
