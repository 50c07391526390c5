package accounts

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrView is a picture that a phone reads: a square of Size, whose dark parts are Path. The page draws it itself, so the secret in it
// goes nowhere else.
type qrView struct {
	Size int
	Path string // of an SVG
}

// quiet is the width of the empty border that readers need, in modules.
const quiet = 4

// newQR returns the picture of a text.
func newQR(text string) (*qrView, error) {
	code, err := qr.Encode(text, qr.L, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	modules := code.Bounds().Dx()
	dark := func(x, y int) bool { return x < modules && code.At(x, y) == color.Black }
	var path strings.Builder
	for y := range modules {
		for x := 0; x < modules; x++ {
			from := x
			for dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return &qrView{Size: modules + 2*quiet, Path: path.String()}, nil
}
