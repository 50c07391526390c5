package compress

import "hash/crc32"

// crcShift says what becomes of each bit of a CRC-32 when a number of zero bytes follows. The checksum of two pieces is that of the first,
// shifted past the second, xor that of the second.
type crcShift [32]uint32

func newCRCShift(zeros int) crcShift {
	var result, step crcShift
	for i := range result {
		bit := uint32(1) << i
		result[i] = bit
		step[i] = bit>>8 ^ crc32.IEEETable[byte(bit)]
	}
	for ; zeros > 0; zeros >>= 1 {
		if zeros&1 == 1 {
			result = result.then(step)
		}
		step = step.then(step)
	}
	return result
}

func (c *crcShift) apply(sum uint32) (shifted uint32) {
	for i := range c {
		shifted ^= c[i] & -(sum >> i & 1)
	}
	return shifted
}

func (c *crcShift) then(next crcShift) (both crcShift) {
	for i := range c {
		both[i] = next.apply(c[i])
	}
	return both
}
