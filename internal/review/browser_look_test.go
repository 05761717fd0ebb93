package review_test

import (
	"bytes"
	"cmp"
	"image"
	_ "image/png" // screenshots are PNG
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// seen checks that the cell where the keyboard is can be seen.
func (b *tab) seen() {
	b.Helper()
	if !value[bool](b, `(() => {
		const cell = document.querySelector(".cursor").getBoundingClientRect();
		const matrix = document.querySelector("regular-table").getBoundingClientRect();
		return cell.left >= matrix.left && cell.right <= matrix.right && cell.top >= matrix.top && cell.bottom <= matrix.bottom;
	})()`) {
		b.Error("the cell where the keyboard is cannot be seen")
	}
}

// contrasts checks that every text stands out from what is behind it, 4.5 to 1 at least (WCAG 2.2, 1.4.3 for level AA).
func (b *tab) contrasts(scheme string) {
	b.Helper()
	faint := value[[]string](b, `(() => {
		const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
		const light = ([r, g, b]) => [r, g, b].reduce((sum, part, i) => {
			const c = part / 255;
			return sum + [0.2126, 0.7152, 0.0722][i] * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		}, 0);
		const behind = (element) => {
			const colour = element ? parse(getComputedStyle(element).backgroundColor) : [255, 255, 255];
			return colour[3] === 0 ? behind(element.parentElement) : colour;
		};
		const faint = new Set();
		for (const element of document.body.querySelectorAll("*")) {
			const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
			if (!text || !element.checkVisibility() || element.closest("script, option")) continue;
			const [dark, bright] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => x - y);
			const ratio = (bright + 0.05) / (dark + 0.05);
			if (ratio < 4.5) faint.add(element.tagName + "." + element.className + ": " + ratio.toFixed(2));
		}
		return [...faint];
	})()`)
	for _, text := range faint {
		b.Errorf("%s: too little contrast: %s", scheme, text)
	}
}

// scheme is a light or dark page.
func (b *tab) scheme(name string) {
	b.Helper()
	do(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	})
}

// screenshot takes a picture, which must not be blank. The environment variable REVIEW_SCREENSHOTS names a folder that keeps it.
func (b *tab) screenshot(name string) {
	b.Helper()
	b.settle()
	content, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Fatal(err)
	}
	folder := cmp.Or(os.Getenv("REVIEW_SCREENSHOTS"), b.ArtifactDir())
	if err := os.WriteFile(filepath.Join(folder, name+".png"), content, 0o600); err != nil {
		b.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		b.Fatal(err)
	}
	colours := map[any]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 4 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 4 {
			colours[picture.At(x, y)] = true
		}
	}
	if len(colours) < 50 {
		b.Errorf("%s has %d colours: it is blank", name, len(colours))
	}
}
