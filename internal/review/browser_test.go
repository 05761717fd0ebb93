package review_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium finds a browser. A machine without one skips the test, unless it is there to run all of them.
func chromium(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"}
	for _, name := range append([]string{os.Getenv("CHROMIUM")}, names...) {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const advice = "the page has not been looked at: install chromium or Google Chrome, or set CHROMIUM to the program"
	if os.Getenv("CI") == "true" {
		t.Fatal(advice)
	}
	t.Skip(advice)
	return ""
}

// start starts a browser that ends with the test.
func start(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("force-color-profile", "srgb"))
	if os.Geteuid() == 0 || os.Getenv("CI") == "true" {
		options = append(options, chromedp.NoSandbox) // which Chromium has none of as root, nor in many containers
	}
	allocator, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(browser); err != nil {
		t.Fatal(err)
	}
	return browser
}

// tab is a page in a browser, and what went wrong in it.
type tab struct {
	*testing.T

	ctx context.Context
	url string

	mu       sync.Mutex
	problems []string
}

// open opens a page from a file. At the end of the test there must have been no problem: no warning, no error, and no request but for the file.
func open(t *testing.T, browser context.Context, html string, width, height int64) *tab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "review.html")
	if err := os.WriteFile(path, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil { // starts the tab, which would end with a limit that was there before
		t.Fatal(err)
	}
	ctx, end = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(end)
	b := &tab{T: t, ctx: ctx, url: (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	do(b, network.Enable, network.EnableParams{})
	b.run(chromedp.EmulateViewport(width, height), chromedp.Navigate(b.url), chromedp.WaitVisible(chromedp.CSS("#shown:not(:empty)")))
	b.settle()
	t.Cleanup(func() {
		for _, problem := range b.forgiven() {
			t.Error(problem)
		}
	})
	return b
}

// forgiven are the problems so far, which do not count any more.
func (b *tab) forgiven() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	problems := b.problems
	b.problems = nil
	return problems
}

// listen notes what must not happen.
func (b *tab) listen(event any) {
	problem := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if address, _, _ := strings.Cut(e.Request.URL, "#"); address != b.url && !strings.HasPrefix(address, "data:") {
			problem = "the page asks for " + e.Request.URL
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelWarning || e.Entry.Level == log.EntryLevelError {
			problem = fmt.Sprintf("the browser says %s: %s", e.Entry.Level, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = string(a.Value)
		}
		problem = fmt.Sprintf("the page writes to the console: %s %s", e.Type, strings.Join(args, " "))
	case *runtime.EventExceptionThrown:
		problem = fmt.Sprintf("the script fails: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
	}
	if problem != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, problem)
	}
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// do runs a command of the browser.
func do[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.Fatal(err)
	}
	return result
}

// value is what an expression has in the page.
func value[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// settle waits until what is under way has been drawn.
func (b *tab) settle() {
	b.Helper()
	value[bool](b, `document.querySelector("regular-table").flush().then(() => new Promise((drawn) => requestAnimationFrame(() => drawn(true))))`)
}

// set fills in a filter as a person does, and shown is what the page then says is shown.
func (b *tab) set(name, text string) (shown string) {
	b.Helper()
	value[bool](b, fmt.Sprintf(`{
		const field = document.getElementById("filters").elements[%q];
		field.value = %q;
		field.dispatchEvent(new Event("input", { bubbles: true }));
	}`, name, text))
	b.settle()
	return b.shown()
}

func (b *tab) shown() string {
	b.Helper()
	return value[string](b, `document.getElementById("shown").textContent`)
}

// click clicks on what has a title.
func (b *tab) click(title string) {
	b.Helper()
	b.run(chromedp.Click(chromedp.CSS(fmt.Sprintf("[title=%q]", title)), chromedp.NodeVisible))
	b.settle()
}

// press presses keys in the matrix.
func (b *tab) press(keys ...string) {
	b.Helper()
	b.run(chromedp.Focus(chromedp.CSS("regular-table table")))
	for _, key := range keys {
		b.run(chromedp.KeyEvent(key))
		b.settle()
	}
}

// panel is the text of the open panel.
func (b *tab) panel() string {
	b.Helper()
	return value[string](b, `document.getElementById("panel").hidden ? "" : document.getElementById("panel").innerText`)
}

// says tells whether the open panel has some texts.
func (b *tab) says(texts ...string) {
	b.Helper()
	panel := b.panel()
	for _, text := range texts {
		if !strings.Contains(panel, text) {
			b.Errorf("the panel does not say %q but\n%s", text, panel)
		}
	}
}

// until asks what is shown until it is as wanted, at most for some seconds: an address takes effect later.
func (b *tab) until(wanted func(string) bool) (shown string) {
	b.Helper()
	for range 100 {
		if shown = b.shown(); wanted(shown) {
			break
		}
		b.settle()
	}
	b.settle()
	return shown
}

// link follows a link within the page, after which it must show what is wanted.
func (b *tab) link(hash, want string) {
	b.Helper()
	value[bool](b, fmt.Sprintf("(location.hash = %q, true)", hash))
	if shown := b.until(func(shown string) bool { return shown == want }); shown != want {
		b.Errorf("%s shows %q, want %q", hash, shown, want)
	}
}
