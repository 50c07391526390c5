package web

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzhttp"
)

// Pages and files that are kept are compressed once, and others, above a size where it pays, as they are sent.
//
// What is compressed together with text that others choose can be guessed from the size (BREACH). The only secret in a page is its form's
// key: it is new in each page, stands uncompressed in a kept one, and no page repeats what its address says.
const (
	smallest     = 1024 // bytes
	pageLevel    = 6    // of a page that is kept for many readers, and of one that is sent once
	onceLevel    = 4
	encodingGzip = "gzip"
)

// compressing returns the handler with its answers compressed for clients that take that, but for those it has compressed itself.
func compressing(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(smallest), gzhttp.CompressionLevel(onceLevel), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, err
	}
	return wrap(next), nil
}

// takesGzip reports whether the client says that it understands gzip, and does not say that it would rather not.
func takesGzip(r *http.Request) bool {
	for _, line := range r.Header["Accept-Encoding"] {
		for coding := range strings.SplitSeq(line, ",") {
			name, parameters, _ := strings.Cut(coding, ";")
			if !strings.EqualFold(strings.TrimSpace(name), encodingGzip) {
				continue
			}
			quality, weighed := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
			value, err := strconv.ParseFloat(quality, 64)
			return !weighed || err == nil && value > 0
		}
	}
	return false
}

// gzipped is a page compressed around the place of its key. The three parts are deflate blocks that end at a byte, so that a key can be
// put between them without compressing anything again; only the checksum at the end has to be made to fit.
type gzipped struct {
	head, tail       []byte // the head begins with gzip's header
	headSum, tailSum uint32
	shift            crcShift // moves a checksum past the tail
	plain            int      // bytes of the page without the key
}

func newGzipped(head, tail []byte) *gzipped {
	z := &gzipped{headSum: crc32.ChecksumIEEE(head), tailSum: crc32.ChecksumIEEE(tail), shift: newCRCShift(len(tail)), plain: len(head) + len(tail)}
	z.head = deflate([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, head, (*flate.Writer).Flush)
	z.tail = deflate(nil, tail, (*flate.Writer).Close)
	return z
}

// with appends the compressed page to a buffer, with the key in its place as a block that is stored as it is.
func (z *gzipped) with(buffer []byte, key string) []byte {
	buffer = append(buffer, z.head...)
	if key != "" {
		length := uint16(len(key)) //nolint:gosec // a key has expense.MaxKey bytes at most, escaped or not
		buffer = append(buffer, 0)
		buffer = binary.LittleEndian.AppendUint16(buffer, length)
		buffer = binary.LittleEndian.AppendUint16(buffer, ^length)
		buffer = append(buffer, key...)
	}
	buffer = append(buffer, z.tail...)
	sum := z.shift.apply(crc32.Update(z.headSum, crc32.IEEETable, []byte(key))) ^ z.tailSum
	buffer = binary.LittleEndian.AppendUint32(buffer, sum)
	return binary.LittleEndian.AppendUint32(buffer, uint32(z.plain+len(key))) //nolint:gosec // gzip keeps the size's lower half
}

// deflate appends compressed content to a buffer, ended in the given way.
func deflate(buffer, content []byte, end func(*flate.Writer) error) []byte {
	out := bytes.NewBuffer(buffer)
	w, err := flate.NewWriter(out, pageLevel)
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
