package compress

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/klauspost/compress/flate"
)

// Divided is content compressed in two parts, around a place where each copy has something else.
// Both parts are deflate blocks that end at a byte, so that text can be put between them without compressing anything again.
// Only the checksum at the end has to be made to fit.
type Divided struct {
	head, tail       []byte // the head begins with gzip's header
	headSum, tailSum uint32
	shift            crcShift // moves a checksum past the tail
	plain            int      // bytes of the content without what is put between
}

// Divide compresses the two parts.
func Divide(head, tail []byte) *Divided {
	z := &Divided{
		headSum: crc32.ChecksumIEEE(head), tailSum: crc32.ChecksumIEEE(tail),
		shift: newCRCShift(len(tail)), plain: len(head) + len(tail),
	}
	z.head = deflate([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, head, (*flate.Writer).Flush)
	z.tail = deflate(nil, tail, (*flate.Writer).Close)
	return z
}

// Append appends the compressed content to a buffer, with text of less than 64 KiB between the parts. The text is not compressed.
func (z *Divided) Append(buffer []byte, between string) []byte {
	buffer = append(buffer, z.head...)
	if between != "" {
		length := uint16(len(between)) //nolint:gosec // the caller keeps to the bound
		buffer = append(buffer, 0)
		buffer = binary.LittleEndian.AppendUint16(buffer, length)
		buffer = binary.LittleEndian.AppendUint16(buffer, ^length)
		buffer = append(buffer, between...)
	}
	buffer = append(buffer, z.tail...)
	sum := z.shift.apply(crc32.Update(z.headSum, crc32.IEEETable, []byte(between))) ^ z.tailSum
	buffer = binary.LittleEndian.AppendUint32(buffer, sum)
	return binary.LittleEndian.AppendUint32(buffer, uint32(z.plain+len(between))) //nolint:gosec // gzip keeps the size's lower half
}

// deflate appends compressed content to a buffer, ended in the given way.
func deflate(buffer, content []byte, end func(*flate.Writer) error) []byte {
	out := bytes.NewBuffer(buffer)
	w, err := flate.NewWriter(out, keptLevel)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = end(w)
	}
	if err != nil {
		panic(err) // a buffer takes everything, and the level is a constant
	}
	return out.Bytes()
}
